import type { Deletion, DeletionQuestion } from '../../deprovision/ports.js';
import type { AccountKey } from '../../reconcile/account.js';
import { appendAudit } from '../audit.js';
import type { Db } from '../database.js';
import { updateDeletion } from '../deletion-ends.js';
import { advance } from '../lifecycle-rows.js';
import { withdraw } from './checklists.js';
import { openStep } from './open-step.js';

/** Asks a person for a permanent deletion, with its manifest; audited the first time. */
export async function askForDeletion(
  trx: Db,
  account: AccountKey,
  deletion: Deletion,
  { step, manifest, manifestHash, manifestSignature, at, recheckAt, audit }: DeletionQuestion,
): Promise<void> {
  const moved = await advance(trx, account, { deletionId: deletion.id, at }, ({ state }) =>
    state === 'held' || state === 'due' ? [{ type: 'release' }] : null,
  );
  if (moved === null) return;
  await updateDeletion(trx, account, deletion.id)
    .set({
      manifest: JSON.stringify(manifest),
      manifest_hash: manifestHash,
      manifest_signature: JSON.stringify(manifestSignature),
      not_before: recheckAt,
    })
    .execute();
  const isNew = (await openSteps(trx, account, deletion)).length === 0;
  await openStep(trx, account, step, at);
  if (isNew) await appendAudit(trx, account.tenantId, { ...audit, at });
}

export async function withdrawDeletion(
  trx: Db,
  account: AccountKey,
  deletion: Deletion,
  at: Date,
): Promise<void> {
  await withdraw(trx, account, await openSteps(trx, account, deletion), at);
}

function openSteps(trx: Db, { tenantId, accountId }: AccountKey, { subjectId }: Deletion) {
  return trx
    .selectFrom('checklist_steps')
    .select(['id', 'title', 'task_id as taskId', 'plan_id as planId', 'change_id as changeId'])
    .where('tenant_id', '=', tenantId)
    .where('account_id', '=', accountId)
    .where('subject_id', '=', subjectId)
    .where('action', '=', 'delete')
    .where('state', '=', 'open')
    .forUpdate()
    .execute();
}
