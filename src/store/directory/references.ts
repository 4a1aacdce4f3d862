import { sql, type RawBuilder } from 'kysely';
import { AppError } from '../../domain/errors.js';
import { jsonPrefix } from '../../lib/json-prefix.js';
import type { Db } from '../database.js';
import { PREPARED } from '../prepared.js';

/*
 * JSON text of `groups` and `members` elements, joined by commas. Built by Postgres because a list of ten thousand
 * members is cheaper to join there than to parse and print here. Ids are UUIDs and need no quoting.
 */

/** Made once: a statement that is built anew for each request should be built of few pieces. */
const GROUPS_BEFORE_URL = sql.raw(`string_agg('{"value":"' || scim_groups.id || '","$ref":' || `);
const GROUPS_AFTER_URL =
  sql.raw(`::text || scim_groups.id || '","display":' || to_json(scim_groups.display_name)
    || ',"type":"direct"}', ',' order by scim_memberships.group_id)`);
const GROUPS = sql.raw(`scim_memberships join scim_groups
  on scim_groups.tenant_id = scim_memberships.tenant_id and scim_groups.id = scim_memberships.group_id`);
const OF_USER = sql.raw(`scim_memberships.tenant_id = scim_users.tenant_id
  and scim_memberships.user_id = scim_users.id`);

/** The `groups` of a row of scim_users, as a scalar subquery beside it; null without a base URL. */
export function groupsOfUser(refBase: string | null): RawBuilder<unknown> {
  if (refBase === null) return sql`null`;
  return sql`(select coalesce(${GROUPS_BEFORE_URL}${jsonPrefix(`${refBase}/Groups/`)}${GROUPS_AFTER_URL}, '')
    from ${GROUPS} where ${OF_USER})`;
}

/** A query for the groups of several users, as the columns user_id and refs; `ids` is an array of theirs. */
export function groupsOfUsers(
  tenantId: string,
  refBase: string,
  ids: RawBuilder<unknown>,
): RawBuilder<unknown> {
  return sql`select scim_memberships.user_id,
      ${GROUPS_BEFORE_URL}${jsonPrefix(`${refBase}/Groups/`)}${GROUPS_AFTER_URL} as refs
    from ${GROUPS} where scim_memberships.tenant_id = ${tenantId} and scim_memberships.user_id = any (${ids})
    group by scim_memberships.user_id`;
}

/**
 * The `members` of groups, by group; empty groups are not in it. Without `display`: it is optional, and would have
 * every member's row read for a name that nobody asked for. Throws AppError `invalid` (`tooMany`) when there are more
 * than `max` together.
 */
export async function readMembers(
  db: Db,
  tenantId: string,
  groupIds: readonly string[],
  { refBase, max }: { readonly refBase: string; readonly max: number },
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ group_id: string; refs: string; total: number }>`${PREPARED}
    with bounded as materialized (
      select group_id, user_id from scim_memberships
      where tenant_id = ${tenantId} and group_id = any (${groupIds}::uuid[]) limit ${max + 1}::bigint)
    select group_id, (select count(*)::int from bounded) as total,
      string_agg('{"value":"' || user_id || '","$ref":' || ${jsonPrefix(`${refBase}/Users/`)}::text || user_id
        || '","type":"User"}', ',' order by user_id) as refs
    from bounded group by group_id`.execute(db);
  if ((rows[0]?.total ?? 0) > max) throw tooManyMembers(max);
  return new Map(rows.map((row) => [row.group_id, row.refs]));
}

function tooManyMembers(max: number): AppError {
  return new AppError(
    'invalid',
    `These groups have more than ${String(max)} members together. Ask for fewer groups at a time, or leave ` +
      'the members out with excludedAttributes=members.',
    { scimType: 'tooMany' },
  );
}
