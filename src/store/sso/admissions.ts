import { createHash } from 'node:crypto';
import type { Selectable, Transaction } from 'kysely';
import type { Admission, AdmissionResult, AdmissionStore, IssuedRequest } from '../../sso/ports.js';
import type { TenantDatabase } from '../database.js';
import type { Database } from '../tables.js';
import type { SsoRequestsTable } from './tables.js';

/** Requests that wait for an answer and assertions that were used, shared by all processes. */
export function makeAdmissionStore(database: TenantDatabase): AdmissionStore {
  return {
    async issue(request) {
      await database
        .forTenant(request.tenantId)
        .insertInto('sso_requests')
        .values({
          tenant_id: request.tenantId,
          connection_id: request.connectionId,
          id: request.id,
          purpose: request.purpose,
          return_to: request.returnTo,
          browser_hash: request.browserHash,
          created_at: request.createdAt,
          expires_at: request.expiresAt,
        })
        .execute();
    },
    async peek(tenantId, connectionId, requestId) {
      const row = await database
        .forTenant(tenantId)
        .selectFrom('sso_requests')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('connection_id', '=', connectionId)
        .where('id', '=', requestId)
        .executeTakeFirst();
      return row === undefined ? null : toRequest(row);
    },
    admit: (admission) => admit(database, admission),
    async removeExpired(now) {
      const requests = await database
        .system()
        .deleteFrom('sso_requests')
        .where('expires_at', '<=', now)
        .executeTakeFirst();
      const assertions = await database
        .system()
        .deleteFrom('sso_assertions')
        .where('keep_until', '<=', now)
        .executeTakeFirst();
      return Number(requests.numDeletedRows + assertions.numDeletedRows);
    },
  };
}

/** Thrown inside the transaction so that a refused answer leaves nothing behind. */
class Refused extends Error {
  readonly result: AdmissionResult;

  constructor(result: AdmissionResult) {
    super(result.kind);
    this.result = result;
  }
}

async function admit(database: TenantDatabase, admission: Admission): Promise<AdmissionResult> {
  try {
    return await database
      .forTenant(admission.tenantId)
      .transaction()
      .execute(async (trx) => {
        if (!(await markUsed(trx, admission))) throw new Refused({ kind: 'replayed' });
        if (admission.requestId === null) return { kind: 'admitted', request: null } as const;
        const request = await takeRequest(trx, admission, admission.requestId);
        if (request === null) throw new Refused({ kind: 'unknownRequest' });
        return { kind: 'admitted', request } as const;
      });
  } catch (error) {
    if (error instanceof Refused) return error.result;
    throw error;
  }
}

/** A second insert of the same assertion waits for the first one's transaction and then finds the row. */
async function markUsed(trx: Transaction<Database>, admission: Admission): Promise<boolean> {
  const result = await trx
    .insertInto('sso_assertions')
    .values({
      tenant_id: admission.tenantId,
      connection_id: admission.connectionId,
      id_hash: createHash('sha256').update(admission.assertionId).digest(),
      keep_until: admission.keepUntil,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

async function takeRequest(
  trx: Transaction<Database>,
  admission: Admission,
  requestId: string,
): Promise<IssuedRequest | null> {
  const row = await trx
    .deleteFrom('sso_requests')
    .where('tenant_id', '=', admission.tenantId)
    .where('connection_id', '=', admission.connectionId)
    .where('id', '=', requestId)
    .where('expires_at', '>', admission.now)
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : toRequest(row);
}

function toRequest(row: Selectable<SsoRequestsTable>): IssuedRequest {
  return {
    tenantId: row.tenant_id,
    connectionId: row.connection_id,
    id: row.id,
    purpose: row.purpose,
    returnTo: row.return_to,
    browserHash: row.browser_hash,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}
