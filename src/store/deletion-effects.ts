import type { AccountKey } from '../reconcile/account.js';
import type { DeletionEffect } from '../reconcile/effects.js';
import type { Db } from './database.js';

/** Schedules or cancels a permanent deletion inside the transaction of the change that says so. */
export async function writeDeletionEffect(
  trx: Db,
  { tenantId, accountId }: AccountKey,
  effect: DeletionEffect,
  at: Date,
): Promise<void> {
  if (effect.type === 'deletion-scheduled') {
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
    return;
  }
  // One that has begun cannot be called back; it is not cancelled on paper either.
  await trx
    .updateTable('deletions')
    .set({ state: effect.as, updated_at: at })
    .where('tenant_id', '=', tenantId)
    .where('link_id', '=', effect.linkId)
    .where('state', 'in', ['scheduled', 'held'])
    .execute();
}
