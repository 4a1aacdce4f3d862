import { sql, type RawBuilder } from 'kysely';
import type { ResourceTypeName } from '../../directory/schema-catalogue.js';

/*
 * JSON text of `groups` and `members` elements, joined by commas. Built by Postgres because a list of ten thousand
 * members is cheaper to join there than to parse and print here. Ids are UUIDs and need no quoting.
 */

/** Of the resource of a row, as a scalar subquery beside it; null without a base URL. */
export function referencesOfRow(type: ResourceTypeName, refBase: string | null): RawBuilder<unknown> {
  if (refBase === null) return sql`null`;
  const { head, tail, source, ofRow } = PARTS[type];
  return sql`(select coalesce(${head}${refPrefix(type, refBase)}${tail}, '') ${source} where ${ofRow})`;
}

/** Made once: a statement that is built anew for each request should be built of few pieces. */
const PARTS = {
  User: {
    ofRow: sql.raw(`scim_memberships.tenant_id = scim_users.tenant_id
      and scim_memberships.user_id = scim_users.id`),
    head: sql.raw(`string_agg('{"value":"' || scim_groups.id || '","$ref":' || `),
    tail: sql.raw(`::text || scim_groups.id || '","display":' || to_json(scim_groups.display_name)
      || ',"type":"direct"}', ',' order by scim_memberships.group_id)`),
    source: sql.raw(`from scim_memberships join scim_groups
      on scim_groups.tenant_id = scim_memberships.tenant_id and scim_groups.id = scim_memberships.group_id`),
  },
  // Without `display`: it is optional, and would have every member's row read for a name that nobody asked for.
  Group: {
    ofRow: sql.raw(`scim_memberships.tenant_id = scim_groups.tenant_id
      and scim_memberships.group_id = scim_groups.id`),
    head: sql.raw(`string_agg('{"value":"' || scim_memberships.user_id || '","$ref":' || `),
    tail: sql.raw(`::text || scim_memberships.user_id || '","type":"User"}', ','
      order by scim_memberships.user_id)`),
    source: sql.raw('from scim_memberships'),
  },
};

/** The URL as a JSON string whose end, the id and a closing quote, is still to come. */
function refPrefix(type: ResourceTypeName, refBase: string): string {
  const referred = type === 'User' ? 'Groups' : 'Users';
  return JSON.stringify(`${refBase}/${referred}/`).slice(0, -1);
}
