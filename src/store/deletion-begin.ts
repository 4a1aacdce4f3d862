import { sql } from 'kysely';
import type { DeletionStart } from '../deprovision/ports.js';
import type { AccountKey } from '../reconcile/account.js';
import { activePeopleCalled } from './active-people.js';
import type { Db } from './database.js';
import { insertDeletionPlan } from './deletion-plan.js';
import { entriesOfSameAgents } from './retention/same-agents.js';
import { advance } from './lifecycle-rows.js';

/**
 * Begins a permanent deletion if every guard still stands in this transaction. The person's row is locked first:
 * a reactivation that commits before is seen, one that comes later waits and finds the link `deleting`. Every
 * committed change about the person has left a mark in its own transaction, so no mark means nothing new: neither of
 * this entry of the directory nor of a new one with the same address, which may take the agent over.
 */
export async function beginDeletion(trx: Db, account: AccountKey, start: DeletionStart): Promise<boolean> {
  const { tenantId } = account;
  const { deletion, plan, at } = start;
  await sql`select id from scim_users where tenant_id = ${tenantId} and id = ${deletion.subjectId} for share`.execute(
    trx,
  );
  if (plan.changes.length !== 1) return false;
  const begun = await advance(trx, account, { deletionId: deletion.id, at }, ({ state, now }) => [
    ...(state === 'held' ? [{ type: 'release' } as const] : []),
    {
      type: 'begin-delete',
      now,
      guards: {
        protections: [],
        hasManifest: start.manifest.isComplete,
        isPlanHeld: false,
        isInCall: start.isInCall,
      },
    },
  ]);
  // Asked with both rows locked: a legal hold locks them too, so it is seen here or finds the deletion begun.
  if (begun === null || !(await standsStill(trx, account, start))) throw new NotBegun();
  await trx
    .updateTable('deletions')
    .set({
      plan_id: start.planId,
      not_before: null,
      manifest: JSON.stringify(start.manifest),
      manifest_hash: start.manifestHash,
      manifest_signature: JSON.stringify(start.manifestSignature),
      started_at: at,
    })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', deletion.id)
    .execute();
  const { planId: id, changeId, digest, verdict } = start;
  await insertDeletionPlan(trx, account, { id, changeId, plan, digest, verdict, state: 'applying', at });
  await endApproved(trx, account, start);
  return true;
}

/** Takes the transaction back: a guard has fallen in the very moment. */
export class NotBegun extends Error {
  override readonly name = 'NotBegun';
}

/** Everything that may have moved since the last judgement and is nobody's state but the rows'. */
async function standsStill(
  trx: Db,
  { tenantId, accountId }: AccountKey,
  { deletion, plan, holder, at }: DeletionStart,
): Promise<boolean> {
  const { rows } = await sql<{ stands: boolean }>`select
    exists (select 1 from accounts a where a.tenant_id = ${tenantId} and a.id = ${accountId}
        and a.state = 'active' and a.policy = 'sync'
        and a.lease_holder = ${holder} and a.lease_until > clock_timestamp())
      and exists (select 1 from scim_users u where u.tenant_id = ${tenantId} and u.id = ${deletion.subjectId})
      and not exists (select 1 from dirty_subjects d where d.tenant_id = ${tenantId} and d.account_id = ${accountId}
        and (d.subject_id = ${deletion.subjectId}
          or d.subject_id in (${activePeopleCalled(tenantId, deletion.email)})))
      and not exists (select 1 from legal_holds h where h.tenant_id = ${tenantId}
        and h.subject_id in (${entriesOfSameAgents(tenantId, sql`${deletion.subjectId}::uuid`)})
        and h.released_at is null
        and (h.until is null or h.until > least(${at}::timestamptz, clock_timestamp())))
      and exists (select 1 from deletions d where d.tenant_id = ${tenantId} and d.id = ${deletion.id}
        and d.handover_at is not null)
      and not exists (select 1 from archive_objects o where o.tenant_id = ${tenantId}
        and o.deletion_id = ${deletion.id} and o.state in ('pending', 'missing'))
      and (select max(version) from rule_sets r where r.tenant_id = ${tenantId}) = ${plan.inputs.ruleSetVersion}
      and not exists (select 1 from changes c join plans p on p.tenant_id = c.tenant_id and p.id = c.plan_id
        where c.tenant_id = ${tenantId} and c.account_id = ${accountId} and c.subject_id = ${deletion.subjectId}
          and p.state = 'held') as stands`.execute(trx);
  return rows[0]?.stands === true;
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
