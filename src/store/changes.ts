import { sql } from 'kysely';
import type { AccountKey } from '../reconcile/account.js';
import type { Effect } from '../reconcile/effects.js';
import type { ChangeEnd, ChangeStart, StartAnswer } from '../reconcile/plan-store.js';
import { appendAudit } from './audit.js';
import type { Db } from './database.js';
import { scheduleDeletion } from './deletion-effects.js';
import { writeLinkEffect } from './links.js';
import { openStep } from './manual/open-step.js';
import { openTask } from './worklist.js';

/**
 * Begins a change in one statement: only while the lease is this worker's, the account is not paused and the
 * person is still as the plan saw them.
 */
export async function startChange(db: Db, start: ChangeStart): Promise<StartAnswer> {
  const { tenantId, accountId, changeId, mark } = start;
  const started = await sql`
    update changes set state = 'applying', started_at = ${start.at}
    from accounts
    where changes.tenant_id = ${tenantId} and changes.id = ${changeId} and changes.state = 'planned'
      and accounts.tenant_id = ${tenantId} and accounts.id = ${accountId}
      and accounts.state = 'active' and accounts.policy = ${start.policy} and accounts.lease_holder = ${start.holder}
      and accounts.lease_until > clock_timestamp()
      and (${mark === null} or exists (
        select 1 from dirty_subjects
        where tenant_id = ${tenantId} and account_id = ${accountId}
          and subject_id = ${mark?.subjectId ?? null}::uuid and generation = ${mark?.generation ?? 0}))`.execute(
    db,
  );
  if (started.numAffectedRows === 1n) return 'go';
  return (await holdsLease(db, start)) ? 'stale' : 'not-ours';
}

async function holdsLease(db: Db, { tenantId, accountId, holder, policy }: ChangeStart): Promise<boolean> {
  const row = await db
    .selectFrom('accounts')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', accountId)
    .where('state', '=', 'active')
    .where('policy', '=', policy)
    .where('lease_holder', '=', holder)
    .where('lease_until', '>', sql<Date>`clock_timestamp()`)
    .executeTakeFirst();
  return row !== undefined;
}

/** Records how a change ended together with everything it did to our records, or nothing of it. */
export async function endChange(trx: Db, end: ChangeEnd): Promise<boolean> {
  const { tenantId, accountId, changeId, error, at } = end;
  // Locked until the end of the transaction: nobody takes the account over between this look and the commit.
  const account = await trx
    .selectFrom('accounts')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', accountId)
    .where('lease_holder', '=', end.holder)
    .forShare()
    .executeTakeFirst();
  if (account === undefined) return false;
  await trx
    .updateTable('changes')
    .set({
      state: end.state,
      ...(end.state === 'planned' ? { started_at: null } : { finished_at: at }),
      error_kind: error?.kind ?? null,
      error_message: error?.message ?? null,
    })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', changeId)
    .execute();
  for (const effect of end.effects) await writeEffect(trx, end, effect, at);
  if (end.audit !== null) await appendAudit(trx, tenantId, { ...end.audit, at });
  return true;
}

export async function writeEffect(trx: Db, account: AccountKey, effect: Effect, at: Date): Promise<void> {
  switch (effect.type) {
    case 'link-created':
    case 'link-changed':
    case 'link-ended':
      return writeLinkEffect(trx, account, effect, at);
    case 'deletion-scheduled':
      return scheduleDeletion(trx, account, effect, at);
    case 'task-opened':
      return openTask(trx, account, effect.task, at);
    case 'step-opened':
      return openStep(trx, account, effect.step, at);
  }
}

/**
 * Subjects who have a create that began and whose end nobody recorded, or that failed without telling whether it
 * took effect. An agent that now has their e-mail is ours.
 */
export async function listUnconfirmedCreates(
  db: Db,
  { tenantId, accountId }: AccountKey,
  subjectIds: readonly string[],
): Promise<readonly string[]> {
  if (subjectIds.length === 0) return [];
  const found = await sql<{ subject_id: string }>`
    select distinct c.subject_id from changes c
    where c.tenant_id = ${tenantId} and c.account_id = ${accountId}
      and c.subject_id = any(${[...subjectIds]}::uuid[])
      and c.action = 'create' and c.started_at is not null
      and (c.state in ('planned', 'applying', 'abandoned')
        or (c.state = 'failed' and c.error_kind in ('unavailable', 'contract', 'bug')))
      and not exists (
        select 1 from links l
        where l.tenant_id = c.tenant_id and l.account_id = c.account_id and l.subject_id = c.subject_id
          and l.created_at > c.started_at)`.execute(db);
  return found.rows.map((row) => row.subject_id);
}
