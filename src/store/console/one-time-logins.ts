import type { OneTimeLoginStore } from '../../administration/one-time-login.js';
import type { TenantDatabase } from '../database.js';

/** Sign-in links by hash. Redeeming finds the tenant by the hash, therefore in the system scope. */
export function makeOneTimeLoginStore(database: TenantDatabase): OneTimeLoginStore {
  return {
    async insert(hash, { tenantId, userId }, expiresAt) {
      await database
        .forTenant(tenantId)
        .insertInto('console_one_time_logins')
        .values({ tenant_id: tenantId, hash, user_id: userId, expires_at: expiresAt })
        .execute();
    },
    async take(hash) {
      const row = await database
        .system()
        .deleteFrom('console_one_time_logins')
        .where('hash', '=', hash)
        .returning(['tenant_id', 'user_id', 'expires_at'])
        .executeTakeFirst();
      if (row === undefined) return null;
      return { target: { tenantId: row.tenant_id, userId: row.user_id }, expiresAt: row.expires_at };
    },
    async deleteExpired(now) {
      await database.system().deleteFrom('console_one_time_logins').where('expires_at', '<=', now).execute();
    },
  };
}
