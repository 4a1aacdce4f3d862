import { sql, type RawBuilder } from 'kysely';
import type { WholeResource } from '../../directory/ports.js';
import type { Resource, StoredResource } from '../../directory/resource.js';
import type { ResourceTypeName } from '../../directory/schema-catalogue.js';

/** A resource's row as the driver gives it: int8 as text. */
export interface ResourceRow {
  readonly id: string;
  readonly seq: string;
  readonly wire: string;
  readonly meta: string;
  readonly version: number;
  readonly refs: string | null;
}

export interface WholeRow extends ResourceRow {
  readonly resource: Resource;
}

/** The columns of ResourceRow but `refs`, from the table named. People's `meta` is stored: lists of them are long. */
export function resourceColumns(table: 'scim_users' | 'scim_groups'): RawBuilder<unknown> {
  const of = (column: string) => sql.raw(`${table}.${column}`);
  const meta =
    table === 'scim_users'
      ? of('meta')
      : metaText('Group', {
          created: of('created_at'),
          modified: of('last_modified'),
          version: of('version'),
        });
  return sql`${of('id')}, ${of('seq')}, ${of('wire')}, ${meta} as meta, ${of('version')}`;
}

/** RFC 7643 section 3.1.1; milliseconds, because that is what a clock of ours tells. */
const ISO = sql.raw(`'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`);

/** `meta` of StoredResource as an expression; its version is what etagOf makes of the number, as JSON. */
export function metaText(
  type: ResourceTypeName,
  parts: {
    readonly created: RawBuilder<unknown>;
    readonly modified: RawBuilder<unknown>;
    readonly version: RawBuilder<unknown>;
  },
): RawBuilder<string> {
  const start = sql.raw(`',"meta":{"resourceType":"${type}","created":"'`);
  return sql`concat(${start}, to_char(${parts.created} at time zone 'UTC', ${ISO}), '","lastModified":"',
    to_char(${parts.modified} at time zone 'UTC', ${ISO}), '","version":"W/\\"', ${parts.version},
    '\\"","location":')`;
}

/** The same for a row of scim_users that is being changed, at the moment given. */
export function nextMeta(at: RawBuilder<unknown>): RawBuilder<string> {
  const created = sql.raw('scim_users.created_at');
  return metaText('User', { created, modified: at, version: sql.raw('scim_users.version + 1') });
}

export function toStored(row: ResourceRow): StoredResource {
  const { id, seq, wire, meta, version, refs } = row;
  return { id, seq: Number(seq), wire, meta, version, references: refs };
}

export function toWhole(row: WholeRow): WholeResource {
  return { ...toStored(row), resource: row.resource };
}
