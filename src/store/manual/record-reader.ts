import type { RecordReader } from '../../manual/ports.js';
import type { TenantDatabase } from '../database.js';
import { readRecord } from './record.js';
import { listOpenSteps } from './step-rows.js';

/** What is known of phone systems without an API, in Postgres. */
export function makeRecordReader(database: TenantDatabase): RecordReader {
  return {
    read: (account) => readRecord(database.forTenant(account.tenantId), account),
    openSteps: (account) => listOpenSteps(database.forTenant(account.tenantId), account),
  };
}
