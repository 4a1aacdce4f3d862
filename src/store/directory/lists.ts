import { sql, type RawBuilder } from 'kysely';
import type { ListPage, ListQuery, ListWindow } from '../../directory/ports.js';
import type { ResourceTypeName } from '../../directory/schema-catalogue.js';
import type { Db } from '../database.js';
import { totalCount } from './counts.js';
import { compileFilter } from './filter-sql.js';
import { groupsOfUser, membersOfGroup } from './references.js';
import { resourceColumns, toStored, type ResourceRow } from './rows.js';
import { compileSort } from './sort-sql.js';

interface ListRow extends ResourceRow {
  /** Set on unfiltered pages. */
  readonly total: string | null;
}

/** One page of users or groups, with the total of everything that matches. */
export async function listResources(
  db: Db,
  tenantId: string,
  type: ResourceTypeName,
  query: ListQuery,
): Promise<ListPage> {
  const matching = condition(tenantId, type, query);
  const rows = query.window.limit === 0 ? [] : await readPage(db, tenantId, type, query, matching);
  const total =
    knownTotal(query, rows) ?? (await countMatching(db, tenantId, type, query.filter === null, matching));
  return { total, rows: rows.map(toStored) };
}

async function readPage(
  db: Db,
  tenantId: string,
  type: ResourceTypeName,
  query: ListQuery,
  matching: RawBuilder<unknown>,
): Promise<readonly ListRow[]> {
  const table = tableOf(type);
  const references = type === 'User' ? groupsOfUser(query.refBase) : membersOfGroup(query.refBase);
  const total = query.filter === null ? totalCount(tenantId, type) : sql`null`;
  // Ids first, on the index alone: rows that an offset skips are not read.
  const { rows } = await sql<ListRow>`
    select ${resourceColumns(table)}, ${references} as refs, ${total} as total
    from ${sql.table(table)}
    join (${pageOfIds(type, query, matching)}) as page on page.id = ${sql.ref(`${table}.id`)}
    where ${sql.ref(`${table}.tenant_id`)} = ${tenantId}::uuid
    order by page.position`.execute(db);
  return rows;
}

/** The ids of the page and their positions. */
function pageOfIds(
  type: ResourceTypeName,
  query: ListQuery,
  matching: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const table = tableOf(type);
  const seq = sql.ref(`${table}.seq`);
  const { window, sort } = query;
  const order = sort === null ? sql`${seq} asc` : compileSort(sort, type);
  const after =
    window.by === 'seq' && window.after !== null ? sql`and ${seq} > ${window.after}::bigint` : sql``;
  const offset = window.by === 'index' && window.offset > 0 ? sql`offset ${window.offset}::bigint` : sql``;
  return sql`select ${sql.ref(`${table}.id`)} as id, row_number() over (order by ${order}) as position
    from ${sql.table(table)} where ${matching} ${after}
    order by ${order} limit ${window.limit}::bigint ${offset}`;
}

function condition(tenantId: string, type: ResourceTypeName, query: ListQuery): RawBuilder<unknown> {
  const table = tableOf(type);
  const live = sql`${sql.ref(`${table}.tenant_id`)} = ${tenantId}::uuid and ${sql.ref(`${table}.deleted_at`)} is null`;
  if (query.filter === null) return live;
  return sql`${live} and ${compileFilter(query.filter, { resourceType: type, tenantId })}`;
}

/** A page that is not full ends the list; an unfiltered one brought the total along. */
function knownTotal(query: ListQuery, rows: readonly ListRow[]): number | null {
  const [first] = rows;
  if (first?.total !== null && first !== undefined) return Number(first.total);
  const skipped = skippedBy(query.window);
  if (skipped === null || rows.length >= query.window.limit) return null;
  return rows.length > 0 || skipped === 0 ? skipped + rows.length : null;
}

/** How many matching rows come before the window; null when that is not known. */
function skippedBy(window: ListWindow): number | null {
  if (window.by === 'index') return window.offset;
  return window.after === null ? 0 : null;
}

async function countMatching(
  db: Db,
  tenantId: string,
  type: ResourceTypeName,
  isUnfiltered: boolean,
  matching: RawBuilder<unknown>,
): Promise<number> {
  const counted = isUnfiltered
    ? sql<{ total: string }>`select ${totalCount(tenantId, type)} as total`
    : sql<{ total: string }>`select count(*) as total from ${sql.table(tableOf(type))} where ${matching}`;
  const { rows } = await counted.execute(db);
  return Number(rows[0]?.total ?? 0);
}

function tableOf(type: ResourceTypeName): 'scim_users' | 'scim_groups' {
  return type === 'User' ? 'scim_users' : 'scim_groups';
}
