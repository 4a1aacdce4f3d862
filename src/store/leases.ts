import { sql } from 'kysely';
import type { AccountKey } from '../reconcile/account.js';
import type { LeaseStore } from '../reconcile/lease.js';
import type { TenantDatabase } from './database.js';

/** Leases on accounts, in their rows. All times are the database's, so that machines need not agree on theirs. */
export function makeLeaseStore(database: TenantDatabase): LeaseStore {
  const update = (account: AccountKey) =>
    database
      .forTenant(account.tenantId)
      .updateTable('accounts')
      .where('tenant_id', '=', account.tenantId)
      .where('id', '=', account.accountId);
  return {
    async take(account, holder, ttlMs) {
      const taken = await update(account)
        .set({ lease_holder: holder, lease_until: after(ttlMs) })
        .where((eb) =>
          eb.or([
            eb('lease_holder', 'is', null),
            eb('lease_holder', '=', holder),
            eb('lease_until', '<=', sql<Date>`clock_timestamp()`),
          ]),
        )
        .executeTakeFirst();
      if (taken.numUpdatedRows === 1n) return { isTaken: true, holder };
      return { isTaken: false, holder: await currentHolder(database, account) };
    },
    async takeFrom(account, gone, holder, ttlMs) {
      const taken = await update(account)
        .set({ lease_holder: holder, lease_until: after(ttlMs) })
        .where('lease_holder', '=', gone)
        .executeTakeFirst();
      return taken.numUpdatedRows === 1n;
    },
    async renew(account, holder, ttlMs) {
      const renewed = await update(account)
        .set({ lease_until: after(ttlMs) })
        .where('lease_holder', '=', holder)
        .where('lease_until', '>', sql<Date>`clock_timestamp()`)
        .executeTakeFirst();
      return renewed.numUpdatedRows === 1n;
    },
    async release(account, holder) {
      await update(account)
        .set({ lease_holder: null, lease_until: null })
        .where('lease_holder', '=', holder)
        .execute();
    },
  };
}

function after(ms: number) {
  return sql<Date>`clock_timestamp() + make_interval(secs => ${ms / 1000})`;
}

async function currentHolder(database: TenantDatabase, account: AccountKey): Promise<string> {
  const row = await database
    .forTenant(account.tenantId)
    .selectFrom('accounts')
    .select('lease_holder')
    .where('tenant_id', '=', account.tenantId)
    .where('id', '=', account.accountId)
    .executeTakeFirst();
  return row?.lease_holder ?? '';
}
