import { sql } from 'kysely';
import {
  statusOf,
  type AccountStatus,
  type AgentRecord,
  type PhoneSystemOffers,
  type PhoneSystems,
} from '../../directory/phone-systems.js';
import type { Db, TenantDatabase } from '../database.js';
import { guarded } from './guard.js';

/** What is recorded about the phone systems of a tenant, for reads of the directory. */
export function makePhoneSystems(database: TenantDatabase): PhoneSystems {
  return {
    readOffers: (tenantId) => guarded(() => readOffers(database.forTenant(tenantId), tenantId)),
    readStatuses: (tenantId, userIds) =>
      guarded(() => readStatuses(database.forTenant(tenantId), tenantId, userIds)),
  };
}

/** A team of the same name in two accounts is one offer; so is a number. */
async function readOffers(db: Db, tenantId: string): Promise<PhoneSystemOffers> {
  const teams = await sql<{ name: string }>`
    select distinct on (lower(team->>'name')) team->>'name' as name
    from account_readings, jsonb_array_elements(body->'teams') as team
    where tenant_id = ${tenantId} order by lower(team->>'name')`.execute(db);
  const numbers = await sql<{ number: string; name: string }>`
    select distinct on (number->>'number') number->>'number' as number, number->>'name' as name
    from account_readings, jsonb_array_elements(body->'numbers') as number
    where tenant_id = ${tenantId} order by number->>'number'`.execute(db);
  return { teams: teams.rows.map(({ name }) => name), numbers: numbers.rows };
}

interface StatusRow {
  readonly user_id: string;
  readonly account_id: string;
  readonly account_name: string;
  readonly link_state: AgentRecord['linkState'];
  readonly marked: boolean;
  readonly held: boolean;
  readonly last_error: string | null;
  readonly last_applied_at: Date | null;
}

async function readStatuses(
  db: Db,
  tenantId: string,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, readonly AccountStatus[]>> {
  const { rows } = await sql<StatusRow>`
    select subject.id as user_id, accounts.id as account_id, accounts.name as account_name,
      link.state as link_state, mark.subject_id is not null as marked,
      mark.held_plan_id is not null as held, mark.last_error,
      (select max(finished_at) from changes
        where changes.tenant_id = accounts.tenant_id and changes.account_id = accounts.id
          and changes.subject_id = subject.id and changes.state in ('applied', 'already')) as last_applied_at
    from accounts cross join unnest(${userIds}::uuid[]) as subject(id)
    left join lateral (
      select state from links
      where links.tenant_id = accounts.tenant_id and links.account_id = accounts.id
        and links.subject_id = subject.id
      order by ended_at desc nulls first, created_at desc limit 1) as link on true
    left join dirty_subjects as mark on mark.tenant_id = accounts.tenant_id
      and mark.account_id = accounts.id and mark.subject_id = subject.id
    where accounts.tenant_id = ${tenantId} and (link.state is not null or mark.subject_id is not null)
    order by accounts.name`.execute(db);
  const byUser = Map.groupBy(rows, (row) => row.user_id);
  return new Map([...byUser].map(([userId, own]) => [userId, own.map(toStatus)]));
}

function toStatus(row: StatusRow): AccountStatus {
  const { link_state: linkState, marked, held, last_error: lastError } = row;
  const status = statusOf({ linkState, marked, held, lastError });
  const reason = held ? 'A plan that concerns this person waits for approval.' : lastError;
  return {
    value: row.account_id,
    display: row.account_name,
    status,
    ...(row.last_applied_at === null ? {} : { lastAppliedAt: row.last_applied_at.toISOString() }),
    ...(marked && reason !== null ? { reason } : {}),
  };
}
