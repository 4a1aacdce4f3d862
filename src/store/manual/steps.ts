import type { Selectable } from 'kysely';
import { AppError } from '../../domain/errors.js';
import { isUuid } from '../../lib/ids.js';
import type { Step, StepStore } from '../../manual/ports.js';
import type { AccountKey } from '../../reconcile/account.js';
import { appendAudit } from '../audit.js';
import type { Db, TenantDatabase } from '../database.js';
import { markSubjects } from '../dirty.js';
import { closeIfEmpty, lookAtOnce } from './end-steps.js';
import { refreshChecklist } from './open-step.js';
import { lockRecord, writeRecord } from './record.js';
import type { ChecklistStepsTable } from './tables.js';

/** The steps of checklists as people tick them. */
export function makeStepStore(database: TenantDatabase): StepStore {
  return {
    async list(tenantId, taskId) {
      if (!isUuid(taskId)) return [];
      const rows = await selectSteps(database.forTenant(tenantId), tenantId)
        .where('task_id', '=', taskId)
        .execute();
      return rows.map(toStep);
    },
    confirm: (step, by, decide) =>
      database
        .forTenant(step.tenantId)
        .transaction()
        .execute((trx) => confirmStep(trx, step, by, decide)),
  };
}

function selectSteps(db: Db, tenantId: string) {
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

function toStep(row: Selectable<ChecklistStepsTable>): Step {
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
  };
}

async function confirmStep(
  trx: Db,
  { tenantId, taskId, stepId }: Parameters<StepStore['confirm']>[0],
  by: Parameters<StepStore['confirm']>[1],
  decide: Parameters<StepStore['confirm']>[2],
): Promise<void> {
  const seen = await findStep(trx, tenantId, taskId, stepId);
  const account = { tenantId, accountId: seen.account_id };
  // The account first, as an import does: two who wait for each other would wait for ever.
  const record = await lockRecord(trx, account);
  const row = await findStep(trx, tenantId, taskId, stepId);
  await writeRecord(trx, account, decide(toStep(row), record));
  await closeConfirmed(trx, account, row, { ...by, through: 'person' });
  // Who is gone is not planned: their deletion, which waited for this, finds it out and keeps the record of it.
  if (row.action !== 'delete') await markSubjects(trx, account, [row.subject_id], 'confirmed', by.at);
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

/** Confirmed, audited, and the checklist closed with its last step. */
export async function closeConfirmed(
  trx: Db,
  account: AccountKey,
  step: Pick<Selectable<ChecklistStepsTable>, 'id' | 'task_id' | 'title' | 'act' | 'change' | 'subject_id'>,
  by: { readonly actor: string; readonly at: Date; readonly through: 'person' | 'import' },
): Promise<void> {
  const { tenantId } = account;
  await trx
    .updateTable('checklist_steps')
    .set({
      state: 'confirmed',
      confirmed_at: by.at,
      confirmed_by: by.actor,
      confirmed_through: by.through,
      closed_at: null,
    })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', step.id)
    .execute();
  await appendAudit(trx, tenantId, {
    at: by.at,
    actor: by.actor,
    action: 'step.confirmed',
    targetType: 'subject',
    targetId: step.subject_id,
    data: {
      accountId: account.accountId,
      taskId: step.task_id,
      stepId: step.id,
      title: step.title,
      through: by.through,
      act: step.act,
    },
  });
  if (step.change.action === 'delete') await lookAtOnce(trx, account, step.change);
  await closeIfEmpty(trx, account, step.task_id, { by: by.actor, at: by.at });
  await refreshChecklist(trx, account, step.task_id, null);
}
