import { sql } from 'kysely';
import type { ActiveWrite } from '../../directory/ports.js';
import type { StoredResource } from '../../directory/resource.js';
import { auditInsertEach } from '../../audit/record.js';
import type { Db } from '../database.js';
import { PREPARED } from '../prepared.js';
import { SESSION_KEYS, sessionsEnded, sessionsOfLeaver } from '../sso/leaver-sessions.js';
import { markInsert } from './marks.js';
import { groupsOfUser } from './references.js';
import { nextMeta, resourceColumns, toStored, type ResourceRow } from './rows.js';

const COLUMNS = resourceColumns('scim_users');

/** Every key by which these people may sign in. */
const KEYS = sql.raw(`keys as materialized (
  select scim_users.id as user_id, user_name_key as key from scim_users join written using (tenant_id, id)
  union all
  select user_id, value_key from scim_user_emails join written
    on scim_user_emails.tenant_id = written.tenant_id and scim_user_emails.user_id = written.id)`);

const OWN_SESSIONS = sql.raw(`(select count(*) from signed_out where exists (
  select 1 from keys where keys.user_id = given.id and keys.key in (signed_out.email_key, signed_out.name_key)))`);

/**
 * Takes one round trip, because somebody's leaving is what has to arrive soonest. All with the same `active` and base
 * URL and of different people; null for whoever is not there, or is as they should be already. The stored text changes
 * in place: `active` is the name of one attribute and of no sub-attribute, and within a value its quotes are escaped.
 */
export async function setActive(
  db: Db,
  tenantId: string,
  writes: readonly ActiveWrite[],
): Promise<readonly (StoredResource | null)[]> {
  const [first] = writes;
  if (first === undefined) return [];
  const { active, refBase, audit } = first;
  const ended = active ? sql`` : sql`|| ${sessionsEnded(OWN_SESSIONS)}`;
  // Locked in one order, so that two such statements wait for each other once, and not for ever.
  const { rows } = await sql<ResourceRow>`${PREPARED}
    with given as materialized (
      select * from unnest(${writes.map(({ id }) => id)}::uuid[], ${writes.map((one) => one.audit.at)}::timestamptz[],
        ${writes.map((one) => one.audit.actor)}::text[], ${writes.map((one) => one.audit.correlationId)}::text[],
        ${writes.map((one) => JSON.stringify(one.audit.data))}::jsonb[]) as given (id, at, actor, correlation_id, data)),
    locked as materialized (
      select scim_users.id from scim_users join given using (id)
      where tenant_id = ${tenantId} and active <> ${active} and deleted_at is null order by id for update of scim_users),
    written as (
      update scim_users set active = ${active}, version = version + 1, change_no = nextval('scim_change_no'),
        resource = jsonb_set(resource, '{active}', to_jsonb(${active}::boolean)),
        wire = replace(wire, ${wireOf(!active)}, ${wireOf(active)}),
        meta = ${nextMeta(sql.raw('given.at'))}, last_modified = given.at
      from given join locked using (id) where tenant_id = ${tenantId} and scim_users.id = given.id
      returning tenant_id, ${COLUMNS}),
    ${active ? sql`` : sql`${KEYS}, signed_out as (${sessionsOfLeaver(tenantId, SESSION_KEYS)}),`}
    audited as (${auditInsertEach(
      tenantId,
      sql`at, actor, ${audit.action}::text, 'User', id::text, correlation_id, data ${ended} from given
        where id in (select id from written)`,
    )}),
    marked as (${markInsert(
      tenantId,
      sql`select id as subject_id, ${!active}::boolean as urgent from written`,
      {
        reason: audit.action,
        at: audit.at,
      },
    )})
    select *, ${groupsOfUser(refBase)} as refs from written as scim_users`.execute(db);
  const stored = new Map(rows.map((row) => [row.id, toStored(row)]));
  return writes.map(({ id }) => stored.get(id) ?? null);
}

function wireOf(active: boolean): string {
  return `"active":${String(active)}`;
}
