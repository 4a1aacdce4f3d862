import { sql, type RawBuilder } from 'kysely';
import type { MemberDelta } from '../../directory/ports.js';

/**
 * The parts of one statement that change a group's members, set by set: `former` (to go), `fresh` (wanted and not yet
 * there), `known` (fresh and users of the tenant, locked against deletion meanwhile), `strangers` (fresh and unknown),
 * `removed`, `added` and `touched` (everybody whose membership changed). Only rows that differ are written, and none
 * while there are strangers. `onlyIf` is a condition without which nothing is done.
 */
export function memberSteps(
  tenantId: string,
  groupId: string,
  change: MemberDelta | null,
  { at, onlyIf = sql`true` }: { readonly at: Date; readonly onlyIf?: RawBuilder<unknown> },
): RawBuilder<unknown> {
  return sql`
    ${differenceSteps(tenantId, groupId, change ?? { type: 'delta', add: [], remove: [] })},
    known as materialized (
      select scim_users.id from scim_users
      where tenant_id = ${tenantId} and deleted_at is null and id = any (array(select id from fresh)) and ${onlyIf}
      order by id for share),
    strangers as (select id from fresh except select id from known),
    -- People are locked before any membership is ended: whoever deletes a person holds that person's row when it comes
    -- to the memberships, and must not wait for us while we wait for it.
    removed as (
      delete from scim_memberships
      where tenant_id = ${tenantId} and group_id = ${groupId} and user_id = any (array(select id from former))
        and (select count(*) from known) is not null and not exists (select 1 from strangers) and ${onlyIf}
      returning user_id),
    added as (
      insert into scim_memberships (tenant_id, group_id, user_id, added_at)
      select ${tenantId}::uuid, ${groupId}::uuid, known.id, ${at}::timestamptz from known
      where not exists (select 1 from strangers)
      on conflict do nothing returning user_id),
    touched as (
      select user_id as subject_id, true as urgent from removed
      union all select user_id, false from added)`;
}

/** Up to ten strangers, as JSON text; and whether they are groups, because that needs another explanation. */
export function strangerList(tenantId: string): RawBuilder<unknown> {
  return sql`(select coalesce(json_agg(json_build_object('id', listed.id, 'isGroup', exists (
      select 1 from scim_groups where tenant_id = ${tenantId} and id = listed.id and deleted_at is null))), '[]')
    from (select id from strangers order by id limit 10) as listed)`;
}

/** Ids of everybody who came or went, for the audit event. */
export function memberAuditData(): RawBuilder<unknown> {
  return sql`jsonb_build_object(
    'membersAdded', (select coalesce(jsonb_agg(user_id), '[]') from added),
    'membersRemoved', (select coalesce(jsonb_agg(user_id), '[]') from removed))`;
}

/** `fresh` and `former`. */
function differenceSteps(
  tenantId: string,
  groupId: string,
  { add, remove }: MemberDelta,
): RawBuilder<unknown> {
  return sql`
    former as (select id from unnest(${uuidArray(remove)}) as id),
    fresh as materialized (
      select wanted.id from unnest(${uuidArray(add)}) as wanted(id)
      where not exists (select 1 from scim_memberships
        where tenant_id = ${tenantId} and group_id = ${groupId} and user_id = wanted.id))`;
}

/** Written as Postgres reads it: the driver would look through each of ten thousand ids for characters to escape. */
function uuidArray(ids: readonly string[]): RawBuilder<unknown> {
  return sql`${`{${ids.join(',')}}`}::uuid[]`;
}
