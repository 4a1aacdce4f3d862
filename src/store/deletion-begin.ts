import { sql } from 'kysely';
import type { DeletionStart } from '../deprovision/ports.js';
import type { AccountKey } from '../reconcile/account.js';
import type { Db } from './database.js';
import { insertDeletionPlan } from './deletion-plan.js';
import { databaseNow } from './links.js';

/**
 * Begins a permanent deletion if every guard still stands in this transaction. The person's row is locked first:
 * a reactivation that commits before is seen, one that comes later waits and finds the link `deleting`. Every
 * committed change about the person has left a mark in its own transaction, so no mark means nothing new.
 */
export async function beginDeletion(trx: Db, account: AccountKey, start: DeletionStart): Promise<boolean> {
  const { tenantId, accountId } = account;
  const { deletion, plan, at } = start;
  await sql`select id from scim_users where tenant_id = ${tenantId} and id = ${deletion.subjectId} for share`.execute(
    trx,
  );
  const fact = plan.changes.length === 1;
  const begun = await sql`
    update deletions set state = 'deleting', plan_id = ${start.planId}, hold_reason = null, not_before = null,
      manifest = ${JSON.stringify(start.manifest)}, manifest_hash = ${start.manifestHash},
      started_at = ${at}, updated_at = ${at}
    where tenant_id = ${tenantId} and id = ${deletion.id} and state = ${deletion.state} and ${fact}
      and due_at <= least(${at}::timestamptz, clock_timestamp())
      and exists (select 1 from links l where l.tenant_id = ${tenantId} and l.id = ${deletion.linkId}
        and l.state = 'parked' and l.ended_at is null and l.delete_due_at <= least(${at}::timestamptz, clock_timestamp()))
      and exists (select 1 from accounts a where a.tenant_id = ${tenantId} and a.id = ${accountId}
        and a.state = 'active' and a.policy = 'sync'
        and a.lease_holder = ${start.holder} and a.lease_until > clock_timestamp())
      and exists (select 1 from scim_users u where u.tenant_id = ${tenantId} and u.id = ${deletion.subjectId})
      and not exists (select 1 from dirty_subjects d where d.tenant_id = ${tenantId} and d.account_id = ${accountId}
        and d.subject_id = ${deletion.subjectId})
      and (select max(version) from rule_sets r where r.tenant_id = ${tenantId}) = ${plan.inputs.ruleSetVersion}
      and not exists (select 1 from changes c join plans p on p.tenant_id = c.tenant_id and p.id = c.plan_id
        where c.tenant_id = ${tenantId} and c.account_id = ${accountId} and c.subject_id = ${deletion.subjectId}
          and p.state = 'held')`.execute(trx);
  if (begun.numAffectedRows !== 1n) return false;
  await trx
    .updateTable('links')
    .set({ state: 'deleting', updated_at: databaseNow() })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', deletion.linkId)
    .execute();
  const { planId: id, changeId, digest, verdict } = start;
  await insertDeletionPlan(trx, account, { id, changeId, plan, digest, verdict, state: 'applying', at });
  await endApproved(trx, account, start);
  return true;
}

/** The approval is used up: it was for this one deletion. */
async function endApproved(
  trx: Db,
  { tenantId }: AccountKey,
  { deletion, at }: DeletionStart,
): Promise<void> {
  if (deletion.heldPlan === null) return;
  await trx
    .updateTable('plans')
    .set({ state: 'applied', finished_at: at })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', deletion.heldPlan.id)
    .where('state', '=', 'approved')
    .execute();
}
