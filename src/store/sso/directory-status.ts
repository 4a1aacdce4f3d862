import { foldCase } from '../../directory/case-fold.js';
import type { JitDirectory } from '../../sso/ports.js';
import type { TenantDatabase } from '../database.js';

/** What the SCIM directory says about somebody who signs in. */
export function makeDirectoryStatus(
  database: TenantDatabase,
  now: () => Date,
): Pick<JitDirectory, 'isScimOn' | 'statusOf'> {
  return {
    async isScimOn(tenantId) {
      return (await hasScimToken(database, tenantId, now())) || hasOauthClient(database, tenantId);
    },
    async statusOf(tenantId, { nameId, email }) {
      const keys = [nameId, email].filter((key) => key !== null).map(foldCase);
      const users = await findUsers(database, tenantId, keys);
      if (users.length === 0) return 'unknown';
      return users.some((user) => user.active && user.deleted_at === null) ? 'active' : 'inactive';
    },
  };
}

async function hasScimToken(database: TenantDatabase, tenantId: string, now: Date): Promise<boolean> {
  const row = await database
    .forTenant(tenantId)
    .selectFrom('api_tokens')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('kind', '=', 'scim')
    .where('revoked_at', 'is', null)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

async function hasOauthClient(database: TenantDatabase, tenantId: string): Promise<boolean> {
  const row = await database
    .forTenant(tenantId)
    .selectFrom('oauth_clients')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('revoked_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** By user name or any e-mail. Deleted people are found too: their tombstone is what keeps them out. */
async function findUsers(database: TenantDatabase, tenantId: string, keys: readonly string[]) {
  return database
    .forTenant(tenantId)
    .selectFrom('scim_users')
    .select(['active', 'deleted_at'])
    .where('tenant_id', '=', tenantId)
    .where((eb) =>
      eb.or([
        eb('user_name_key', 'in', keys),
        eb(
          'id',
          'in',
          eb
            .selectFrom('scim_user_emails')
            .select('user_id')
            .where('tenant_id', '=', tenantId)
            .where('value_key', 'in', keys),
        ),
      ]),
    )
    .execute();
}
