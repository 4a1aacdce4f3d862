import type { Selectable } from 'kysely';
import { isUuid } from '../../lib/ids.js';
import type { StepStore } from '../../manual/ports.js';
import type { AccountKey } from '../../reconcile/account.js';
import { appendAudit } from '../audit.js';
import type { Db, TenantDatabase } from '../database.js';
import { markSubjects } from '../dirty.js';
import { inTransaction } from '../retried.js';
import { closeIfEmpty, endAwaiting, lookAtOnce } from './end-steps.js';
import { refreshChecklist } from './open-step.js';
import { writeRecord } from './record.js';
import { lockStep, selectSteps, toStep, updateStep } from './step-rows.js';
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
      inTransaction(database.forTenant(step.tenantId), (trx) => confirmStep(trx, step, by, decide)),
    undo: (step, by, decide) =>
      inTransaction(database.forTenant(step.tenantId), (trx) => undoStep(trx, step, by, decide)),
  };
}

async function confirmStep(
  trx: Db,
  { tenantId, taskId, stepId }: Parameters<StepStore['confirm']>[0],
  by: Parameters<StepStore['confirm']>[1],
  decide: Parameters<StepStore['confirm']>[2],
): Promise<void> {
  const { account, record, row } = await lockStep(trx, { tenantId, taskId, stepId });
  const { before, ...change } = decide(toStep(row), record);
  await writeRecord(trx, account, change);
  await updateStep(trx, row, { record_before: before === null ? null : JSON.stringify(before) });
  await closeConfirmed(trx, account, row, { ...by, through: 'person' });
  // Who is gone is not planned: their deletion, which waited for this, finds it out and keeps the record of it.
  if (row.action !== 'delete') await markSubjects(trx, account, [row.subject_id], 'confirmed', by.at);
}

async function undoStep(
  trx: Db,
  address: Parameters<StepStore['undo']>[0],
  by: Parameters<StepStore['undo']>[1],
  decide: Parameters<StepStore['undo']>[2],
): Promise<void> {
  const { account, record, row } = await lockStep(trx, address);
  await writeRecord(trx, account, decide(toStep(row), record));
  const nobody = { confirmed_at: null, confirmed_by: null, confirmed_through: null, record_before: null };
  await updateStep(trx, row, { state: 'withdrawn', closed_at: by.at, ...nobody });
  const { id, task_id: taskId, plan_id: planId, change_id: changeId } = row;
  await endAwaiting(trx, account, { id, taskId, planId, changeId }, { state: 'abandoned', at: by.at });
  await appendAudit(trx, account.tenantId, {
    at: by.at,
    actor: by.actor,
    action: 'step.undone',
    targetType: 'subject',
    targetId: row.subject_id,
    data: { accountId: account.accountId, taskId, stepId: id, title: row.title, act: row.act },
  });
  await markSubjects(trx, account, [row.subject_id], 'undone', by.at);
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
