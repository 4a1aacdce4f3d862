import { sql } from 'kysely';
import { AppError } from '../../domain/errors.js';
import type { AccountKey } from '../../reconcile/account.js';
import type { ChecklistStore, ConfirmedStep } from '../../reconcile/checklists.js';
import { appendAudit } from '../audit.js';
import { writeEffect } from '../changes.js';
import type { Db, TenantDatabase } from '../database.js';
import { inTransaction } from '../retried.js';
import { closeIfEmpty, endAwaiting } from './end-steps.js';
import { lockLists } from './record.js';

/** Checklists as planning keeps them, in Postgres. */
export function makeChecklistStore(database: TenantDatabase): ChecklistStore {
  const forTenant = ({ tenantId }: AccountKey): Db => database.forTenant(tenantId);
  return {
    async listAsked(account, subjectIds) {
      const steps = selectSteps(forTenant(account), account, ['open', 'confirmed']);
      const some =
        subjectIds === 'all'
          ? steps
          : steps.where('subject_id', '=', sql<string>`any(${[...subjectIds]}::uuid[])`);
      return some.select(['key', 'digest']).execute();
    },
    withdrawOthers: (account, about, at) =>
      inTransaction(forTenant(account), (trx) => withdrawOthers(trx, account, about, at)),
    listConfirmed: (account) => listConfirmed(forTenant(account), account),
    settle: (account, settlement) =>
      inTransaction(forTenant(account), (trx) => settle(trx, account, settlement)),
  };
}

function selectSteps(
  db: Db,
  { tenantId, accountId }: AccountKey,
  states: readonly ('open' | 'confirmed' | 'settled' | 'withdrawn')[],
) {
  return db
    .selectFrom('checklist_steps')
    .where('tenant_id', '=', tenantId)
    .where('account_id', '=', accountId)
    .where('state', 'in', [...states]);
}

async function listConfirmed(db: Db, account: AccountKey): Promise<readonly ConfirmedStep[]> {
  const rows = await selectSteps(db, account, ['confirmed'])
    .select(['id', 'subject_id', 'change', 'plan_id', 'confirmed_at', 'confirmed_by', 'confirmed_through'])
    .orderBy('confirmed_at')
    .orderBy('position')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    subjectId: row.subject_id,
    change: row.change,
    planId: row.plan_id,
    confirmedAt: row.confirmed_at ?? missing(),
    confirmedBy: row.confirmed_by ?? missing(),
    through: row.confirmed_through ?? missing(),
  }));
}

function missing(): never {
  throw new AppError('bug', 'A confirmed step does not say who confirmed it.');
}

async function withdrawOthers(
  trx: Db,
  account: AccountKey,
  { subjectIds, keep, leavers }: Parameters<ChecklistStore['withdrawOthers']>[1],
  at: Date,
): Promise<void> {
  if (subjectIds.length === 0) return;
  // An import confirms the same steps in an order of its own: two who wait for each other would wait for ever.
  await lockLists(trx, account);
  const open = await selectSteps(trx, account, ['open'])
    .select(['id', 'key', 'action', 'subject_id', 'task_id as taskId', 'plan_id as planId'])
    .select(['change_id as changeId', 'title'])
    .where('subject_id', '=', sql<string>`any(${[...subjectIds]}::uuid[])`)
    .forUpdate()
    .execute();
  const [wanted, leaving] = [new Set(keep), new Set(leavers)];
  const isKept = (step: (typeof open)[number]): boolean =>
    wanted.has(step.key) || (step.action === 'delete' && leaving.has(step.subject_id));
  await withdraw(
    trx,
    account,
    open.filter((step) => !isKept(step)),
    at,
  );
}

export interface OpenStepRow {
  readonly id: string;
  readonly title: string;
  readonly taskId: string;
  readonly planId: string | null;
  readonly changeId: string | null;
}

/** Nobody wants these any more. */
export async function withdraw(
  trx: Db,
  account: AccountKey,
  steps: readonly OpenStepRow[],
  at: Date,
): Promise<void> {
  const { tenantId } = account;
  for (const step of steps) {
    await trx
      .updateTable('checklist_steps')
      .set({ state: 'withdrawn', closed_at: at })
      .where('tenant_id', '=', tenantId)
      .where('id', '=', step.id)
      .execute();
    await endAwaiting(trx, account, step, { state: 'abandoned', at });
    await appendAudit(trx, tenantId, {
      at,
      actor: 'patchbay',
      action: 'step.withdrawn',
      targetType: 'task',
      targetId: step.taskId,
      data: { stepId: step.id, title: step.title },
    });
  }
  for (const taskId of new Set(steps.map((step) => step.taskId))) {
    await closeIfEmpty(trx, account, taskId, { by: 'reconciliation', at });
  }
}

/** As with every change: under the lease, and all that follows from it in one transaction. */
async function settle(
  trx: Db,
  account: AccountKey,
  { step, holder, effects, audit, at }: Parameters<ChecklistStore['settle']>[1],
): Promise<boolean> {
  const { tenantId, accountId } = account;
  const held = await trx
    .selectFrom('accounts')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', accountId)
    .where('lease_holder', '=', holder)
    .forShare()
    .executeTakeFirst();
  if (held === undefined) return false;
  for (const effect of effects) await writeEffect(trx, account, effect, at);
  const [row] = await trx
    .updateTable('checklist_steps')
    .set({ state: 'settled', closed_at: at })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', step.id)
    .where('state', '=', 'confirmed')
    .returning(['id', 'task_id as taskId', 'plan_id as planId', 'change_id as changeId'])
    .execute();
  if (row === undefined) return true;
  await endAwaiting(trx, account, row, { state: 'applied', at });
  await appendAudit(trx, tenantId, { ...audit, at });
  return true;
}
