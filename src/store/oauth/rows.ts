import type { Selectable } from 'kysely';
import type { OAuthClient, OAuthClientSecret } from '../../tenancy/oauth/ports.js';
import type { OAuthClientSecretsTable, OAuthClientsTable } from './tables.js';

export function toClient(row: Selectable<OAuthClientsTable>): OAuthClient {
  return {
    tenantId: row.tenant_id,
    id: row.id,
    clientId: row.client_id,
    name: row.name,
    accessTokenSeconds: row.access_token_seconds,
    federation: row.federation,
    createdAt: row.created_at,
    revokedAt: row.revoked_at,
  };
}

export function toSecret(row: Selectable<OAuthClientSecretsTable>): OAuthClientSecret {
  return {
    id: row.id,
    hint: row.hint,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  };
}
