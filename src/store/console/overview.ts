import { sql } from 'kysely';
import type { AccountStatus } from '../../administration/accounts.js';
import type { Overview, OverviewView, Waiting } from '../../administration/overview.js';
import type { AccountPolicy } from '../../domain/plan.js';
import type { Db, TenantDatabase } from '../database.js';
import { totalCount } from '../directory/counts.js';
import { listLeavers } from './leavers.js';
import { listPlans } from './plans.js';
import { listTasks } from './worklist.js';

const SHOWN = 5;

/** The overview: small numbers from partial indexes, and the first few rows of each list. */
export function makeOverviewView(database: TenantDatabase): OverviewView {
  return {
    async read(tenantId, now) {
      const db = database.forTenant(tenantId);
      const page = { after: null, limit: SHOWN };
      const [facts, accounts, plans, leavers, tasks] = await Promise.all([
        readFacts(db, tenantId, now),
        readAccounts(db, tenantId),
        listPlans(db, tenantId, { ...page, state: 'held', accountId: null }),
        listLeavers(db, tenantId, { ...page, view: 'leaving', accountId: null }),
        listTasks(db, tenantId, { ...page, state: 'open', accountId: null, assignee: null }),
      ]);
      return {
        ...facts,
        accounts,
        heldPlans: plans.rows,
        leavers: { held: facts.heldLeavers, next: leavers.rows },
        tasks: { ...facts.tasks, next: tasks.rows },
      };
    },
    waiting: (tenantId) => readWaiting(database.forTenant(tenantId), tenantId),
    accounts: (tenantId) => readAccounts(database.forTenant(tenantId), tenantId),
    async account(tenantId, name) {
      const [found] = await readAccounts(database.forTenant(tenantId), tenantId, name);
      return found ?? null;
    },
  };
}

interface Facts extends Pick<
  Overview,
  'people' | 'lastPushAt' | 'scimTokens' | 'rules' | 'ssoConnections' | 'lostDomains' | 'isAuditBroken'
> {
  readonly heldLeavers: number;
  readonly tasks: { readonly open: number; readonly urgent: number; readonly overdue: number };
}

interface FactsRow {
  readonly people: string;
  readonly last_push: Date | null;
  readonly tokens: Overview['scimTokens'] | null;
  readonly held_leavers: string;
  readonly sso_connections: string;
  readonly lost_domains: readonly string[];
  readonly audit_broken: boolean;
  readonly open: string;
  readonly urgent: string;
  readonly overdue: string;
  readonly version: number | null;
  readonly created_at: Date | null;
  readonly created_by: string | null;
}

async function readFacts(db: Db, tenantId: string, now: Date): Promise<Facts> {
  const { rows } = await sql<FactsRow>`
    select ${totalCount(tenantId, 'User')} as people, t.last_push, t.tokens, d.held_leavers, w.*, r.*,
      (select count(*) from sso_connections where tenant_id = ${tenantId}::uuid and state = 'active') as sso_connections,
      array(select domain from domains
        where tenant_id = ${tenantId}::uuid and lost_at is not null order by domain) as lost_domains,
      exists (select from audit_checks where tenant_id = ${tenantId}::uuid and verdict ->> 'type' = 'broken') as audit_broken
    from (select max(last_used_at) as last_push,
        json_agg(json_build_object('name', name, 'expiresAt', expires_at) order by created_at)
          filter (where revoked_at is null) as tokens
      from api_tokens where tenant_id = ${tenantId}::uuid and kind = 'scim') t
    cross join (select count(*) as held_leavers from deletions
      where tenant_id = ${tenantId}::uuid and state = 'held') d
    cross join (select count(*) as open, count(*) filter (where urgent) as urgent,
        count(*) filter (where due_at < ${now}) as overdue
      from worklist_items where tenant_id = ${tenantId}::uuid and state = 'open') w
    left join (select version, created_at, created_by from rule_sets
      where tenant_id = ${tenantId}::uuid order by version desc limit 1) r on true`.execute(db);
  const row = rows[0];
  return {
    people: Number(row?.people ?? 0),
    lastPushAt: row?.last_push ?? null,
    scimTokens: (row?.tokens ?? []).map(({ name, expiresAt }) => ({
      name,
      expiresAt: expiresAt === null ? null : new Date(expiresAt),
    })),
    rules: toRules(row),
    ssoConnections: Number(row?.sso_connections ?? 0),
    lostDomains: row?.lost_domains ?? [],
    isAuditBroken: row?.audit_broken ?? false,
    heldLeavers: Number(row?.held_leavers ?? 0),
    tasks: {
      open: Number(row?.open ?? 0),
      urgent: Number(row?.urgent ?? 0),
      overdue: Number(row?.overdue ?? 0),
    },
  };
}

function toRules(row: FactsRow | undefined): Overview['rules'] {
  const { version = null, created_at: createdAt = null, created_by: createdBy = null } = row ?? {};
  if (version === null || createdAt === null || createdBy === null) return null;
  return { version, createdAt, createdBy };
}

async function readWaiting(db: Db, tenantId: string): Promise<Waiting> {
  const { rows } = await sql<{ plans: string; tasks: string; leavers: string; findings: string }>`
    select (select count(*) from plans where tenant_id = ${tenantId}::uuid and state = 'held') as plans,
      (select count(*) from worklist_items where tenant_id = ${tenantId}::uuid and state = 'open') as tasks,
      (select count(*) from deletions where tenant_id = ${tenantId}::uuid and state = 'held') as leavers,
      (select count(*) from findings where tenant_id = ${tenantId}::uuid and severity = 'critical'
        and resolved_at is null and decision is distinct from 'accept'
        and not coalesce(ignored_until > now(), false)) as findings`.execute(db);
  const [row] = rows;
  return {
    plans: Number(row?.plans ?? 0),
    tasks: Number(row?.tasks ?? 0),
    heldLeavers: Number(row?.leavers ?? 0),
    findings: Number(row?.findings ?? 0),
  };
}

interface AccountRow {
  readonly id: string;
  readonly name: string;
  readonly provider: string;
  readonly policy: AccountPolicy;
  readonly paused_reason: string | null;
  readonly paused_at: Date | null;
  readonly first_plan_done: boolean;
  readonly reconciled_at: Date | null;
  readonly reconcile_due_at: Date | null;
  readonly rest_until: Date | null;
  readonly seat_ceiling: number | null;
  readonly seat_price: AccountStatus['seatPrice'];
  readonly live: string;
  readonly parked: string;
  readonly held_plans: string;
  readonly waiting: string;
  readonly urgent: string;
  readonly oldest_at: Date | null;
  readonly held: string;
  readonly failing: string;
}

/** Every account, or the one of this name. */
async function readAccounts(
  db: Db,
  tenantId: string,
  name: string | null = null,
): Promise<readonly AccountStatus[]> {
  const { rows } = await sql<AccountRow>`
    select a.id, a.name, a.provider, a.policy, a.paused_reason, a.paused_at, a.first_plan_done, a.reconciled_at,
      a.reconcile_due_at, a.rest_until, (a.settings #>> '{safety,seatCeiling}')::int as seat_ceiling,
      nullif(a.settings -> 'seatPrice', 'null') as seat_price,
      l.live, k.parked, p.held_plans, d.*
    from accounts a
    cross join lateral (select count(*) as live from links
      where tenant_id = a.tenant_id and account_id = a.id and ended_at is null) l
    cross join lateral (select count(*) as parked from links
      where tenant_id = a.tenant_id and account_id = a.id and state in ('parked', 'deleting')) k
    cross join lateral (select count(*) as held_plans from plans
      where tenant_id = a.tenant_id and account_id = a.id and state = 'held') p
    cross join lateral (select
        count(*) filter (where held_plan_id is null and not_before is distinct from 'infinity') as waiting,
        count(*) filter (where held_plan_id is null and urgent) as urgent,
        min(marked_at) filter (where held_plan_id is null and not_before is distinct from 'infinity') as oldest_at,
        count(*) filter (where held_plan_id is not null) as held,
        count(*) filter (where last_error is not null) as failing
      from dirty_subjects where tenant_id = a.tenant_id and account_id = a.id) d
    where a.tenant_id = ${tenantId}::uuid and (${name}::text is null or a.name = ${name}::text)
    order by a.name`.execute(db);
  return rows.map(toStatus);
}

function toStatus(row: AccountRow): AccountStatus {
  return {
    id: row.id,
    name: row.name,
    provider: row.provider,
    policy: row.policy,
    pausedReason: row.paused_reason,
    pausedAt: row.paused_at,
    firstPlanDone: row.first_plan_done,
    reconciledAt: row.reconciled_at,
    reconcileAskedAt: row.reconcile_due_at,
    restUntil: row.rest_until,
    agents: { active: Number(row.live) - Number(row.parked), parked: Number(row.parked) },
    seatCeiling: row.seat_ceiling,
    seatPrice: row.seat_price,
    queue: {
      waiting: Number(row.waiting),
      urgent: Number(row.urgent),
      oldestAt: row.oldest_at,
      held: Number(row.held),
      failing: Number(row.failing),
    },
    heldPlans: Number(row.held_plans),
  };
}
