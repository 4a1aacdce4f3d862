import { sql } from 'kysely';
import type { AccountKey } from '../reconcile/account.js';
import type { WorklistTask } from '../reconcile/effects.js';
import type { TaskStore } from '../reconcile/ports.js';
import { appendAudit } from './audit.js';
import type { Db, TenantDatabase } from './database.js';

const DAY_MS = 86_400_000;

/** Opens a task unless the same one is open already; then its text follows what is wanted now. */
export async function openTask(
  trx: Db,
  { tenantId, accountId }: AccountKey,
  task: WorklistTask,
  at: Date,
): Promise<void> {
  const words = {
    title: task.title,
    steps: JSON.stringify(task.steps),
    link: task.link,
    urgent: task.isUrgent,
  };
  await trx
    .insertInto('worklist_items')
    .values({
      tenant_id: tenantId,
      id: task.id,
      account_id: accountId,
      subject_id: task.subjectId,
      key: task.key,
      kind: task.kind,
      ...words,
      state: 'open',
      due_at: new Date(at.getTime() + task.dueInDays * DAY_MS),
      created_at: at,
    })
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'account_id', 'key']).where('state', '=', 'open').doUpdateSet(words),
    )
    .execute();
}

/** The worklist in Postgres. */
export function makeTaskStore(database: TenantDatabase): TaskStore {
  return {
    closeOthers: (account, about, at) =>
      database
        .forTenant(account.tenantId)
        .transaction()
        .execute((trx) => closeOthers(trx, account, about, at)),
  };
}

async function closeOthers(
  trx: Db,
  { tenantId, accountId }: AccountKey,
  { subjectIds, keep }: Parameters<TaskStore['closeOthers']>[1],
  at: Date,
): Promise<readonly string[]> {
  if (subjectIds.length === 0) return [];
  const open = await trx
    .selectFrom('worklist_items')
    .select(['id', 'kind', 'key'])
    .where('tenant_id', '=', tenantId)
    .where('account_id', '=', accountId)
    .where('state', '=', 'open')
    .where('subject_id', '=', sql<string>`any(${[...subjectIds]}::uuid[])`)
    .forUpdate()
    .execute();
  const kept = new Set(keep);
  const closed = open.filter(({ key }) => !kept.has(key));
  if (closed.length > 0) {
    await trx
      .updateTable('worklist_items')
      .set({ state: 'done', closed_at: at, closed_by: 'reconciliation' })
      .where('tenant_id', '=', tenantId)
      .where(
        'id',
        'in',
        closed.map(({ id }) => id),
      )
      .execute();
  }
  for (const { id, kind } of closed) {
    const audit = {
      at,
      actor: 'patchbay',
      action: 'task.done',
      targetType: 'task',
      targetId: id,
      data: { kind },
    };
    await appendAudit(trx, tenantId, audit);
  }
  return open.map(({ key }) => key).filter((key) => kept.has(key));
}
