import { sql, type RawBuilder } from 'kysely';

/**
 * JSON text of a user's `groups` elements, joined by commas; built by Postgres because a list of ten thousand
 * members is cheaper to join there than to parse and print here. Ids are UUIDs and need no quoting.
 */
export function groupsOfUser(refBase: string | null): RawBuilder<unknown> {
  if (refBase === null) return sql`null`;
  return sql`(select coalesce(string_agg(
      '{"value":"' || scim_groups.id || '","$ref":' || to_json(${`${refBase}/Groups/`}::text || scim_groups.id)
      || ',"display":' || to_json(scim_groups.display_name) || ',"type":"direct"}', ',' order by scim_groups.seq), '')
    from scim_memberships
    join scim_groups on scim_groups.tenant_id = scim_memberships.tenant_id
      and scim_groups.id = scim_memberships.group_id
    where scim_memberships.tenant_id = scim_users.tenant_id and scim_memberships.user_id = scim_users.id)`;
}

/** JSON text of a group's `members` elements, joined by commas. */
export function membersOfGroup(refBase: string | null): RawBuilder<unknown> {
  if (refBase === null) return sql`null`;
  return sql`(select coalesce(string_agg(
      '{"value":"' || scim_users.id || '","$ref":' || to_json(${`${refBase}/Users/`}::text || scim_users.id)
      || ',"display":' || to_json(coalesce(scim_users.resource->>'displayName', scim_users.user_name))
      || ',"type":"User"}', ',' order by scim_users.id), '')
    from scim_memberships
    join scim_users on scim_users.tenant_id = scim_memberships.tenant_id
      and scim_users.id = scim_memberships.user_id
    where scim_memberships.tenant_id = scim_groups.tenant_id and scim_memberships.group_id = scim_groups.id)`;
}
