import { sql } from 'kysely';
import { cutPage, decodeCursor, type Page } from '../../administration/page.js';
import type {
  ChangeQuery,
  ChangeRow,
  PlanDetail,
  PlanQuery,
  PlanRow,
  PlansView,
} from '../../administration/plans.js';
import type { Change, ChangeAction, DriftItem, Notice, PlanInputs } from '../../domain/plan.js';
import type { Verdict } from '../../domain/safety.js';
import { isUuid } from '../../lib/ids.js';
import type { Db, TenantDatabase } from '../database.js';
import { listApprovals } from '../plan-approvals.js';
import { isMoment } from './cursor-parts.js';

/** Plans as people read them. */
export function makePlansView(database: TenantDatabase): PlansView {
  return {
    list: (tenantId, query) => listPlans(database.forTenant(tenantId), tenantId, query),
    async find(tenantId, planId) {
      return isUuid(planId) ? findPlan(database.forTenant(tenantId), tenantId, planId) : null;
    },
    async changes(tenantId, planId, query) {
      if (!isUuid(planId)) return { rows: [], next: null };
      return listChanges(database.forTenant(tenantId), tenantId, planId, query);
    },
  };
}

function selectPlans(db: Db, tenantId: string) {
  return db
    .selectFrom('plans')
    .innerJoin('accounts', (join) =>
      join.onRef('accounts.tenant_id', '=', 'plans.tenant_id').onRef('accounts.id', '=', 'plans.account_id'),
    )
    .select([
      'plans.id',
      'plans.account_id as accountId',
      'accounts.name as account',
      'plans.trigger',
      'plans.scope',
      'plans.state',
      'plans.change_count as changeCount',
      'plans.removal_count as removalCount',
      'plans.created_at as createdAt',
      'plans.decided_by as decidedBy',
      'plans.decided_at as decidedAt',
      'plans.finished_at as finishedAt',
      'plans.verdict',
      sql<string>`plans.created_at::text`.as('createdKey'),
    ])
    .where('plans.tenant_id', '=', tenantId);
}

/** Newest first. */
export async function listPlans(db: Db, tenantId: string, query: PlanQuery): Promise<Page<PlanRow>> {
  let plans = selectPlans(db, tenantId)
    .orderBy('plans.created_at', 'desc')
    .orderBy('plans.id', 'desc')
    .limit(query.limit + 1);
  if (query.state !== null) plans = plans.where('plans.state', '=', query.state);
  if (query.accountId !== null) plans = plans.where('plans.account_id', '=', query.accountId);
  if (query.after !== null) {
    const [created, id] = decodeCursor(query.after, [isMoment, isUuid]);
    plans = plans.where(sql<boolean>`(plans.created_at, plans.id) < (${created}::timestamptz, ${id}::uuid)`);
  }
  const page = cutPage(await plans.execute(), query.limit, ({ createdKey, id }) => [createdKey, id]);
  return { rows: page.rows.map(toPlanRow), next: page.next };
}

function toPlanRow({
  verdict,
  createdKey: _createdKey,
  ...row
}: Omit<PlanRow, 'holds'> & { readonly verdict: object; readonly createdKey: string }): PlanRow {
  const judged = verdict as Verdict;
  return { ...row, holds: judged.type === 'held' ? judged.holds : [] };
}

async function findPlan(db: Db, tenantId: string, planId: string): Promise<PlanDetail | null> {
  const row = await selectPlans(db, tenantId)
    .select([
      'plans.digest',
      sql<PlanInputs>`plans.body -> 'inputs'`.as('inputs'),
      firstOf<DriftItem>('drift').as('drift'),
      countOf('drift').as('driftCount'),
      firstOf<Notice>('notices').as('notices'),
      countOf('notices').as('noticeCount'),
    ])
    .where('plans.id', '=', planId)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { digest, inputs, drift, driftCount, notices, noticeCount, ...plan } = row;
  const [tally, approvals] = await Promise.all([
    countChanges(db, tenantId, planId),
    listApprovals(db, tenantId, planId),
  ]);
  const remarks = { drift, driftCount, notices, noticeCount };
  return { ...toPlanRow(plan), ...remarks, digest, inputs, tally, approvals };
}

type Remarks = 'drift' | 'notices';

function firstOf<Item>(list: Remarks) {
  return sql<Item[]>`jsonb_path_query_array(plans.body -> ${list}::text, '$[0 to 99]')`;
}

function countOf(list: Remarks) {
  return sql<number>`coalesce(jsonb_array_length(plans.body -> ${list}::text), 0)`;
}

async function countChanges(db: Db, tenantId: string, planId: string): Promise<PlanDetail['tally']> {
  const rows = await db
    .selectFrom('changes')
    .select((eb) => [
      'action',
      'state',
      eb.fn.countAll<string>().as('count'),
      eb.fn.min('position').as('first'),
    ])
    .where('tenant_id', '=', tenantId)
    .where('plan_id', '=', planId)
    .groupBy(['action', 'state'])
    .orderBy('first')
    .execute();
  return rows.map(({ action, state, count }) => ({
    action: action as ChangeAction,
    state,
    count: Number(count),
  }));
}

async function listChanges(
  db: Db,
  tenantId: string,
  planId: string,
  query: ChangeQuery,
): Promise<Page<ChangeRow>> {
  let changes = db
    .selectFrom('changes')
    .select(['id', 'position', 'body', 'state', 'error_message as error'])
    .where('tenant_id', '=', tenantId)
    .where('plan_id', '=', planId)
    .orderBy('position')
    .limit(query.limit + 1);
  if (query.action !== null) changes = changes.where('action', '=', query.action);
  if (query.after !== null) {
    const [position] = decodeCursor(query.after, [(part) => /^\d{1,9}$/.test(part)]);
    changes = changes.where('position', '>', Number(position));
  }
  const page = cutPage(await changes.execute(), query.limit, ({ position }) => [String(position)]);
  return { rows: page.rows.map(({ body, ...row }) => ({ ...row, change: body as Change })), next: page.next };
}
