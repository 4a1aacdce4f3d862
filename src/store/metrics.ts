import { sql } from 'kysely';
import type { TenantDatabase } from './database.js';

/** How one account is doing, for operators. */
export interface AccountFigures {
  readonly tenant: string;
  readonly account: string;
  readonly provider: string;
  readonly isPaused: boolean;
  readonly agents: number;
  readonly parked: number;
  readonly waiting: number;
  readonly failing: number;
  readonly heldPlans: number;
  readonly heldDeletions: number;
  readonly openTasks: number;
  /** Of the oldest change that waits; null: none does. */
  readonly oldestWaitSeconds: number | null;
  /** Since the last complete reconciliation; null: there was none. */
  readonly reconcileAgeSeconds: number | null;
}

/** Of every account of every tenant, from partial indexes. */
export async function readAccountFigures(
  database: TenantDatabase,
  now: Date,
): Promise<readonly AccountFigures[]> {
  const { rows } = await sql<AccountFigures>`
    select t.slug as tenant, a.name as account, a.provider, a.state = 'paused' as "isPaused",
      l.agents::int, k.parked::int, d.waiting::int, d.failing::int, p.held::int as "heldPlans",
      x.held::int as "heldDeletions", w.open::int as "openTasks",
      extract(epoch from ${now}::timestamptz - d.oldest)::float8 as "oldestWaitSeconds",
      extract(epoch from ${now}::timestamptz - a.reconciled_at)::float8 as "reconcileAgeSeconds"
    from accounts a join tenants t on t.id = a.tenant_id
    cross join lateral (select count(*) as agents from links
      where tenant_id = a.tenant_id and account_id = a.id and ended_at is null) l
    cross join lateral (select count(*) as parked from links
      where tenant_id = a.tenant_id and account_id = a.id and state in ('parked', 'deleting')) k
    cross join lateral (select count(*) as held from plans
      where tenant_id = a.tenant_id and account_id = a.id and state = 'held') p
    cross join lateral (select count(*) as held from deletions
      where tenant_id = a.tenant_id and account_id = a.id and state = 'held') x
    cross join lateral (select count(*) as open from worklist_items
      where tenant_id = a.tenant_id and account_id = a.id and state = 'open') w
    cross join lateral (select
        count(*) filter (where held_plan_id is null and not_before is distinct from 'infinity') as waiting,
        min(marked_at) filter (where held_plan_id is null and not_before is distinct from 'infinity') as oldest,
        count(*) filter (where last_error is not null) as failing
      from dirty_subjects where tenant_id = a.tenant_id and account_id = a.id) d
    order by t.slug, a.name`.execute(database.system());
  return rows;
}
