import { z } from 'zod';
import { PLAN_STATES, type PlanDetail } from '../../administration/plans.js';
import { AppError } from '../../domain/errors.js';
import type { ChangeAction } from '../../domain/plan.js';
import type { ApiDeps } from '../deps.js';
import { operation, type Operation } from '../operation.js';
import { byId, noParams, noQuery, pageQuery, pageRequest } from '../schemas/parts.js';
import { approval, approved, changes, plan, plans } from '../schemas/plans.js';
import { accountIdOf } from './accounts-by-name.js';

const account = z.string().max(100).optional().describe('Name of an account');
const ACTIONS = [
  'create-team',
  'create',
  'adopt',
  'update',
  'grant',
  'revoke',
  'park',
  'restore',
  'delete',
  'forget',
  'manual',
] as const satisfies readonly ChangeAction[];

export function planOperations(deps: ApiDeps): readonly Operation[] {
  return [...readPlans(deps), ...decidePlans(deps)];
}

function readPlans(deps: ApiDeps): readonly Operation[] {
  return [
    operation({
      id: 'listPlans',
      method: 'get',
      path: '/plans',
      tag: 'Plans',
      summary: 'Plans, newest first',
      permission: 'read',
      status: 200,
      params: noParams,
      query: pageQuery.extend({ state: z.enum(PLAN_STATES).optional(), account }),
      body: null,
      response: plans,
      errors: ['notFound'],
      async handle({ principal: { tenantId }, query }) {
        const accountId = await accountIdOf(deps.accounts, tenantId, query.account);
        const page = { ...pageRequest(query), state: query.state ?? null, accountId };
        const found = await deps.plans.list(tenantId, page);
        return { items: found.rows, next: found.next };
      },
    }),
    operation({
      id: 'getPlan',
      method: 'get',
      path: '/plans/{id}',
      tag: 'Plans',
      summary: 'One plan, with its digest and why it is held',
      permission: 'read',
      status: 200,
      params: byId,
      query: noQuery,
      body: null,
      response: plan,
      errors: ['notFound'],
      handle: ({ principal, params }) => findPlan(deps, principal.tenantId, params.id),
    }),
    operation({
      id: 'listChanges',
      method: 'get',
      path: '/plans/{id}/changes',
      tag: 'Plans',
      summary: 'The changes of a plan, in the order in which they are applied',
      permission: 'read',
      status: 200,
      params: byId,
      query: pageQuery.extend({ action: z.enum(ACTIONS).optional() }),
      body: null,
      response: changes,
      errors: ['notFound'],
      async handle({ principal: { tenantId }, params, query }) {
        await findPlan(deps, tenantId, params.id);
        const page = { ...pageRequest(query), action: query.action ?? null };
        const found = await deps.plans.changes(tenantId, params.id, page);
        return { items: found.rows, next: found.next };
      },
    }),
  ];
}

function decidePlans(deps: ApiDeps): readonly Operation[] {
  return [
    operation({
      id: 'approvePlan',
      method: 'post',
      path: '/plans/{id}/approve',
      tag: 'Plans',
      summary: 'Approve exactly the held plan with this digest',
      permission: 'plans:decide',
      status: 200,
      params: byId,
      query: noQuery,
      body: approval,
      response: approved,
      errors: ['notFound', 'conflict', 'stale'],
      async handle({ principal: { tenantId, actor }, params, body }) {
        const { accountId } = await findPlan(deps, tenantId, params.id);
        const decision = { account: { tenantId, accountId }, planId: params.id, actor };
        const { isApproved, approvers } = await deps.decisions.approve({ ...decision, digest: body.digest });
        deps.nudge(tenantId);
        return { isApproved, approvers };
      },
    }),
    operation({
      id: 'rejectPlan',
      method: 'post',
      path: '/plans/{id}/reject',
      tag: 'Plans',
      summary: 'Turn a held plan down',
      permission: 'plans:decide',
      status: 204,
      params: byId,
      query: noQuery,
      body: null,
      response: null,
      errors: ['notFound', 'conflict'],
      async handle({ principal: { tenantId, actor }, params }) {
        const { accountId } = await findPlan(deps, tenantId, params.id);
        await deps.decisions.reject({ account: { tenantId, accountId }, planId: params.id, actor });
      },
    }),
  ];
}

async function findPlan({ plans: view }: ApiDeps, tenantId: string, id: string): Promise<PlanDetail> {
  const found = await view.find(tenantId, id);
  if (found !== null) return found;
  throw new AppError('notFound', 'There is no such plan.');
}
