import { sql, type RawBuilder } from 'kysely';
import type { ListQuery } from '../../directory/ports.js';
import type { ResourceTypeName } from '../../directory/schema-catalogue.js';
import { compileSort } from './sort-sql.js';

/** Up to here the rows that an offset skips are read; beyond, only an index is. */
const NEAR_OFFSET = 1_000;
/** Up to here the index is walked from the start: less work than planning to walk it from either end. */
const WALKED_OFFSET = 5_000;

export interface PageSource {
  readonly type: ResourceTypeName;
  readonly tenantId: string;
  readonly query: ListQuery;
  /** Which rows are in the list. */
  readonly matching: RawBuilder<unknown>;
  /** How many rows that are, as a scalar subquery; null where nobody knows without counting. */
  readonly total: RawBuilder<unknown> | null;
}

/**
 * What stands behind `select … from <table>`: the rows of one page in their order. The limit, one of few, is part of
 * the text: a statement whose limit Postgres does not know is planned anew every time.
 */
export function pageOf(source: PageSource): RawBuilder<unknown> {
  const { window, sort } = source.query;
  if (sort !== null) return byId(source, sortedIds(source));
  const { seq } = COLUMNS[source.type];
  if (window.by === 'seq') {
    const after = window.after === null ? sql`` : sql`and ${seq} > ${window.after}::bigint`;
    return sql`where ${source.matching} ${after} order by ${seq} limit ${sql.lit(window.limit)}`;
  }
  if (window.offset <= NEAR_OFFSET) {
    const offset = window.offset === 0 ? sql`` : sql`offset ${opaque(window.offset)}`;
    return sql`where ${source.matching} order by ${seq} limit ${sql.lit(window.limit)} ${offset}`;
  }
  const { total } = source;
  const isWalked = total === null || window.offset <= WALKED_OFFSET;
  const ids = isWalked ? skippedIds(source) : idsFromNearerEnd(source, total);
  return byId(source, ids);
}

/** The rows with these ids, in the order of the ids. */
function byId({ type, tenantId }: PageSource, ids: RawBuilder<unknown>): RawBuilder<unknown> {
  const { table, id } = COLUMNS[type];
  return sql`join unnest(${ids}) with ordinality as page(id, position) on page.id = ${id}
    where ${table}.tenant_id = ${tenantId}::uuid order by page.position`;
}

function sortedIds({ type, query, matching }: PageSource): RawBuilder<unknown> {
  const { id, table } = COLUMNS[type];
  const order = query.sort === null ? sql`` : sql`order by ${compileSort(query.sort, type)}`;
  return sql`array(select ${id} from ${table} where ${matching} ${order}
    limit ${query.window.limit}::bigint offset ${offsetOf(query)}::bigint)`;
}

function skippedIds({ type, query, matching }: PageSource): RawBuilder<unknown> {
  const { id, seq, table } = COLUMNS[type];
  return sql`array(select ${id} from ${table} where ${matching} order by ${seq}
    limit ${sql.lit(query.window.limit)} offset ${opaque(offsetOf(query))})`;
}

/** A number that Postgres does not look at when it plans: it would plan anew for every other one. */
function opaque(value: number): RawBuilder<unknown> {
  return sql`(select ${value}::bigint)`;
}

/**
 * Walks the order of creation from whichever end is nearer: the last page costs what the first one does. Only one of
 * the two halves runs; total and rows are of one snapshot, so positions counted from the end are exact.
 */
function idsFromNearerEnd(
  { type, query, matching }: PageSource,
  total: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const { seq, id, table } = COLUMNS[type];
  const { limit } = query.window;
  const offset = offsetOf(query);
  const isNearStart = sql`${offset}::bigint * 2 < ${total}`;
  return sql`array(select ${id} from ${table} where ${matching} and ${isNearStart}
      order by ${seq} limit ${limit}::bigint offset ${offset}::bigint)
    || array(select near.id from (
      select ${id}, ${seq} from ${table} where ${matching} and not (${isNearStart})
      order by ${seq} desc limit greatest(least(${limit}::bigint, ${total} - ${offset}::bigint), 0)
      offset greatest(${total} - ${offset}::bigint - ${limit}::bigint, 0)) as near
      order by near.seq)`;
}

function offsetOf({ window }: ListQuery): number {
  return window.by === 'index' ? window.offset : 0;
}

/** Made once: a statement that is built anew for each request should be built of few pieces. */
const COLUMNS = { User: columnsFor('scim_users'), Group: columnsFor('scim_groups') };

function columnsFor(table: string) {
  return { table: sql.raw(table), seq: sql.raw(`${table}.seq`), id: sql.raw(`${table}.id`) };
}
