import type { ScimTokenStore } from '../../directory/access.js';
import type { TenantDatabase } from '../database.js';
import { guarded } from './guard.js';

/** SCIM tokens by their hash. Which tenant a token belongs to is not known before, hence the system scope. */
export function makeScimTokenStore(database: TenantDatabase): ScimTokenStore {
  return {
    find: (hash) =>
      guarded(async () => {
        const row = await database
          .system()
          .selectFrom('api_tokens')
          .select(['tenant_id', 'id', 'name', 'expires_at', 'revoked_at'])
          .where('hash', '=', hash)
          .where('kind', '=', 'scim')
          .executeTakeFirst();
        if (row === undefined) return null;
        return {
          tenantId: row.tenant_id,
          tokenId: row.id,
          name: row.name,
          expiresAt: row.expires_at,
          revokedAt: row.revoked_at,
        };
      }),
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
