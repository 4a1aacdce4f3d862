import type { Selectable } from 'kysely';
import type { TraceStore } from '../../sso/ports.js';
import type { Trace } from '../../sso/trace.js';
import type { TenantDatabase } from '../database.js';
import type { SsoTracesTable } from './tables.js';

/** The part of a trace that is not a column. */
type TraceBody = Pick<Trace, 'connectionName' | 'idpKind' | 'findings' | 'arrived' | 'granted'>;

/** Sign-in traces in Postgres. */
export function makeTraceStore(database: TenantDatabase): TraceStore {
  return {
    async insert(trace, keep) {
      const isStored = await insertTrace(database, trace);
      if (isStored) await removeOldest(database, trace, keep);
      return isStored;
    },
    findByFriendlyId: (tenantId, friendlyId) => findOne(database, tenantId, 'friendly_id', friendlyId),
    findByRequest: (tenantId, requestId) => findOne(database, tenantId, 'request_id', requestId),
    async recent(tenantId, connectionId, limit) {
      const rows = await select(database, tenantId)
        .$if(connectionId !== null, (query) => query.where('connection_id', '=', connectionId ?? ''))
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(toTrace);
    },
    async removeExpired(now) {
      const result = await database
        .system()
        .deleteFrom('sso_traces')
        .where('expires_at', '<=', now)
        .executeTakeFirst();
      return Number(result.numDeletedRows);
    },
  };
}

function select(database: TenantDatabase, tenantId: string) {
  return database.forTenant(tenantId).selectFrom('sso_traces').selectAll().where('tenant_id', '=', tenantId);
}

async function findOne(
  database: TenantDatabase,
  tenantId: string,
  column: 'friendly_id' | 'request_id',
  value: string,
): Promise<Trace | null> {
  const row = await select(database, tenantId)
    .where(column, '=', value)
    .orderBy('id', 'desc')
    .executeTakeFirst();
  return row === undefined ? null : toTrace(row);
}

async function insertTrace(database: TenantDatabase, trace: Trace): Promise<boolean> {
  const { connectionName, idpKind, findings, arrived, granted } = trace;
  const body: TraceBody = { connectionName, idpKind, findings, arrived, granted };
  const result = await database
    .forTenant(trace.tenantId)
    .insertInto('sso_traces')
    .values({
      tenant_id: trace.tenantId,
      id: trace.id,
      friendly_id: trace.friendlyId,
      connection_id: trace.connectionId,
      request_id: trace.requestId,
      at: trace.at,
      purpose: trace.purpose,
      outcome: trace.outcome,
      body: JSON.stringify(body),
      expires_at: trace.expiresAt,
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'friendly_id']).doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** Anybody can make a sign-in fail: what that writes must stay bounded. */
async function removeOldest(database: TenantDatabase, trace: Trace, keep: number): Promise<void> {
  const db = database.forTenant(trace.tenantId);
  const isOfConnection = { tenant_id: trace.tenantId, connection_id: trace.connectionId };
  const oldestKept = await db
    .selectFrom('sso_traces')
    .select('id')
    .where('tenant_id', '=', isOfConnection.tenant_id)
    .where('connection_id', '=', isOfConnection.connection_id)
    .orderBy('id', 'desc')
    .offset(keep - 1)
    .limit(1)
    .executeTakeFirst();
  if (oldestKept === undefined) return;
  await db
    .deleteFrom('sso_traces')
    .where('tenant_id', '=', isOfConnection.tenant_id)
    .where('connection_id', '=', isOfConnection.connection_id)
    .where('id', '<', oldestKept.id)
    .execute();
}

function toTrace(row: Selectable<SsoTracesTable>): Trace {
  return {
    ...(row.body as TraceBody),
    tenantId: row.tenant_id,
    id: row.id,
    friendlyId: row.friendly_id,
    connectionId: row.connection_id,
    requestId: row.request_id,
    at: row.at,
    purpose: row.purpose,
    outcome: row.outcome,
    expiresAt: row.expires_at,
  };
}
