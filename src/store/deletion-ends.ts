import { sql } from 'kysely';
import type { Deletion, DeletionStore } from '../deprovision/ports.js';
import type { AccountKey } from '../reconcile/account.js';
import { appendAudit } from './audit.js';
import { activePeopleCalled } from './active-people.js';
import type { Db } from './database.js';
import { markSubjects } from './dirty.js';
import { advance } from './lifecycle-rows.js';

export function updateDeletion(db: Db, { tenantId, accountId }: AccountKey, deletionId: string) {
  return db
    .updateTable('deletions')
    .where('tenant_id', '=', tenantId)
    .where('account_id', '=', accountId)
    .where('id', '=', deletionId);
}

/** The agent is gone: deletion, link, plan and open tasks end together. Nothing where that was recorded before. */
export async function recordDeleted(
  trx: Db,
  account: AccountKey,
  deletion: Deletion,
  { at, audit, result }: Parameters<DeletionStore['recordDeleted']>[2],
): Promise<void> {
  const { tenantId } = account;
  const { id, subjectId, planId } = deletion;
  const moved = await advance(trx, account, { deletionId: id, at }, ({ state }) =>
    state === 'deleted' || state === 'verified'
      ? null
      : [{ type: state === 'deleting' ? 'delete-confirmed' : 'found-gone' }],
  );
  if (moved === null) return;
  await updateDeletion(trx, account, id)
    .set({ deleted_at: at, not_before: null, last_error: null })
    .execute();
  await trx
    .updateTable('worklist_items')
    .set({ state: 'obsolete', closed_at: at, closed_by: 'deletion' })
    .where('tenant_id', '=', tenantId)
    .where('account_id', '=', account.accountId)
    .where('subject_id', '=', subjectId)
    .where('state', '=', 'open')
    .execute();
  await forgetAgent(trx, account, deletion.providerUserId);
  await lookAtReturners(trx, account, deletion, at);
  if (planId !== null) await endPlan(trx, account, planId, { at, result });
  await appendAudit(trx, tenantId, { ...audit, at });
}

/** The last reading still shows the agent: somebody who comes back would be given it. */
async function forgetAgent(trx: Db, { tenantId, accountId }: AccountKey, agentId: string): Promise<void> {
  await sql`update account_readings set body = jsonb_set(body, '{agents}', coalesce((
      select jsonb_agg(agent order by position) from jsonb_array_elements(body -> 'agents')
        with ordinality as agents (agent, position) where agent ->> 'providerUserId' <> ${agentId}), '[]'))
    where tenant_id = ${tenantId} and account_id = ${accountId}`.execute(trx);
}

/**
 * Whoever came back while the agent was being deleted, under the same entry of the directory or a new one with the
 * same address, was told to wait for the end of it.
 */
async function lookAtReturners(
  trx: Db,
  account: AccountKey,
  { subjectId, email }: Deletion,
  at: Date,
): Promise<void> {
  const { tenantId } = account;
  const { rows } = await sql<{ id: string }>`${activePeopleCalled(tenantId, email)}
    union select id from scim_users where tenant_id = ${tenantId} and id = ${subjectId} and active
      and deleted_at is null`.execute(trx);
  const ids = rows.map((row) => row.id);
  await markSubjects(trx, account, ids, 'agent.deleted', at);
}

async function endPlan(
  trx: Db,
  { tenantId }: AccountKey,
  planId: string,
  { at, result }: { readonly at: Date; readonly result: 'applied' | 'already' },
): Promise<void> {
  await trx
    .updateTable('changes')
    .set({ state: result, finished_at: at })
    .where('tenant_id', '=', tenantId)
    .where('plan_id', '=', planId)
    .where('state', 'in', ['applying', 'abandoned'])
    .execute();
  await trx
    .updateTable('plans')
    .set({ state: 'applied', finished_at: at })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', planId)
    .where('state', 'in', ['applying', 'failed', 'approved'])
    .execute();
}

/** Begun under this plan without effect: as before, unless it was begun anew meanwhile. */
export async function takeBack(
  trx: Db,
  account: AccountKey,
  deletion: Deletion,
  { at, error }: { readonly at: Date; readonly error: string },
): Promise<void> {
  const { id, planId } = deletion;
  const taken = await advance(trx, account, { deletionId: id, at }, (standing) =>
    standing.state === 'deleting' && standing.planId === planId ? [{ type: 'found-present' }] : null,
  );
  if (taken === null) return;
  await updateDeletion(trx, account, id)
    .set((eb) => ({ last_error: error, attempts: eb('attempts', '+', 1) }))
    .execute();
  await trx
    .updateTable('changes')
    .set({ state: 'failed', finished_at: at, error_message: error })
    .where('tenant_id', '=', account.tenantId)
    .where('plan_id', '=', planId)
    .where('state', '=', 'applying')
    .execute();
  await lookAtReturners(trx, account, deletion, at);
}
