import { z } from 'zod';
import { AppError, isAppError } from '../../domain/errors.js';
import type { ApiDeps } from '../deps.js';
import { operation, type Operation } from '../operation.js';
import {
  approvalResults,
  approvals,
  leavers,
  legalHold,
  legalHolds,
  newDate,
  newLegalHold,
  signedDocument,
  waived,
  waiver,
} from '../schemas/leavers.js';
import { byId, noParams, noQuery, pageQuery, pageRequest } from '../schemas/parts.js';
import { accountIdOf } from './accounts-by-name.js';
import { handoverOperations } from './handovers.js';

const account = z.string().max(100).optional().describe('Name of an account');

export function leaverOperations(deps: ApiDeps): readonly Operation[] {
  return [
    listOperation(deps),
    ...decisions(deps),
    ...handoverOperations(deps),
    ...holds(deps),
    ...documents(deps),
  ];
}

function listOperation(deps: ApiDeps): Operation {
  return operation({
    id: 'listLeavers',
    method: 'get',
    path: '/leavers',
    tag: 'Leavers',
    summary: 'Who is on the way out, the next to be deleted first; or who was deleted, the last one first',
    permission: 'read',
    status: 200,
    params: noParams,
    query: pageQuery.extend({ view: z.enum(['leaving', 'deleted']).default('leaving'), account }),
    body: null,
    response: leavers,
    errors: ['notFound'],
    async handle({ principal: { tenantId }, query }) {
      const accountId = await accountIdOf(deps.accounts, tenantId, query.account);
      const found = await deps.leavers.list(tenantId, { ...pageRequest(query), view: query.view, accountId });
      return { items: found.rows, next: found.next };
    },
  });
}

function decisions(deps: ApiDeps): readonly Operation[] {
  const shared = {
    method: 'post',
    tag: 'Leavers',
    permission: 'leavers:decide',
    query: noQuery,
    errors: ['notFound', 'conflict', 'invalid'],
  } as const;
  return [
    operation({
      ...shared,
      id: 'approveDeletions',
      path: '/leavers/approve',
      summary: 'Approve exactly these deletions, each by its digest; each is answered by itself',
      status: 200,
      params: noParams,
      errors: [],
      body: approvals,
      response: approvalResults,
      async handle({ principal: { tenantId, actor }, body }) {
        const items = [];
        for (const one of body.deletions) items.push(await approveOne(deps, { tenantId, actor, ...one }));
        deps.nudge(tenantId);
        return { items };
      },
    }),
    operation({
      ...shared,
      id: 'cancelDeletion',
      path: '/deletions/{id}/cancel',
      summary: 'Keep a leaver parked without a date of deletion',
      status: 204,
      params: byId,
      body: null,
      response: null,
      handle: ({ principal: { tenantId, actor }, params }) =>
        deps.leaverDecisions.cancel({ tenantId, actor, deletionId: params.id }),
    }),
    operation({
      ...shared,
      id: 'rescheduleDeletion',
      path: '/deletions/{id}/schedule',
      summary: 'Give a deletion another date, sooner or later',
      status: 204,
      params: byId,
      body: newDate,
      response: null,
      async handle({ principal: { tenantId, actor }, params, body }) {
        const dueAt = new Date(body.dueAt);
        await deps.leaverDecisions.reschedule({ tenantId, actor, deletionId: params.id, dueAt });
        deps.nudge(tenantId);
      },
    }),
    operation({
      ...shared,
      id: 'waiveRecordings',
      path: '/deletions/{id}/waive',
      summary: 'Let recordings go that cannot be fetched, so that they hold the deletion no longer',
      status: 200,
      params: byId,
      errors: ['conflict', 'invalid'],
      body: waiver,
      response: waived,
      handle: ({ principal: { tenantId, actor }, params, body }) =>
        deps.leaverDecisions.waive({ tenantId, actor, deletionId: params.id, reason: body.reason }),
    }),
  ];
}

async function approveOne(
  deps: ApiDeps,
  one: {
    readonly tenantId: string;
    readonly actor: string;
    readonly planId: string;
    readonly digest: string;
  },
): Promise<{ readonly planId: string; readonly isApproved: boolean; readonly problem: string | null }> {
  const { tenantId, planId, digest, actor } = one;
  try {
    const plan = await deps.plans.find(tenantId, planId);
    if (plan === null || plan.trigger !== 'deletion-due')
      throw new AppError('notFound', 'There is no such deletion.');
    const accountKey = { tenantId, accountId: plan.accountId };
    const { isApproved } = await deps.decisions.approve({ account: accountKey, planId, digest, actor });
    return { planId, isApproved, problem: null };
  } catch (error) {
    if (!isAppError(error) || error.kind === 'bug') throw error;
    return { planId, isApproved: false, problem: error.message };
  }
}

function holds(deps: ApiDeps): readonly Operation[] {
  return [
    operation({
      id: 'listLegalHolds',
      method: 'get',
      path: '/legal-holds',
      tag: 'Leavers',
      summary: 'Legal holds that stand',
      permission: 'read',
      status: 200,
      params: noParams,
      query: noQuery,
      body: null,
      response: legalHolds,
      handle: async ({ principal }) => ({ items: await deps.legalHolds.list(principal.tenantId) }),
    }),
    operation({
      id: 'setLegalHold',
      method: 'put',
      path: '/people/{id}/legal-hold',
      tag: 'Leavers',
      summary: 'Set the legal hold of a person, or give it another reason or end',
      permission: 'leavers:decide',
      status: 200,
      params: byId,
      query: noQuery,
      body: newLegalHold,
      response: legalHold,
      errors: ['notFound', 'conflict', 'invalid'],
      handle: ({ principal: { tenantId, actor }, params, body }) =>
        deps.legalHolds.set({
          tenantId,
          actor,
          personId: params.id,
          reason: body.reason,
          until: body.until === null ? null : new Date(body.until),
        }),
    }),
    operation({
      id: 'releaseLegalHold',
      method: 'delete',
      path: '/people/{id}/legal-hold',
      tag: 'Leavers',
      summary: 'End the legal hold of a person',
      permission: 'leavers:decide',
      status: 204,
      params: byId,
      query: noQuery,
      body: null,
      response: null,
      errors: ['notFound'],
      async handle({ principal: { tenantId, actor }, params }) {
        await deps.legalHolds.release({ tenantId, actor, personId: params.id });
        deps.nudge(tenantId);
      },
    }),
  ];
}

function documents(deps: ApiDeps): readonly Operation[] {
  const shared = {
    method: 'get',
    tag: 'Leavers',
    permission: 'audit:read',
    status: 200,
    params: byId,
    query: noQuery,
    body: null,
    response: signedDocument,
    errors: ['notFound'],
  } as const;
  return [
    operation({
      ...shared,
      id: 'getManifest',
      path: '/deletions/{id}/manifest',
      summary: 'The signed manifest of a deletion: lines, calls, recordings',
      handle: async ({ principal, params }) =>
        present(await deps.retentionDocuments.manifest(principal.tenantId, params.id), 'manifest'),
    }),
    operation({
      ...shared,
      id: 'getCertificate',
      path: '/deletions/{id}/certificate',
      summary: 'The signed retention certificate of a deletion',
      handle: async ({ principal, params }) =>
        present(await deps.retentionDocuments.certificate(principal.tenantId, params.id), 'certificate'),
    }),
  ];
}

function present<Document>(found: Document | null, what: string): Document {
  if (found !== null) return found;
  throw new AppError('notFound', `This deletion has no ${what} yet, or there is no such deletion.`);
}
