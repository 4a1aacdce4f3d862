import { sql } from 'kysely';
import type { Change } from '../../domain/plan.js';
import type { DirectoryEvent, HistoryEvent } from '../../report/history/events.js';
import type { TenantDatabase } from '../database.js';

interface HistoryRow {
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly subject_id: string;
  readonly account_id: string | null;
  readonly plan_id: string | null;
  readonly trigger: string | null;
  readonly provider_user_id: string | null;
  readonly change: Change | null;
}

export interface HistorySpan {
  /** null: from the beginning. */
  readonly from: Date | null;
  /** null: until now; that moment itself belongs to it. */
  readonly until: Date | null;
  /** Of these people alone; absent: of everybody. */
  readonly subjectIds?: readonly string[];
}

/**
 * What the audit trail says about people, in the order in which it was written. A group's change is told for each
 * person who came or went.
 */
export async function readHistory(
  database: TenantDatabase,
  tenantId: string,
  { from, until, subjectIds }: HistorySpan,
): Promise<readonly HistoryEvent[]> {
  const { ofUser, ofAgent, ofGroup, ofMember } = narrowed(subjectIds);
  const span = sql`tenant_id = ${tenantId}::uuid
    and (${from}::timestamptz is null or at >= ${from}::timestamptz)
    and (${until}::timestamptz is null or at <= ${until}::timestamptz)`;
  const { rows } = await sql<HistoryRow>`
    with told as (
      select id, at, actor, action, target_id as subject_id, null as account_id, null as plan_id,
        null as provider_user_id, null::jsonb as change
      from audit_events where ${span} ${ofUser}
        and action in ('user.created', 'user.changed', 'user.activated', 'user.deactivated', 'user.deleted')
      union all
      select id, at, actor, word.means, member.person, null, null, null, null
      from audit_events
      cross join (values ('group.joined', 'membersAdded'), ('group.left', 'membersRemoved')) word(means, field)
      cross join lateral jsonb_array_elements_text(
        case when jsonb_typeof(data -> word.field) = 'array' then data -> word.field else '[]'::jsonb end) member(person)
      where ${span} ${ofGroup} and action in ('group.created', 'group.changed', 'group.deleted')
        and data ?| array['membersAdded', 'membersRemoved'] ${ofMember}
      union all
      select id, at, actor, action, target_id, data ->> 'accountId', correlation_id, data ->> 'providerUserId',
        data -> 'change'
      from audit_events where ${span} ${ofAgent} and action like 'agent.%'
    )
    select told.*, plans.trigger from told
    left join plans on plans.tenant_id = ${tenantId}::uuid
      and plans.id = case when told.plan_id ~ '^[0-9a-f]{8}-[0-9a-f-]{27}$' then told.plan_id::uuid end
    order by told.at, told.id`.execute(database.forTenant(tenantId));
  return rows.map(toEvent);
}

/** Each kind of event names its people in a place of its own. */
function narrowed(subjectIds: readonly string[] | undefined) {
  if (subjectIds === undefined) {
    return { ofUser: sql``, ofAgent: sql``, ofGroup: sql``, ofMember: sql`` };
  }
  const ids = sql`${[...subjectIds]}::text[]`;
  return {
    ofUser: sql`and target_type = 'User' and target_id = any(${ids})`,
    ofAgent: sql`and target_type = 'subject' and target_id = any(${ids})`,
    ofGroup: sql`and (data -> 'membersAdded' ?| ${ids} or data -> 'membersRemoved' ?| ${ids})`,
    ofMember: sql`and member.person = any(${ids})`,
  };
}

/** Whoever was changed in a phone system between two moments. */
export async function readChanged(
  database: TenantDatabase,
  tenantId: string,
  { from, to }: { readonly from: Date; readonly to: Date },
): Promise<readonly string[]> {
  const { rows } = await sql<{ subject_id: string }>`
    select distinct target_id as subject_id from audit_events
    where tenant_id = ${tenantId}::uuid and target_type = 'subject' and action like 'agent.%'
      and at between ${from} and ${to}`.execute(database.forTenant(tenantId));
  return rows.map((row) => row.subject_id);
}

function toEvent(row: HistoryRow): HistoryEvent {
  const common = { at: row.at.getTime(), subjectId: row.subject_id, actor: row.actor };
  if (row.account_id === null) {
    return { ...common, type: 'directory', action: row.action as DirectoryEvent['action'] };
  }
  return {
    ...common,
    type: 'agent',
    accountId: row.account_id,
    planId: row.plan_id,
    trigger: row.trigger,
    providerUserId: row.provider_user_id,
    change: row.change,
  };
}
