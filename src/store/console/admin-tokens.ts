import type { AdminTokenStore } from '../../administration/api-access.js';
import type { TenantDatabase } from '../database.js';

/** Admin tokens by hash. The hash tells the tenant, therefore in the system scope. */
export function makeAdminTokenStore(database: TenantDatabase): AdminTokenStore {
  return {
    async find(hash) {
      const row = await database
        .system()
        .selectFrom('api_tokens')
        .selectAll()
        .where('hash', '=', hash)
        .where('kind', '=', 'admin')
        .executeTakeFirst();
      if (row === undefined) return null;
      return {
        tenantId: row.tenant_id,
        tokenId: row.id,
        name: row.name,
        scopes: row.scopes,
        expiresAt: row.expires_at,
        revokedAt: row.revoked_at,
        lastUsedAt: row.last_used_at,
      };
    },
    async touch({ tenantId, tokenId }, at) {
      await database
        .forTenant(tenantId)
        .updateTable('api_tokens')
        .set({ last_used_at: at })
        .where('tenant_id', '=', tenantId)
        .where('id', '=', tokenId)
        .execute();
    },
  };
}
