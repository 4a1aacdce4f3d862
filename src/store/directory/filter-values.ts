import { sql, type RawBuilder } from 'kysely';
import { AppError } from '../../domain/errors.js';
import type { AttributeDefinition } from '../../directory/catalogue/attribute.js';
import type { AttributePath } from '../../directory/filter/ast.js';
import { targetOf } from '../../directory/filter/ast.js';
import { isExtension, type ResourceTypeName } from '../../directory/schema-catalogue.js';

/** One value in SQL: text, boolean, numeric or timestamptz by the attribute's type, null where there is none. */
export interface SqlValue {
  readonly expression: RawBuilder<unknown>;
  /** The stored form is already folded (a key column), so comparing without case costs nothing. */
  readonly folded: boolean;
}

/** The tables' columns that hold an attribute outside of the JSON, by lower-case path. */
const COLUMNS: Readonly<Record<ResourceTypeName, Readonly<Record<string, SqlValue>>>> = {
  User: {
    ...resourceColumns('User', 'scim_users'),
    username: { expression: sql`scim_users.user_name_key`, folded: true },
    active: { expression: sql`scim_users.active`, folded: false },
  },
  Group: {
    ...resourceColumns('Group', 'scim_groups'),
    displayname: { expression: sql`scim_groups.display_name_key`, folded: true },
  },
};

export const TABLES = { User: 'scim_users', Group: 'scim_groups' } as const satisfies Record<
  ResourceTypeName,
  string
>;

/** The single value at `path` of a row of the resource's table. */
export function rowValue(resourceType: ResourceTypeName, path: AttributePath): SqlValue {
  const column = COLUMNS[resourceType][columnKey(path)];
  if (column !== undefined) return column;
  assertStored(path);
  const keys = jsonKeys(resourceType, path);
  return jsonValue(sql`(${sql.ref(TABLES[resourceType])}.resource #> ${textArray(keys)})`, targetOf(path));
}

/** The JSON at the top-level attribute of `path`, as an object or a list. */
export function rowJson(resourceType: ResourceTypeName, path: AttributePath): RawBuilder<unknown> {
  assertStored(path);
  const keys = jsonKeys(resourceType, { ...path, subAttribute: null });
  return sql`(${sql.ref(TABLES[resourceType])}.resource #> ${textArray(keys)})`;
}

/** A JSON scalar as a typed SQL value; JSON of another type than the schema says is as good as absent. */
export function jsonValue(json: RawBuilder<unknown>, target: AttributeDefinition): SqlValue {
  switch (target.type) {
    case 'boolean':
      return plain(sql`(case ${json} when 'true'::jsonb then true when 'false'::jsonb then false end)`);
    case 'integer':
    case 'decimal':
      return plain(sql`(case when jsonb_typeof(${json}) = 'number' then ${json}::numeric end)`);
    case 'string':
    case 'reference':
    case 'binary':
      return plain(sql`(${json} #>> '{}')`);
    case 'dateTime':
    case 'complex':
      throw new AppError('bug', `"${target.name}" is not stored as a JSON value.`);
  }
}

export function plain(expression: RawBuilder<unknown>): SqlValue {
  return { expression, folded: false };
}

/** References and read-only attributes are computed when a resource is sent. */
function assertStored(path: AttributePath): void {
  if (path.attribute.mutability === 'readOnly' || path.subAttribute?.name === '$ref')
    throw unsearchable(path);
}

export function unsearchable(path: AttributePath): AppError {
  const name = [path.attribute.name, path.subAttribute?.name].filter((part) => part !== undefined).join('.');
  return new AppError('invalid', `"${name}" cannot be searched or sorted by.`, { scimType: 'invalidFilter' });
}

function resourceColumns(
  resourceType: ResourceTypeName,
  table: 'scim_users' | 'scim_groups',
): Record<string, SqlValue> {
  const column = (name: string): RawBuilder<unknown> => sql.ref(`${table}.${name}`);
  return {
    id: plain(sql`${column('id')}::text`),
    externalid: plain(column('external_id')),
    'meta.resourcetype': plain(sql`${resourceType}::text`),
    'meta.created': plain(column('created_at')),
    'meta.lastmodified': plain(column('last_modified')),
    'meta.version': plain(sql`('W/"' || ${column('version')} || '"')`),
  };
}

function columnKey(path: AttributePath): string {
  const { attribute, subAttribute } = path;
  return (subAttribute === null ? attribute.name : `${attribute.name}.${subAttribute.name}`).toLowerCase();
}

function jsonKeys(resourceType: ResourceTypeName, path: AttributePath): readonly string[] {
  return [
    ...(isExtension(resourceType, path.schema) ? [path.schema.id] : []),
    path.attribute.name,
    ...(path.subAttribute === null ? [] : [path.subAttribute.name]),
  ];
}

/** Keys come from the schema catalogue, never from a request; literals let Postgres prepare the path once. */
function textArray(keys: readonly string[]): RawBuilder<unknown> {
  return sql`array[${sql.join(keys.map((key) => sql.lit(key)))}]::text[]`;
}
