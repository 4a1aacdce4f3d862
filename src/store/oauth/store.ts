import { sql } from 'kysely';
import type {
  AccessTokenOwner,
  ClientWithSecrets,
  OAuthClient,
  OAuthStore,
} from '../../tenancy/oauth/ports.js';
import { appendAudit } from '../audit.js';
import type { Db, TenantDatabase } from '../database.js';
import { toClient, toSecret } from './rows.js';
import { insertSecretWithin, revokeSecret, validSecretHashes } from './secrets.js';

/** OAuth clients in Postgres: hashes only. Look-ups by client id and token go across tenants: they select one. */
export function makeOAuthStore(database: TenantDatabase): OAuthStore {
  return {
    insertClient: (client, audit) =>
      database
        .forTenant(client.tenantId)
        .transaction()
        .execute(async (trx) => {
          await insertClient(trx, client);
          await appendAudit(trx, client.tenantId, audit);
        }),
    listClients: (tenantId) => listClients(database.forTenant(tenantId), tenantId),
    setFederation: (tenantId, id, federation, audit) =>
      database
        .forTenant(tenantId)
        .transaction()
        .execute(async (trx) => {
          const body = federation === null ? null : JSON.stringify(federation);
          const result = await liveClient(trx, tenantId, id).set({ federation: body }).executeTakeFirst();
          if (result.numUpdatedRows === 0n) return false;
          await appendAudit(trx, tenantId, audit);
          return true;
        }),
    revokeClient: (tenantId, id, audit) =>
      database
        .forTenant(tenantId)
        .transaction()
        .execute(async (trx) => {
          const result = await liveClient(trx, tenantId, id).set({ revoked_at: audit.at }).executeTakeFirst();
          if (result.numUpdatedRows === 0n) return false;
          await trx
            .deleteFrom('oauth_access_tokens')
            .where('tenant_id', '=', tenantId)
            .where('client', '=', id)
            .execute();
          await appendAudit(trx, tenantId, audit);
          return true;
        }),
    insertSecretWithin: (tenantId, client, secret, limit, audit) =>
      insertSecretWithin(database, { tenantId, client, secret, limit, audit }),
    revokeSecret: (tenantId, secretId, audit) => revokeSecret(database, tenantId, secretId, audit),
    findClient: (clientId) => findClient(database.system(), clientId),
    validSecretHashes: (client, at) => validSecretHashes(database.forTenant(client.tenantId), client, at),
    insertAccessToken: (record) =>
      database
        .forTenant(record.tenantId)
        .transaction()
        .execute(async (trx) => {
          await trx
            .deleteFrom('oauth_access_tokens')
            .where('tenant_id', '=', record.tenantId)
            .where('client', '=', record.client)
            .where('expires_at', '<=', record.issuedAt)
            .execute();
          await trx
            .insertInto('oauth_access_tokens')
            .values({
              tenant_id: record.tenantId,
              hash: record.hash,
              client: record.client,
              issued_at: record.issuedAt,
              expires_at: record.expiresAt,
            })
            .execute();
        }),
    findAccessToken: (hash, at) => findAccessToken(database.system(), hash, at),
  };
}

async function insertClient(db: Db, client: OAuthClient): Promise<void> {
  await db
    .insertInto('oauth_clients')
    .values({
      tenant_id: client.tenantId,
      id: client.id,
      client_id: client.clientId,
      name: client.name,
      access_token_seconds: client.accessTokenSeconds,
      federation: client.federation === null ? null : JSON.stringify(client.federation),
      created_at: client.createdAt,
      revoked_at: client.revokedAt,
    })
    .execute();
}

function liveClient(db: Db, tenantId: string, id: string) {
  return db
    .updateTable('oauth_clients')
    .where('tenant_id', '=', tenantId)
    .where(sql<boolean>`id::text = ${id}`)
    .where('revoked_at', 'is', null);
}

async function listClients(db: Db, tenantId: string): Promise<readonly ClientWithSecrets[]> {
  const clients = await db
    .selectFrom('oauth_clients')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .orderBy('created_at')
    .execute();
  const secrets = await db
    .selectFrom('oauth_client_secrets')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .orderBy('created_at')
    .execute();
  return clients.map((client) => ({
    client: toClient(client),
    secrets: secrets.filter((secret) => secret.client === client.id).map(toSecret),
  }));
}

async function findClient(db: Db, clientId: string): Promise<OAuthClient | null> {
  const row = await db
    .selectFrom('oauth_clients')
    .selectAll()
    .where('client_id', '=', clientId)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return row === undefined ? null : toClient(row);
}

async function findAccessToken(db: Db, hash: Buffer, at: Date): Promise<AccessTokenOwner | null> {
  const row = await db
    .selectFrom('oauth_access_tokens as token')
    .innerJoin('oauth_clients as client', (join) =>
      join.onRef('client.tenant_id', '=', 'token.tenant_id').onRef('client.id', '=', 'token.client'),
    )
    .select(['token.tenant_id', 'token.expires_at', 'client.client_id', 'client.name'])
    .where('token.hash', '=', hash)
    .where('token.expires_at', '>', at)
    .where('client.revoked_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    tenantId: row.tenant_id,
    clientId: row.client_id,
    clientName: row.name,
    expiresAt: row.expires_at,
  };
}
