import { parseSortBy } from '../../directory/filter/parse-path.js';
import { parseFilter } from '../../directory/filter/parse-filter.js';
import type { ListPage, ListQuery, ListWindow, SortKey } from '../../directory/ports.js';
import type { ResourceTypeName } from '../../directory/schema-catalogue.js';
import type { CursorPosition, CursorScope } from '../cursor.js';
import { renderList, renderListText, type ListEnvelope } from '../render.js';
import { ScimReply } from '../reply.js';
import type { ScimRequest } from '../request.js';
import { refBaseFor, renderRows } from './answer.js';

/** A list without saying which part of it. */
export type ListSelection = Omit<ListQuery, 'window'>;

/** GET /Users, GET /Groups and their searches: by index, or by cursor where one is given (RFC 9865). */
export async function listResources(request: ScimRequest, type: ResourceTypeName): Promise<ScimReply> {
  const { cursor, startIndex, count } = request.query;
  const selection = readSelection(request, type);
  if (cursor !== null) return listByCursor(request, type, selection, cursor);
  if (type === 'User' && isEverybody(request, selection)) return listEverybody(request);
  const page = await readPage(request, type, selection, {
    by: 'index',
    offset: startIndex - 1,
    limit: count,
  });
  return listReply(await renderRows(request, type, page.rows), {
    totalResults: page.total,
    startIndex,
    nextCursor: null,
  });
}

/** Nobody is picked out, nothing is left out, and there is no order but that of creation. */
function isEverybody(request: ScimRequest, { filter, sort, refBase }: ListSelection): boolean {
  const isPlain = filter === null && sort === null && refBase !== null;
  return isPlain && request.query.count > 0 && request.projection('User').isWhole;
}

async function listEverybody({ query, services, tenantId, baseUrl }: ScimRequest): Promise<ScimReply> {
  const { startIndex, count: limit } = query;
  const page = await services.users.listEverybody(tenantId, { offset: startIndex - 1, limit, baseUrl });
  const envelope = { totalResults: page.total, startIndex, nextCursor: null };
  return new ScimReply(200, renderListText(envelope, page));
}

/** What the request asks for of one resource type. Throws AppError `invalid` for what that type does not have. */
export function readSelection(request: ScimRequest, type: ResourceTypeName): ListSelection {
  const { filter, sortBy, descending } = request.query;
  return {
    filter:
      filter === null ? null : parseFilter(filter, { resourceType: type, ...request.services.limits.filter }),
    sort: sortKey(type, sortBy, descending),
    refBase: refBaseFor(request, type),
  };
}

export function readPage(
  request: ScimRequest,
  type: ResourceTypeName,
  selection: ListSelection,
  window: ListWindow,
): Promise<ListPage> {
  const { users, groups } = request.services;
  const directory = type === 'User' ? users : groups;
  return directory.list(request.tenantId, { ...selection, window });
}

export function listReply(resources: readonly string[], envelope: ListEnvelope): ScimReply {
  return new ScimReply(200, renderList(envelope, resources));
}

/** One row more than asked for is read: its presence is what tells that there is a next page. */
async function listByCursor(
  request: ScimRequest,
  type: ResourceTypeName,
  selection: ListSelection,
  cursor: string,
): Promise<ScimReply> {
  const { query, services, tenantId } = request;
  const scope: CursorScope = { tenantId, query: [type, query.filter, query.sortBy, query.descending] };
  const start = cursor === '' ? null : services.cursors.decode(cursor, scope);
  const page = await readPage(request, type, selection, windowAt(selection, start, query.count + 1));
  const rows = page.rows.slice(0, query.count);
  const next = page.rows.length > query.count ? positionAfter(selection, start, rows) : null;
  return listReply(await renderRows(request, type, rows), {
    totalResults: page.total,
    startIndex: null,
    nextCursor: next === null ? null : services.cursors.encode(next, scope),
  });
}

function windowAt(selection: ListSelection, start: CursorPosition | null, limit: number): ListWindow {
  if (selection.sort === null) return { by: 'seq', after: start?.value ?? null, limit };
  return { by: 'index', offset: start?.value ?? 0, limit };
}

function positionAfter(
  selection: ListSelection,
  start: CursorPosition | null,
  rows: ListPage['rows'],
): CursorPosition {
  const before = start?.value ?? 0;
  if (selection.sort !== null) return { by: 'offset', value: before + rows.length };
  return { by: 'seq', value: rows.at(-1)?.seq ?? before };
}

function sortKey(type: ResourceTypeName, sortBy: string | null, descending: boolean): SortKey | null {
  return sortBy === null ? null : { path: parseSortBy(sortBy, { resourceType: type }), descending };
}
