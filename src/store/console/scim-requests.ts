import { sql } from 'kysely';
import { cutPage, decodeCursor, type Page } from '../../administration/page.js';
import type {
  ScimRequestQuery,
  ScimRequestRecord,
  ScimRequestRow,
  ScimRequestsView,
  ScimRequestStore,
} from '../../administration/scim-requests.js';
import type { Db, TenantDatabase } from '../database.js';
import { likePattern } from './like.js';

export function makeScimRequestsView(database: TenantDatabase): ScimRequestsView {
  return {
    list: (tenantId, query) => listRequests(database.forTenant(tenantId), tenantId, query),
    async find(tenantId, id) {
      if (!isRowId(id)) return null;
      const requests = selectRequests(database.forTenant(tenantId), tenantId);
      return (await requests.where('id', '=', id).executeTakeFirst()) ?? null;
    },
  };
}

export function makeScimRequestStore(database: TenantDatabase): ScimRequestStore {
  return {
    async keep(tenantId, records, ringSize) {
      if (records.length === 0) return;
      await database
        .forTenant(tenantId)
        .transaction()
        .execute(async (trx) => {
          const rows = records.map((record) => toColumns(tenantId, record));
          await trx.insertInto('scim_requests').values(rows).execute();
          for (const failed of [true, false]) await cutRing(trx, tenantId, failed, ringSize);
        });
    },
    async forgetBefore(at) {
      await database.system().deleteFrom('scim_requests').where('at', '<', at).execute();
    },
  };
}

/** Each kind of outcome has a ring of its own: a thousand good reads must not push the one failure out. */
async function cutRing(trx: Db, tenantId: string, failed: boolean, ringSize: number): Promise<void> {
  await sql`delete from scim_requests where tenant_id = ${tenantId}::uuid and failed = ${failed} and id <= (
    select id from scim_requests where tenant_id = ${tenantId}::uuid and failed = ${failed}
    order by id desc offset ${ringSize} limit 1)`.execute(trx);
}

function toColumns(tenantId: string, record: ScimRequestRecord) {
  return {
    tenant_id: tenantId,
    at: record.at,
    actor: record.actor,
    method: record.method,
    path: record.path,
    query: record.query,
    status: record.status,
    duration_ms: record.durationMs,
    request_body: record.requestBody,
    request_bytes: record.requestBytes,
    response_body: record.responseBody,
    response_bytes: record.responseBytes,
    user_agent: record.userAgent,
    correlation_id: record.correlationId,
  };
}

function selectRequests(db: Db, tenantId: string) {
  return db
    .selectFrom('scim_requests')
    .select([
      'id',
      'at',
      'actor',
      'method',
      'path',
      'query',
      'status',
      'duration_ms as durationMs',
      'request_body as requestBody',
      'request_bytes as requestBytes',
      'response_body as responseBody',
      'response_bytes as responseBytes',
      'user_agent as userAgent',
      'correlation_id as correlationId',
    ])
    .where('tenant_id', '=', tenantId);
}

/** Characters of each body that a search looks at: the whole ring is read for it. */
const SEARCHED = 2_000;

async function listRequests(
  db: Db,
  tenantId: string,
  { failedOnly, method, search, after, limit }: ScimRequestQuery,
): Promise<Page<ScimRequestRow>> {
  let requests = selectRequests(db, tenantId).orderBy('id', 'desc');
  if (failedOnly) requests = requests.where('failed', '=', true);
  if (method !== null) requests = requests.where('method', '=', method);
  if (search !== '') {
    const pattern = `%${likePattern(search)}%`;
    requests = requests.where(sql<boolean>`concat_ws(' ', path, query, left(request_body, ${SEARCHED}),
      left(response_body, ${SEARCHED})) ilike ${pattern}`);
  }
  if (after !== null) {
    const [id] = decodeCursor(after, [isRowId]);
    requests = requests.where(sql<boolean>`id < ${id}::bigint`);
  }
  const rows = await requests.limit(limit + 1).execute();
  return cutPage(rows, limit, ({ id }) => [id]);
}

function isRowId(text: string): boolean {
  return /^\d{1,18}$/.test(text);
}
