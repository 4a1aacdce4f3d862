import { sql } from 'kysely';
import type { ActualState } from '../domain/state.js';
import type { ReadingStore } from '../reconcile/ports.js';
import type { TenantDatabase } from './database.js';

/** The last complete reading of each account. */
export function makeReadingStore(database: TenantDatabase): ReadingStore {
  return {
    async now({ tenantId }) {
      const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(
        database.forTenant(tenantId),
      );
      return rows[0]?.now.getTime() ?? 0;
    },
    async latest({ tenantId, accountId }) {
      const row = await database
        .forTenant(tenantId)
        .selectFrom('account_readings')
        .select('body')
        .where('tenant_id', '=', tenantId)
        .where('account_id', '=', accountId)
        .executeTakeFirst();
      return row === undefined ? null : (row.body as ActualState);
    },
    async save({ tenantId, accountId }, reading) {
      const values = { read_at: new Date(reading.readAt), body: JSON.stringify(reading) };
      await database
        .forTenant(tenantId)
        .insertInto('account_readings')
        .values({ tenant_id: tenantId, account_id: accountId, ...values })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'account_id']).doUpdateSet(values))
        .execute();
    },
    async drop({ tenantId, accountId }) {
      await database
        .forTenant(tenantId)
        .deleteFrom('account_readings')
        .where('tenant_id', '=', tenantId)
        .where('account_id', '=', accountId)
        .execute();
    },
  };
}
