import type { Insertable, Selectable } from 'kysely';
import type { Change, Plan } from '../domain/plan.js';
import type { Verdict } from '../domain/safety.js';
import type { AccountKey } from '../reconcile/account.js';
import type { NewPlan, PlanStore, StoredChange, StoredPlan } from '../reconcile/plan-store.js';
import { appendAudit } from './audit.js';
import { addApproval } from './plan-approvals.js';
import { endChange, listUnconfirmedCreates, startChange } from './changes.js';
import type { Db, TenantDatabase } from './database.js';
import { isSame } from './dirty.js';
import { inTransaction } from './retried.js';
import type { ChangesTable, PlansTable } from './tables.js';

/** Rows a statement, well below Postgres' 65,535 parameters. */
const ROWS_AT_ONCE = 1_000;

const OPEN_STATES: readonly string[] = ['held', 'approved', 'applying', 'awaiting'];

/** Plans and their changes in Postgres. */
export function makePlanStore(database: TenantDatabase): PlanStore {
  const forTenant = ({ tenantId }: AccountKey): Db => database.forTenant(tenantId);
  return {
    insert: (plan) => inTransaction(forTenant(plan), (trx) => insertPlan(trx, plan)),
    async find(account, planId) {
      const [plan] = await readPlans(forTenant(account), account, (query) => query.where('id', '=', planId));
      return plan ?? null;
    },
    listApproved: (account) =>
      readPlans(forTenant(account), account, (query) => query.where('state', '=', 'approved')),
    listHeld: (account, since) =>
      readPlans(forTenant(account), account, (query) =>
        query.where('state', '=', 'held').where('created_at', '>=', since),
      ),
    move: (account, planId, move) =>
      inTransaction(forTenant(account), (trx) => movePlan(trx, account, planId, move)),
    addApproval: (account, planId, approval) =>
      inTransaction(forTenant(account), (trx) => addApproval(trx, account, planId, approval)),
    startChange: (start) => startChange(forTenant(start), start),
    endChange: (end) => inTransaction(forTenant(end), (trx) => endChange(trx, end)),
    abandonUnfinished: (account, at) =>
      inTransaction(forTenant(account), (trx) => abandonUnfinished(trx, account, at)),
    abandonRest: (account, planId, at) => abandonRest(forTenant(account), account, planId, at),
    listUnconfirmedCreates: (account, subjectIds) =>
      listUnconfirmedCreates(forTenant(account), account, subjectIds),
  };
}

async function insertPlan(trx: Db, plan: NewPlan): Promise<void> {
  const { changes: _, ...body } = plan.plan;
  await trx
    .insertInto('plans')
    .values({
      tenant_id: plan.tenantId,
      id: plan.id,
      account_id: plan.accountId,
      trigger: plan.plan.trigger,
      scope: plan.plan.scope,
      digest: plan.digest,
      body: JSON.stringify(body),
      verdict: JSON.stringify(plan.verdict),
      state: plan.state,
      change_count: plan.changes.length,
      removal_count: plan.removalCount,
      created_at: plan.createdAt,
      finished_at: OPEN_STATES.includes(plan.state) ? null : plan.createdAt,
    })
    .execute();
  for (let from = 0; from < plan.changes.length; from += ROWS_AT_ONCE) {
    const rows = plan.changes.slice(from, from + ROWS_AT_ONCE).map((change) => changeRow(plan, change));
    await trx.insertInto('changes').values(rows).execute();
  }
  if (plan.audit !== null) await appendAudit(trx, plan.tenantId, { ...plan.audit, at: plan.createdAt });
  if (plan.waiting.length === 0) return;
  await trx
    .updateTable('dirty_subjects')
    .set({ held_plan_id: plan.id })
    .where(isSame(plan, plan.waiting))
    .execute();
}

function changeRow(plan: NewPlan, { id, position, change, state }: StoredChange): Insertable<ChangesTable> {
  return {
    tenant_id: plan.tenantId,
    id,
    account_id: plan.accountId,
    plan_id: plan.id,
    position,
    subject_id: change.subjectId,
    key: change.key,
    action: change.action,
    body: JSON.stringify(change),
    urgent: change.urgent,
    state,
    created_at: plan.createdAt,
  };
}

function selectPlans(db: Db, { tenantId, accountId }: AccountKey) {
  return db
    .selectFrom('plans')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('account_id', '=', accountId)
    .orderBy('created_at')
    .orderBy('id');
}

async function readPlans(
  db: Db,
  account: AccountKey,
  narrow: (query: ReturnType<typeof selectPlans>) => ReturnType<typeof selectPlans>,
): Promise<readonly StoredPlan[]> {
  const rows = await narrow(selectPlans(db, account)).execute();
  const plans: StoredPlan[] = [];
  for (const row of rows) plans.push(toPlan(row, await readChanges(db, account, row.id)));
  return plans;
}

async function readChanges(
  db: Db,
  { tenantId }: AccountKey,
  planId: string,
): Promise<readonly StoredChange[]> {
  const rows = await db
    .selectFrom('changes')
    .select(['id', 'position', 'body', 'state'])
    .where('tenant_id', '=', tenantId)
    .where('plan_id', '=', planId)
    .orderBy('position')
    .execute();
  return rows.map(({ id, position, body, state }) => ({ id, position, change: body as Change, state }));
}

function toPlan(row: Selectable<PlansTable>, changes: readonly StoredChange[]): StoredPlan {
  return {
    tenantId: row.tenant_id,
    accountId: row.account_id,
    id: row.id,
    plan: { ...(row.body as Omit<Plan, 'changes'>), changes: changes.map(({ change }) => change) },
    digest: row.digest,
    verdict: row.verdict as Verdict,
    state: row.state,
    decidedBy: row.decided_by,
    createdAt: row.created_at,
    changes,
  };
}

async function movePlan(
  trx: Db,
  account: AccountKey,
  planId: string,
  { from, to, at, decidedBy, audit }: Parameters<PlanStore['move']>[2],
): Promise<boolean> {
  const moved = await trx
    .updateTable('plans')
    .set({
      state: to,
      ...(decidedBy === undefined ? {} : { decided_by: decidedBy, decided_at: at }),
      ...(OPEN_STATES.includes(to) ? {} : { finished_at: at }),
    })
    .where('tenant_id', '=', account.tenantId)
    .where('account_id', '=', account.accountId)
    .where('id', '=', planId)
    .where('state', 'in', [...from])
    .executeTakeFirst();
  if (moved.numUpdatedRows !== 1n) return false;
  if (audit !== undefined) await appendAudit(trx, account.tenantId, { ...audit, at });
  return true;
}

/** What was approved goes on where it was interrupted; `started_at` still tells that its outcome is unknown. */
async function abandonUnfinished(trx: Db, { tenantId, accountId }: AccountKey, at: Date): Promise<void> {
  const plansIn = (states: readonly PlansTable['state'][]) =>
    trx
      .selectFrom('plans')
      .select('id')
      .where('tenant_id', '=', tenantId)
      .where('account_id', '=', accountId)
      .where('state', 'in', [...states]);
  const changes = trx
    .updateTable('changes')
    .set({ state: 'abandoned', finished_at: at })
    .where('tenant_id', '=', tenantId)
    .where('account_id', '=', accountId);
  await changes.where('state', '=', 'applying').execute();
  await changes
    .where('state', '=', 'planned')
    .where('plan_id', 'in', plansIn(['applying']))
    .execute();
  await trx
    .updateTable('plans')
    .set({ state: 'failed', finished_at: at })
    .where('tenant_id', '=', tenantId)
    .where('account_id', '=', accountId)
    .where('state', '=', 'applying')
    .execute();
}

async function abandonRest(
  db: Db,
  { tenantId, accountId }: AccountKey,
  planId: string,
  at: Date,
): Promise<void> {
  await db
    .updateTable('changes')
    .set({ state: 'abandoned', finished_at: at })
    .where('tenant_id', '=', tenantId)
    .where('account_id', '=', accountId)
    .where('plan_id', '=', planId)
    .where('state', '=', 'planned')
    .execute();
}
