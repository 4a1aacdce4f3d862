import { z } from 'zod';
import { PLAN_STATES, type PlanDetail, type PlansView } from '../../administration/plans.js';
import type { Capabilities } from '../../domain/capabilities.js';
import { AppError } from '../../domain/errors.js';
import type { ChangeAction } from '../../domain/plan.js';
import type { Decisions } from '../../reconcile/decide.js';
import type { Account } from '../../tenancy/account.js';
import type { Accounts } from '../../tenancy/accounts.js';
import { param, queryChoice, queryCursor, queryText, type PageContext } from '../kit/context.js';
import { assertTyped, readForm } from '../kit/form.js';
import type { Pages } from '../kit/pages.js';
import { page, redirect, type PageResult } from '../kit/result.js';
import { h } from '../markup/markup.js';
import { ACTION_WORDS } from '../parts/words.js';
import { paths } from '../paths.js';
import { approvalWord } from './decision.js';
import { PlansPage } from './list.js';
import { PlanPage } from './plan.js';

export interface PlansDeps {
  readonly plans: PlansView;
  readonly accounts: Pick<Accounts, 'list' | 'byName'>;
  readonly capabilitiesOf: (account: Account) => Capabilities;
  readonly decisions: Decisions;
  /** Tells the workers that there is something to do. */
  readonly nudge: (tenantId: string) => void;
}

const PAGE_LENGTH = 30;
const CHANGES_LENGTH = 100;
const ACTIONS = Object.keys(ACTION_WORDS) as readonly ChangeAction[];
const approvalForm = z.object({ digest: z.string().min(1), typed: z.string().default('') });

export function addPlans(pages: Pages, deps: PlansDeps): void {
  pages.get('/plans', 'read', (context) => listPlans(deps, context));
  pages.get('/plans/:id', 'read', (context) => showPlan(deps, context));
  pages.post(
    '/plans/:id/approve',
    'plans:decide',
    async (context) => {
      const plan = await findPlan(deps, context);
      const { digest, typed } = readForm(context.request, approvalForm);
      const word = approvalWord(plan);
      if (word !== null) assertTyped(typed, word);
      const { isApproved } = await deps.decisions.approve({ ...decisionOf(context, plan), digest });
      deps.nudge(context.session.tenantId);
      return redirect(paths.plan(plan.id), isApproved ? 'plan-approved' : 'plan-seconded');
    },
    (context) => showPlan(deps, context),
  );
  pages.post(
    '/plans/:id/reject',
    'plans:decide',
    async (context) => {
      const plan = await findPlan(deps, context);
      await deps.decisions.reject(decisionOf(context, plan));
      return redirect(paths.plan(plan.id), 'plan-rejected');
    },
    (context) => showPlan(deps, context),
  );
}

function decisionOf({ session, actor }: PageContext, plan: PlanDetail) {
  return { account: { tenantId: session.tenantId, accountId: plan.accountId }, planId: plan.id, actor };
}

async function listPlans(deps: PlansDeps, context: PageContext): Promise<PageResult> {
  const { tenantId } = context.session;
  const accounts = await deps.accounts.list(tenantId);
  const state = queryChoice(context, 'state', PLAN_STATES);
  const account = accounts.find(({ name }) => name === queryText(context, 'account')) ?? null;
  const after = queryCursor(context);
  const found = await deps.plans.list(tenantId, {
    state,
    accountId: account?.id ?? null,
    after,
    limit: PAGE_LENGTH,
  });
  const listed = { state, account: account?.name ?? null, accounts, after, page: found, now: context.now };
  return page('Plans', <PlansPage {...listed} />);
}

async function showPlan(deps: PlansDeps, context: PageContext): Promise<PageResult> {
  const plan = await findPlan(deps, context);
  const action = queryChoice(context, 'action', ACTIONS);
  const after = queryCursor(context);
  const { tenantId } = context.session;
  const changes = await deps.plans.changes(tenantId, plan.id, { action, after, limit: CHANGES_LENGTH });
  const capabilities = deps.capabilitiesOf(await deps.accounts.byName(tenantId, plan.account));
  const shown = { context, plan, action, after, changes, capabilities };
  return page(`Plan for ${plan.account}`, <PlanPage {...shown} />);
}

async function findPlan({ plans }: PlansDeps, context: PageContext): Promise<PlanDetail> {
  const plan = await plans.find(context.session.tenantId, param(context, 'id'));
  if (plan !== null) return plan;
  throw new AppError('notFound', 'There is no such plan.');
}
