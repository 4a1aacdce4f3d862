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
}

/**
 * What the audit trail says about people, in the order in which it was written. A group's change is told for each
 * person who came or went.
 */
export async function readHistory(
  database: TenantDatabase,
  tenantId: string,
  { from, until }: HistorySpan,
): Promise<readonly HistoryEvent[]> {
  const span = sql`tenant_id = ${tenantId}::uuid
    and (${from}::timestamptz is null or at >= ${from}::timestamptz)
    and (${until}::timestamptz is null or at <= ${until}::timestamptz)`;
  const { rows } = await sql<HistoryRow>`
    with told as (
      select id, at, actor, action, target_id as subject_id, null as account_id, null as plan_id,
        null as provider_user_id, null::jsonb as change
      from audit_events where ${span}
        and action in ('user.created', 'user.changed', 'user.activated', 'user.deactivated', 'user.deleted')
      union all
      select id, at, actor, word.means, member.person, null, null, null, null
      from audit_events
      cross join (values ('group.joined', 'membersAdded'), ('group.left', 'membersRemoved')) word(means, field)
      cross join lateral jsonb_array_elements_text(
        case when jsonb_typeof(data -> word.field) = 'array' then data -> word.field else '[]'::jsonb end) member(person)
      where ${span} and action in ('group.created', 'group.changed', 'group.deleted')
      union all
      select id, at, actor, action, target_id, data ->> 'accountId', correlation_id, data ->> 'providerUserId',
        data -> 'change'
      from audit_events where ${span} and action like 'agent.%'
    )
    select told.*, plans.trigger from told
    left join plans on plans.tenant_id = ${tenantId}::uuid
      and plans.id = case when told.plan_id ~ '^[0-9a-f]{8}-[0-9a-f-]{27}$' then told.plan_id::uuid end
    order by told.at, told.id`.execute(database.forTenant(tenantId));
  return rows.map(toEvent);
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
