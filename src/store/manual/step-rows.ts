import type { Selectable, Updateable } from 'kysely';
import { AppError } from '../../domain/errors.js';
import { isUuid } from '../../lib/ids.js';
import type { Step, StepStore } from '../../manual/ports.js';
import type { AccountKey } from '../../reconcile/account.js';
import type { Db } from '../database.js';
import { lockRecord } from './record.js';
import type { ChecklistStepsTable } from './tables.js';

export function selectSteps(db: Db, tenantId: string) {
  return db
    .selectFrom('checklist_steps')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .orderBy('position')
    .orderBy('key')
    .orderBy('asked_at');
}

export async function listOpenSteps(db: Db, { tenantId, accountId }: AccountKey): Promise<readonly Step[]> {
  const rows = await selectSteps(db, tenantId)
    .where('account_id', '=', accountId)
    .where('state', '=', 'open')
    .execute();
  return rows.map(toStep);
}

export function toStep(row: Selectable<ChecklistStepsTable>): Step {
  return {
    id: row.id,
    taskId: row.task_id,
    accountId: row.account_id,
    subjectId: row.subject_id,
    action: row.action,
    act: row.act,
    title: row.title,
    instructions: row.instructions,
    link: row.link,
    typed: row.typed,
    isUrgent: row.urgent,
    state: row.state,
    askedAt: row.asked_at,
    confirmedAt: row.confirmed_at,
    confirmedBy: row.confirmed_by,
    confirmedThrough: row.confirmed_through,
    recordBefore: row.record_before,
  };
}

async function findStep(
  trx: Db,
  tenantId: string,
  taskId: string,
  stepId: string,
): Promise<Selectable<ChecklistStepsTable>> {
  const isAddress = isUuid(taskId) && isUuid(stepId);
  const row = isAddress
    ? await trx
        .selectFrom('checklist_steps')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('task_id', '=', taskId)
        .where('id', '=', stepId)
        .forUpdate()
        .executeTakeFirst()
    : undefined;
  if (row !== undefined) return row;
  throw new AppError('notFound', 'There is no such step. The checklist may have been replaced.');
}

/** The account first, as an import does: two who wait for each other would wait for ever. */
export async function lockStep(trx: Db, { tenantId, taskId, stepId }: Parameters<StepStore['confirm']>[0]) {
  const seen = await findStep(trx, tenantId, taskId, stepId);
  const account = { tenantId, accountId: seen.account_id };
  const record = await lockRecord(trx, account);
  return { account, record, row: await findStep(trx, tenantId, taskId, stepId) };
}

export async function updateStep(
  trx: Db,
  { tenant_id: tenantId, id }: Pick<Selectable<ChecklistStepsTable>, 'tenant_id' | 'id'>,
  values: Updateable<ChecklistStepsTable>,
): Promise<void> {
  await trx
    .updateTable('checklist_steps')
    .set(values)
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .execute();
}
