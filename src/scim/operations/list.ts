import { parseFilter } from '../../directory/filter/parse-filter.js';
import { resolveAttributePath } from '../../directory/filter/attribute-path.js';
import type { ListPage, ListQuery, ListWindow, SortKey } from '../../directory/ports.js';
import type { ResourceTypeName } from '../../directory/schema-catalogue.js';
import { AppError } from '../../domain/errors.js';
import type { CursorPosition, CursorScope } from '../cursor.js';
import { renderList, renderResource } from '../render.js';
import { ScimReply } from '../reply.js';
import type { ScimRequest } from '../request.js';
import { refBaseFor } from './answer.js';

/** GET /Users, GET /Groups and their searches: by index, or by cursor where one is given (RFC 9865). */
export async function listResources(request: ScimRequest, type: ResourceTypeName): Promise<ScimReply> {
  const { query } = request;
  const base = {
    filter:
      query.filter === null
        ? null
        : parseFilter(query.filter, { resourceType: type, ...request.services.limits.filter }),
    sort: sortKey(type, query.sortBy, query.descending),
    refBase: refBaseFor(request, type),
  };
  return query.cursor === null
    ? listByIndex(request, type, base)
    : listByCursor(request, type, base, query.cursor);
}

type QueryBase = Omit<ListQuery, 'window'>;

async function listByIndex(
  request: ScimRequest,
  type: ResourceTypeName,
  base: QueryBase,
): Promise<ScimReply> {
  const { startIndex, count } = request.query;
  const page = await readPage(request, type, {
    ...base,
    window: { by: 'index', offset: startIndex - 1, limit: count },
  });
  return listReply(request, type, page, { startIndex, nextCursor: null });
}

/** One row more than asked for is read: its presence is what tells that there is a next page. */
async function listByCursor(
  request: ScimRequest,
  type: ResourceTypeName,
  base: QueryBase,
  cursor: string,
): Promise<ScimReply> {
  const { query, services } = request;
  const scope: CursorScope = {
    tenantId: request.tenantId,
    query: [type, query.filter, query.sortBy, query.descending],
  };
  const start = cursor === '' ? null : services.cursors.decode(cursor, scope);
  const page = await readPage(request, type, { ...base, window: windowAt(base, start, query.count + 1) });
  const rows = page.rows.slice(0, query.count);
  const next = page.rows.length > query.count ? positionAfter(base, start, rows) : null;
  return listReply(
    request,
    type,
    { ...page, rows },
    {
      startIndex: null,
      nextCursor: next === null ? null : services.cursors.encode(next, scope),
    },
  );
}

function windowAt(base: QueryBase, start: CursorPosition | null, limit: number): ListWindow {
  if (base.sort === null) return { by: 'seq', after: start?.value ?? null, limit };
  return { by: 'index', offset: start?.value ?? 0, limit };
}

function positionAfter(
  base: QueryBase,
  start: CursorPosition | null,
  rows: ListPage['rows'],
): CursorPosition {
  if (base.sort !== null) return { by: 'offset', value: (start?.value ?? 0) + rows.length };
  return { by: 'seq', value: rows.at(-1)?.seq ?? start?.value ?? 0 };
}

function readPage(request: ScimRequest, type: ResourceTypeName, query: ListQuery): Promise<ListPage> {
  const { users, groups } = request.services;
  return type === 'User' ? users.list(request.tenantId, query) : groups.list(request.tenantId, query);
}

function listReply(
  request: ScimRequest,
  type: ResourceTypeName,
  page: ListPage,
  envelope: { readonly startIndex: number | null; readonly nextCursor: string | null },
): ScimReply {
  const projection = request.projection(type);
  const resources = page.rows.map((row) => renderResource(type, row, request.baseUrl, projection));
  return new ScimReply(200, renderList({ ...envelope, totalResults: page.total }, resources));
}

function sortKey(type: ResourceTypeName, sortBy: string | null, descending: boolean): SortKey | null {
  if (sortBy === null) return null;
  const path = resolveAttributePath(type, sortBy);
  if (path !== null && path.attribute.returned !== 'never') return { path, descending };
  throw new AppError('invalid', `There is no attribute "${sortBy}" to sort by.`, {
    scimType: 'invalidValue',
  });
}
