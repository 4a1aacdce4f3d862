import { sql, type RawBuilder, type SqlBool } from 'kysely';
import { foldCase } from '../../directory/case-fold.js';
import type { ComparisonNode } from '../../directory/filter/ast.js';
import type { ResourceTypeName } from '../../directory/schema-catalogue.js';
import { isId } from '../../lib/ids.js';

interface KeyScope {
  readonly resourceType: ResourceTypeName;
  readonly tenantId: string;
}

type Lookup = (text: string, tenantId: string) => RawBuilder<SqlBool>;

/**
 * Row-level security lets only leak-proof operators reach an index, which is equality on plain columns: these are
 * the comparisons that IdPs send all day, written in that form.
 */
const LOOKUPS: Readonly<Record<ResourceTypeName, Readonly<Record<string, Lookup>>>> = {
  User: {
    id: (text) => equalsUuid(sql`scim_users.id`, text),
    emails: (text, tenantId) => sql<SqlBool>`(scim_users.id in (
      select user_id from scim_user_emails
      where tenant_id = ${tenantId}::uuid and value_key = ${foldCase(text)}::text))`,
    groups: (text, tenantId) =>
      membership(
        text,
        (id) => sql<SqlBool>`(scim_users.id in (
        select user_id from scim_memberships
        where tenant_id = ${tenantId}::uuid and group_id = ${id}::uuid))`,
      ),
  },
  Group: {
    id: (text) => equalsUuid(sql`scim_groups.id`, text),
    members: (text, tenantId) =>
      membership(
        text,
        (id) => sql<SqlBool>`(scim_groups.id in (
        select group_id from scim_memberships
        where tenant_id = ${tenantId}::uuid and user_id = ${id}::uuid))`,
      ),
  },
};

/** The comparison as an index look-up, or null when there is no index for it. Never null in SQL. */
export function keyLookup(node: ComparisonNode, scope: KeyScope): RawBuilder<SqlBool> | null {
  const { attribute, subAttribute } = node.path;
  if (node.operator !== 'eq' || typeof node.value !== 'string') return null;
  if (subAttribute !== null && subAttribute.name !== 'value') return null;
  return LOOKUPS[scope.resourceType][attribute.name]?.(node.value, scope.tenantId) ?? null;
}

/** Ids are case-exact and ours: whatever is not spelled as we spell them is nobody's. */
function equalsUuid(column: RawBuilder<unknown>, text: string): RawBuilder<SqlBool> {
  return isId(text) ? sql<SqlBool>`(${column} = ${text}::uuid)` : sql<SqlBool>`false`;
}

/** RFC 7643 section 8.7.1 declares these ids without caseExact. */
function membership(text: string, lookup: (id: string) => RawBuilder<SqlBool>): RawBuilder<SqlBool> {
  const id = foldCase(text);
  return isId(id) ? lookup(id) : sql<SqlBool>`false`;
}
