import { sql, type RawBuilder, type SqlBool } from 'kysely';
import { AppError } from '../../domain/errors.js';
import { targetOf, type AttributePath } from '../../directory/filter/ast.js';
import { RESOURCE_TYPES, type ResourceTypeName } from '../../directory/schema-catalogue.js';
import { jsonValue, plain, rowJson, TABLES, unsearchable, type SqlValue } from './filter-values.js';

/** The elements of a multi-valued attribute of one row. */
export interface SqlElements {
  /** Whether an element meets `condition`, which speaks of the element by `value`. */
  exist(condition: RawBuilder<SqlBool>): RawBuilder<SqlBool>;
  /** The part of an element that the path ends at. */
  value(path: AttributePath): SqlValue;
}

/** Elements of `path`: rows of the memberships for `groups` and `members`, else those of a JSON list. */
export function elementsOf(
  path: AttributePath,
  scope: { readonly resourceType: ResourceTypeName },
): SqlElements {
  // Looked up in other tables when it is asked for: silently finding nobody would be an answer too.
  if (path.attribute.returned === 'request') throw unsearchable(path);
  if (path.attribute.name === 'groups') return relation(GROUPS_OF_USER, GROUP_PARTS);
  if (path.attribute.name === 'members') return relation(MEMBERS_OF_GROUP, MEMBER_PARTS);
  if (path.attribute.name === 'schemas') return schemasInUse(scope.resourceType);
  return jsonElements(path, scope.resourceType);
}

const GROUPS_OF_USER = sql`scim_memberships as m
  join scim_groups as g on g.tenant_id = m.tenant_id and g.id = m.group_id and g.deleted_at is null
  where m.tenant_id = scim_users.tenant_id and m.user_id = scim_users.id`;

const GROUP_PARTS: Readonly<Record<string, SqlValue>> = {
  value: plain(sql`m.group_id::text`),
  display: plain(sql`g.display_name`),
  type: plain(sql`'direct'::text`),
};

const MEMBERS_OF_GROUP = sql`scim_memberships as m
  join scim_users as u on u.tenant_id = m.tenant_id and u.id = m.user_id and u.deleted_at is null
  where m.tenant_id = scim_groups.tenant_id and m.group_id = scim_groups.id`;

const MEMBER_PARTS: Readonly<Record<string, SqlValue>> = {
  value: plain(sql`m.user_id::text`),
  display: plain(sql`coalesce(u.resource ->> 'displayName', u.user_name)`),
  type: plain(sql`'User'::text`),
};

function relation(rows: RawBuilder<unknown>, parts: Readonly<Record<string, SqlValue>>): SqlElements {
  return {
    exist: (condition) => sql<SqlBool>`exists (select from ${rows} and ${condition})`,
    value: (path) => {
      const part = parts[path.subAttribute?.name ?? 'value'];
      if (part === undefined) throw unsearchable(path);
      return part;
    },
  };
}

/** RFC 7643 section 3: the core schema and each extension that has a value. */
function schemasInUse(resourceType: ResourceTypeName): SqlElements {
  const { core, extensions } = RESOURCE_TYPES[resourceType];
  const table = sql.ref(TABLES[resourceType]);
  const rows = [
    sql`(${sql.lit(core.id)}, true)`,
    ...extensions.map(({ id }) => sql`(${sql.lit(id)}, jsonb_exists(${table}.resource, ${sql.lit(id)}))`),
  ];
  return {
    exist: (condition) =>
      sql<SqlBool>`exists (select from (values ${sql.join(rows)}) as s(urn, used) where s.used and ${condition})`,
    value: () => plain(sql`s.urn`),
  };
}

function jsonElements(path: AttributePath, resourceType: ResourceTypeName): SqlElements {
  const list = rowJson(resourceType, path);
  return {
    exist: (condition) => sql<SqlBool>`exists (select from ${unnested(list)} and ${condition})`,
    value: (part) => elementValue(part),
  };
}

/** A list that is not one (which no write makes) has no elements instead of an error. */
export function unnested(list: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`jsonb_array_elements(case jsonb_typeof(${list}) when 'array' then ${list} else '[]'::jsonb end)
    with ordinality as e(v, n) where true`;
}

/** The part of the JSON element `e.v`. */
export function elementValue(path: AttributePath): SqlValue {
  if (path.subAttribute === null && path.attribute.type === 'complex') {
    throw new AppError('bug', `"${path.attribute.name}" was not resolved to one of its parts.`);
  }
  if (path.subAttribute?.name === '$ref') throw unsearchable(path);
  const json = path.subAttribute === null ? sql`e.v` : sql`(e.v -> ${sql.lit(path.subAttribute.name)})`;
  return jsonValue(json, targetOf(path));
}
