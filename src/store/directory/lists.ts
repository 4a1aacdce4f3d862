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
  const prepared = isCommon(query) ? PREPARED : sql``;
  const listed = sql`select ${columns}, ${refs} as refs, ${total ?? sql`null`} as total from ${table} ${page}`;
  if (type === 'User' && !isLookUp(query) && query.refBase !== null) {
    return readWithGroups(db, tenantId, query.refBase, { prepared, listed, sorted: query.sort !== null });
  }
  const { rows } = await sql<ListRow>`${prepared} ${listed}`.execute(db);
  return rows;
}

/** By what IdPs look up the one person they mean. */
const IDENTIFYING: ReadonlySet<string> = new Set(['id', 'userName', 'externalId', 'emails']);

/** Finds few people, whose groups are looked up one by one: cheaper for one, and several times dearer for a page. */
function isLookUp({ filter }: ListQuery): boolean {
  if (filter?.type !== 'compare' || filter.operator !== 'eq') return false;
  return IDENTIFYING.has(filter.path.attribute.name);
}

interface PeoplePage {
  readonly prepared: RawBuilder<unknown>;
  /** The rows of the page in their order. */
  readonly listed: RawBuilder<unknown>;
  /** In another order than that of creation. */
  readonly sorted: boolean;
}

/** Of a person, or the groups of one: only id and refs then. */
interface PersonOrGroups extends Omit<ListRow, 'refs'> {
  refs: string | null;
  readonly place: string | null;
}

/**
 * A page of people and their groups, all of which are read at once. One below the other and put together here: to join
 * them, Postgres would copy every person's text several times. In no order, as a union is.
 */
async function readWithGroups(
  db: Db,
  tenantId: string,
  refBase: string,
  { prepared, listed, sorted }: PeoplePage,
): Promise<readonly ListRow[]> {
  const place = sorted ? sql`row_number() over ()` : sql`listed.seq`;
  const { rows } = await sql<PersonOrGroups>`${prepared}
    with page as materialized (select listed.*, ${place} as place from (${listed}) as listed)
    select id, seq, wire, meta, version, refs, total, place from page
    union all
    select user_id, null, null, null, null, refs, null, null
    from (${groupsOfUsers(tenantId, refBase, sql`array(select id from page)`)}) as groups`.execute(db);
  const groups = new Map<string, string | null>();
  const people: PersonOrGroups[] = [];
  for (const row of rows) {
    if (row.place === null) groups.set(row.id, row.refs);
    else people.push(row);
  }
  for (const person of people) person.refs = groups.get(person.id) ?? '';
  return people.sort((a, b) => Number(a.place) - Number(b.place));
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
