import { sql, type RawBuilder } from 'kysely';
import type { MemberChange } from '../../directory/ports.js';

/**
 * The parts of one statement that change a group's members, set by set: `wanted`, `removed`, `fresh` (wanted and not
 * yet there), `known` (fresh and users of the tenant, locked against deletion meanwhile), `added`, `strangers`
 * (fresh and unknown) and `touched` (everybody whose membership changed). Only rows that differ are written.
 */
export function memberSteps(
  tenantId: string,
  groupId: string,
  change: MemberChange | null,
  at: Date,
): RawBuilder<unknown> {
  const wanted = change === null ? [] : change.type === 'delta' ? change.add : change.members;
  return sql`
    wanted as materialized (select id from unnest(${wanted}::uuid[]) as id),
    removed as (${removal(tenantId, groupId, change)}),
    fresh as materialized (
      select wanted.id from wanted where not exists (
        select 1 from scim_memberships where tenant_id = ${tenantId} and group_id = ${groupId}
          and user_id = wanted.id)),
    known as materialized (
      select scim_users.id from scim_users
      where tenant_id = ${tenantId} and deleted_at is null and id = any (array(select id from fresh))
      order by id for share),
    added as (
      insert into scim_memberships (tenant_id, group_id, user_id, added_at)
      select ${tenantId}::uuid, ${groupId}::uuid, known.id, ${at}::timestamptz from known
      on conflict do nothing returning user_id),
    strangers as (select id from fresh except select id from known),
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

function removal(tenantId: string, groupId: string, change: MemberChange | null): RawBuilder<unknown> {
  const members = sql`delete from scim_memberships where tenant_id = ${tenantId} and group_id = ${groupId}`;
  if (change?.type === 'replace') {
    return sql`${members} and not exists (select 1 from wanted where wanted.id = scim_memberships.user_id)
      returning user_id`;
  }
  const ids = change === null ? [] : change.remove;
  return sql`${members} and user_id = any (${ids}::uuid[]) returning user_id`;
}
