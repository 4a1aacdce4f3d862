import type { Transaction } from 'kysely';
import type { AuditEntry } from '../../tenancy/ports.js';
import { appendAudit } from '../audit.js';
import type { TenantDatabase } from '../database.js';
import type { Database } from '../tables.js';

/** Does something and writes its audit event in one transaction. False: it did not happen, and nothing is told. */
export async function audited(
  database: TenantDatabase,
  tenantId: string,
  audit: AuditEntry,
  work: (trx: Transaction<Database>) => Promise<boolean>,
): Promise<boolean> {
  return database
    .forTenant(tenantId)
    .transaction()
    .execute(async (trx) => {
      const isDone = await work(trx);
      if (isDone) await appendAudit(trx, tenantId, audit);
      return isDone;
    });
}
