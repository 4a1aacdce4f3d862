import { sql } from 'kysely';
import type { AccountKey } from '../reconcile/account.js';
import type { ScheduledDeletion } from '../reconcile/draining/drain.js';
import type { TenantDatabase } from './database.js';

/**
 * Accounts of all tenants that have something to do now: ready marks, due deletions, approved plans, requested
 * reconciliations, changes that a dead worker left, leavers whose lines nobody looked at since they left or since
 * somebody was chosen to take them over. The rows say so, whatever became of the queue. Whether somebody
 * is at it already is settled by the lease.
 */
export function makeWorkFinder(
  database: TenantDatabase,
  now: () => Date,
): () => Promise<readonly AccountKey[]> {
  return async () => {
    const at = now();
    const { rows } = await sql<{ tenant_id: string; id: string }>`
      select a.tenant_id, a.id from accounts a
      where a.state = 'active'
        and (a.rest_until is null or a.rest_until <= ${at})
        and (a.reconcile_due_at <= ${at}
          or exists (select 1 from dirty_subjects d
            where d.tenant_id = a.tenant_id and d.account_id = a.id and d.held_plan_id is null
              and (d.not_before is null or d.not_before <= ${at}))
          or exists (select 1 from plans p
            where p.tenant_id = a.tenant_id and p.account_id = a.id
              and (p.state = 'applying' or (p.state = 'approved' and p.trigger <> 'deletion-due')))
          or exists (select 1 from deletions x
            where x.tenant_id = a.tenant_id and x.account_id = a.id
              and x.state in ('scheduled', 'held', 'deleting', 'deleted') and a.policy = 'sync'
              and (x.state <> 'held' or not exists (select 1 from plans p where p.tenant_id = x.tenant_id
                and p.id = x.plan_id and p.state in ('held', 'rejected')))
              and x.due_at <= least(${at}, clock_timestamp())
              and (x.not_before is null or x.not_before <= ${at}))
          or exists (select 1 from deletions x
            join links l on l.tenant_id = x.tenant_id and l.id = x.link_id and l.state = 'parked'
            where x.tenant_id = a.tenant_id and x.account_id = a.id and a.policy = 'sync'
              and x.state in ('scheduled', 'held') and x.handover_at is null
              and (x.successor is not null or exists (select 1 from account_readings r
                where r.tenant_id = a.tenant_id and r.account_id = a.id))))`.execute(database.system());
    return rows.map((row) => ({ tenantId: row.tenant_id, accountId: row.id }));
  };
}

/** Every scheduled permanent deletion of all tenants. */
export function makeScheduledDeletions(
  database: TenantDatabase,
): () => Promise<readonly ScheduledDeletion[]> {
  return async () => {
    const rows = await database
      .system()
      .selectFrom('deletions')
      .select(['tenant_id', 'account_id', 'id', 'due_at'])
      .where('state', '=', 'scheduled')
      .orderBy('due_at')
      .execute();
    return rows.map((row) => ({
      tenantId: row.tenant_id,
      accountId: row.account_id,
      deletionId: row.id,
      dueAt: row.due_at,
    }));
  };
}
