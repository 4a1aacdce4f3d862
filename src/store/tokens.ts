import { sql, type Selectable } from 'kysely';
import type { ApiToken, AuditEntry, TokenStore } from '../tenancy/ports.js';
import { appendAudit } from './audit.js';
import type { TenantDatabase } from './database.js';
import type { ApiTokensTable } from './tables.js';

/** API tokens in Postgres: hashes only. */
export function makeTokenStore(database: TenantDatabase): TokenStore {
  return {
    insertWithin: (token, hash, limit, audit) => insertWithin(database, token, hash, limit, audit),
    async list(tenantId, kind) {
      const query = database.forTenant(tenantId).selectFrom('api_tokens').selectAll();
      const rows = await query
        .where('tenant_id', '=', tenantId)
        .where('kind', '=', kind)
        .orderBy('created_at')
        .execute();
      return rows.map(toToken);
    },
    revoke: (tenantId, tokenId, audit) => revoke(database, tenantId, tokenId, audit),
  };
}

function revoke(
  database: TenantDatabase,
  tenantId: string,
  tokenId: string,
  audit: AuditEntry,
): Promise<boolean> {
  return database
    .forTenant(tenantId)
    .transaction()
    .execute(async (trx) => {
      const result = await trx
        .updateTable('api_tokens')
        .set({ revoked_at: audit.at })
        .where('tenant_id', '=', tenantId)
        .where('id', '=', tokenId)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      if (result.numUpdatedRows === 0n) return false;
      await appendAudit(trx, tenantId, audit);
      return true;
    });
}

function insertWithin(
  database: TenantDatabase,
  token: ApiToken,
  hash: Buffer,
  limit: number,
  audit: AuditEntry,
): Promise<boolean> {
  return database
    .forTenant(token.tenantId)
    .transaction()
    .execute(async (trx) => {
      await sql`select pg_advisory_xact_lock(hashtextextended(${`api-tokens:${token.tenantId}`}, 0))`.execute(
        trx,
      );
      const valid = await trx
        .selectFrom('api_tokens')
        .select((eb) => eb.fn.countAll<string>().as('count'))
        .where('tenant_id', '=', token.tenantId)
        .where('kind', '=', token.kind)
        .where('revoked_at', 'is', null)
        .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', token.createdAt)]))
        .executeTakeFirstOrThrow();
      if (Number(valid.count) >= limit) return false;
      await trx
        .insertInto('api_tokens')
        .values({
          tenant_id: token.tenantId,
          id: token.id,
          kind: token.kind,
          name: token.name,
          hash,
          hint: token.hint,
          scopes: [...token.scopes],
          created_at: token.createdAt,
          expires_at: token.expiresAt,
        })
        .execute();
      await appendAudit(trx, token.tenantId, audit);
      return true;
    });
}

function toToken(row: Selectable<ApiTokensTable>): ApiToken {
  return {
    tenantId: row.tenant_id,
    id: row.id,
    kind: row.kind,
    name: row.name,
    hint: row.hint,
    scopes: row.scopes,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
  };
}
