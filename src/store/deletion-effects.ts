import type { AccountKey } from '../reconcile/account.js';
import type { DeletionEffect } from '../reconcile/effects.js';
import type { Db } from './database.js';

/** Schedules a permanent deletion inside the transaction of the park. */
export async function scheduleDeletion(
  trx: Db,
  { tenantId, accountId }: AccountKey,
  effect: DeletionEffect,
  at: Date,
): Promise<void> {
  await trx
    .insertInto('deletions')
    .values({
      tenant_id: tenantId,
      id: effect.deletionId,
      account_id: accountId,
      link_id: effect.linkId,
      subject_id: effect.subjectId,
      due_at: effect.dueAt,
      state: 'scheduled',
      created_at: at,
      updated_at: at,
    })
    .execute();
}
