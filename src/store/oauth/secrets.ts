import { sql } from 'kysely';
import type { OAuthClient, OAuthClientSecret } from '../../tenancy/oauth/ports.js';
import type { AuditEntry } from '../../tenancy/ports.js';
import { appendAudit } from '../audit.js';
import type { Db, TenantDatabase } from '../database.js';

interface NewSecret {
  readonly tenantId: string;
  readonly client: string;
  readonly secret: OAuthClientSecret & { readonly hash: Buffer };
  readonly limit: number;
  readonly audit: AuditEntry;
}

/** The client's row lock makes counting and inserting one step. */
export function insertSecretWithin(
  database: TenantDatabase,
  { tenantId, client, secret, limit, audit }: NewSecret,
): Promise<'inserted' | 'tooMany' | 'noClient'> {
  return database
    .forTenant(tenantId)
    .transaction()
    .execute(async (trx) => {
      const owner = await trx
        .selectFrom('oauth_clients')
        .select('id')
        .where('tenant_id', '=', tenantId)
        .where(sql<boolean>`id::text = ${client}`)
        .where('revoked_at', 'is', null)
        .forUpdate()
        .executeTakeFirst();
      if (owner === undefined) return 'noClient';
      if ((await validSecrets(trx, tenantId, owner.id, secret.createdAt)).length >= limit) return 'tooMany';
      await trx
        .insertInto('oauth_client_secrets')
        .values({
          tenant_id: tenantId,
          id: secret.id,
          client: owner.id,
          hash: secret.hash,
          hint: secret.hint,
          created_at: secret.createdAt,
          expires_at: secret.expiresAt,
          revoked_at: secret.revokedAt,
        })
        .execute();
      await appendAudit(trx, tenantId, audit);
      return 'inserted';
    });
}

export function revokeSecret(
  database: TenantDatabase,
  tenantId: string,
  secretId: string,
  audit: AuditEntry,
): Promise<boolean> {
  return database
    .forTenant(tenantId)
    .transaction()
    .execute(async (trx) => {
      const result = await trx
        .updateTable('oauth_client_secrets')
        .set({ revoked_at: audit.at })
        .where('tenant_id', '=', tenantId)
        .where(sql<boolean>`id::text = ${secretId}`)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      if (result.numUpdatedRows === 0n) return false;
      await appendAudit(trx, tenantId, audit);
      return true;
    });
}

export async function validSecretHashes(db: Db, client: OAuthClient, at: Date): Promise<readonly Buffer[]> {
  return (await validSecrets(db, client.tenantId, client.id, at)).map((row) => row.hash);
}

function validSecrets(db: Db, tenantId: string, client: string, at: Date) {
  return db
    .selectFrom('oauth_client_secrets')
    .select('hash')
    .where('tenant_id', '=', tenantId)
    .where('client', '=', client)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', at)
    .execute();
}
