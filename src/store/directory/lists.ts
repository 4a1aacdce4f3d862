import { sql, type RawBuilder } from 'kysely';
import type { ListPage, ListQuery, ListWindow } from '../../directory/ports.js';
import type { ResourceTypeName } from '../../directory/schema-catalogue.js';
import type { Db } from '../database.js';
import { PREPARED } from '../prepared.js';
import { totalCount } from './counts.js';
import { compileFilter } from './filter-sql.js';
import { withMembers } from './groups.js';
import { pageOf } from './pages.js';
import { groupsOfUser, groupsOfUsers } from './references.js';
import { resourceColumns, toStored, type ResourceRow } from './rows.js';

interface ListRow extends ResourceRow {
  /** Set on unfiltered pages. */
  readonly total: string | null;
}

/** Made once: a statement that is built anew for each request should be built of few pieces. */
const SOURCES = {
  User: { table: sql.raw('scim_users'), columns: resourceColumns('scim_users') },
  Group: { table: sql.raw('scim_groups'), columns: resourceColumns('scim_groups') },
};

/** One page of users or groups, with the total of everything that matches. */
export async function listResources(
  db: Db,
  tenantId: string,
  type: ResourceTypeName,
  query: ListQuery,
  membersMax: number,
): Promise<ListPage> {
  const matching = condition(tenantId, type, query);
  const rows = query.window.limit === 0 ? [] : await readPage(db, tenantId, type, query, matching);
  const total =
    knownTotal(query, rows) ?? (await countMatching(db, tenantId, type, query.filter === null, matching));
  const stored = rows.map(toStored);
  if (type === 'User') return { total, rows: stored };
  return {
    total,
    rows: await withMembers(db, tenantId, stored, { refBase: query.refBase, max: membersMax }),
  };
}

async function readPage(
  db: Db,
  tenantId: string,
  type: ResourceTypeName,
  query: ListQuery,
  matching: RawBuilder<unknown>,
): Promise<readonly ListRow[]> {
  const { table, columns } = SOURCES[type];
  const total = query.filter === null ? totalCount(tenantId, type) : null;
  const page = pageOf({ type, tenantId, query, matching, total });
  const refs = type === 'User' && isLookUp(query) ? groupsOfUser(query.refBase) : sql`null`;
  const plain = sql`select ${columns}, ${refs} as refs, ${total ?? sql`null`} as total from ${table} ${page}`;
  const bringsGroups = type === 'User' && !isLookUp(query) && query.refBase !== null;
  const whole = bringsGroups ? withGroups(tenantId, query.refBase, plain) : plain;
  const { rows } = await sql<ListRow>`${isCommon(query) ? PREPARED : sql``} ${whole}`.execute(db);
  return rows;
}

/** Finds few people, whose groups are looked up one by one. */
function isLookUp({ filter }: ListQuery): boolean {
  return filter !== null;
}

/** A page of people and their groups, all of which are read at once. */
function withGroups(tenantId: string, refBase: string, page: RawBuilder<unknown>): RawBuilder<unknown> {
  const groups = groupsOfUsers(tenantId, refBase, sql`array(select id from page)`);
  return sql`with page as materialized (
      select listed.*, row_number() over () as position from (${page}) as listed),
    groups as (${groups})
    select page.id, page.seq, page.wire, page.version, page.created_ms, page.modified_ms, page.total,
      coalesce(groups.refs, '') as refs
    from page left join groups on groups.user_id = page.id order by page.position`;
}

/** Few different texts: whole lists and look-ups by one value, which is what IdPs send all day. */
export function isCommon({ filter, sort }: ListQuery): boolean {
  return sort === null && (filter === null || (filter.type === 'compare' && filter.operator === 'eq'));
}

function condition(tenantId: string, type: ResourceTypeName, query: ListQuery): RawBuilder<unknown> {
  const { table } = SOURCES[type];
  const live = sql`${table}.tenant_id = ${tenantId}::uuid and ${table}.deleted_at is null`;
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
    : sql<{ total: string }>`select count(*) as total from ${SOURCES[type].table} where ${matching}`;
  const { rows } = await counted.execute(db);
  return Number(rows[0]?.total ?? 0);
}
