import { sql, type RawBuilder } from 'kysely';
import type { WholeResource } from '../../directory/ports.js';
import type { Resource, StoredResource } from '../../directory/resource.js';

/** A resource's row as the driver gives it: int8 as text. */
export interface ResourceRow {
  readonly id: string;
  readonly seq: string;
  readonly wire: string;
  readonly version: number;
  /** Milliseconds: the driver takes far longer to read a date out of text. */
  readonly created_ms: number;
  readonly modified_ms: number;
  readonly refs: string | null;
}

export interface WholeRow extends ResourceRow {
  readonly resource: Resource;
}

/** The columns of ResourceRow but `refs`, from the table named. */
export function resourceColumns(table: 'scim_users' | 'scim_groups'): RawBuilder<unknown> {
  return sql.raw(`${table}.id, ${table}.seq, ${table}.wire, ${table}.version,
    date_part('epoch', ${table}.created_at) * 1000 as created_ms,
    date_part('epoch', ${table}.last_modified) * 1000 as modified_ms`);
}

export function toStored(row: ResourceRow): StoredResource {
  return {
    id: row.id,
    seq: Number(row.seq),
    wire: row.wire,
    version: row.version,
    createdAt: new Date(Math.round(row.created_ms)),
    lastModified: new Date(Math.round(row.modified_ms)),
    references: row.refs,
  };
}

export function toWhole(row: WholeRow): WholeResource {
  return { ...toStored(row), resource: row.resource };
}
