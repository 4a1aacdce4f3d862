import type { ResourceTypeName } from '../../directory/schema-catalogue.js';
import { AppError, isAppError } from '../../domain/errors.js';
import { normaliseQuery } from '../normalise/query.js';
import { objectBody } from '../normalise/resource.js';
import { isEmpty } from '../normalise/values.js';
import type { ScimReply } from '../reply.js';
import type { ScimRequest } from '../request.js';
import { renderRows } from './answer.js';
import { listReply, listResources, readPage, readSelection, type ListSelection } from './list.js';

const SEARCH_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';
const TYPES: readonly ResourceTypeName[] = ['User', 'Group'];

/** POST /.search, /Users/.search, /Groups/.search (RFC 7644 section 3.4.3). `type` null: users, then groups. */
export function search(
  request: ScimRequest,
  type: ResourceTypeName | null,
  body: unknown,
): Promise<ScimReply> {
  const message = objectBody(body);
  const schemas = message['schemas'];
  const urns: readonly unknown[] = Array.isArray(schemas) ? schemas : [schemas];
  if (!isEmpty(schemas) && !urns.includes(SEARCH_SCHEMA)) {
    throw new AppError('invalid', `"schemas" must name ${SEARCH_SCHEMA}.`, { scimType: 'invalidSyntax' });
  }
  const searching = request.with({ query: normaliseQuery(message, request.services.limits) });
  return type === null ? searchAll(searching) : listResources(searching, type);
}

/** Pages run on from the users into the groups. */
async function searchAll(request: ScimRequest): Promise<ScimReply> {
  const { startIndex, count, cursor } = request.query;
  if (cursor !== null) {
    throw new AppError('invalid', 'A search over all resource types pages by startIndex.', {
      scimType: 'invalidCursor',
    });
  }
  const selections = selectionsOf(request);
  const resources: string[] = [];
  let total = 0;
  for (const { type, selection } of selections) {
    const offset = Math.max(0, startIndex - 1 - total);
    const window = { by: 'index', offset, limit: count - resources.length } as const;
    const page = await readPage(request, type, selection, window);
    resources.push(...(await renderRows(request, type, page.rows)));
    total += page.total;
  }
  return listReply(resources, { totalResults: total, startIndex, nextCursor: null });
}

/** A type that does not know an attribute of the filter has no matches; a filter that fits none is refused. */
function selectionsOf(request: ScimRequest): readonly Searched[] {
  const fitting: Searched[] = [];
  const refusals: AppError[] = [];
  for (const type of TYPES) {
    try {
      fitting.push({ type, selection: readSelection(request, type) });
    } catch (error) {
      if (!isAppError(error, 'invalid')) throw error;
      refusals.push(error);
    }
  }
  const [refusal] = refusals;
  if (fitting.length === 0 && refusal !== undefined) throw refusal;
  return fitting;
}

interface Searched {
  readonly type: ResourceTypeName;
  readonly selection: ListSelection;
}
