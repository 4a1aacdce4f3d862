import type { OneTimeLoginStore } from '../../administration/one-time-login.js';
import { appendAudit } from '../audit.js';
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
    take: (hash, now) =>
      database
        .system()
        .transaction()
        .execute(async (trx) => {
          const row = await trx
            .deleteFrom('console_one_time_logins')
            .where('hash', '=', hash)
            .where('expires_at', '>', now)
            .returning(['tenant_id', 'user_id'])
            .executeTakeFirst();
          if (row === undefined) return null;
          await trx
            .updateTable('console_users')
            .set({ last_login_at: now })
            .where('tenant_id', '=', row.tenant_id)
            .where('id', '=', row.user_id)
            .execute();
          await appendAudit(trx, row.tenant_id, {
            at: now,
            actor: 'local',
            action: 'console.one-time-login',
            targetType: 'console-user',
            targetId: row.user_id,
          });
          return { tenantId: row.tenant_id, userId: row.user_id };
        }),
    async deleteExpired(now) {
      await database.system().deleteFrom('console_one_time_logins').where('expires_at', '<=', now).execute();
    },
  };
}
