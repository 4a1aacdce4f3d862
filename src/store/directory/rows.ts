import { sql, type RawBuilder } from 'kysely';
import type { LockedResource } from '../../directory/ports.js';
import type { Resource, StoredResource } from '../../directory/resource.js';

/** A resource's row as the driver gives it: int8 as text. */
export interface ResourceRow {
  readonly id: string;
  readonly seq: string;
  readonly wire: string;
  readonly version: number;
  readonly created_at: Date;
  readonly last_modified: Date;
  readonly refs: string | null;
}

export interface LockedRow extends ResourceRow {
  readonly resource: Resource;
}

/** The columns of StoredResource, from the table named. */
export function resourceColumns(table: 'scim_users' | 'scim_groups'): RawBuilder<unknown> {
  const names = ['id', 'seq', 'wire', 'version', 'created_at', 'last_modified'];
  return sql.join(names.map((name) => sql.ref(`${table}.${name}`)));
}

export function toStored(row: ResourceRow): StoredResource {
  return {
    id: row.id,
    seq: Number(row.seq),
    wire: row.wire,
    version: row.version,
    createdAt: row.created_at,
    lastModified: row.last_modified,
    references: row.refs,
  };
}

export function toLocked(row: LockedRow): LockedResource {
  return { ...toStored(row), resource: row.resource };
}
