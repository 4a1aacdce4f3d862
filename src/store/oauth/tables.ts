import type { ColumnType } from 'kysely';
import type { Federation } from '../../tenancy/oauth/ports.js';

export interface OAuthClientsTable {
  tenant_id: string;
  id: string;
  client_id: string;
  name: string;
  access_token_seconds: number;
  federation: ColumnType<Federation | null, string | null, string | null>;
  created_at: Date;
  revoked_at: Date | null;
}

export interface OAuthClientSecretsTable {
  tenant_id: string;
  id: string;
  client: string;
  hash: Buffer;
  hint: string;
  created_at: Date;
  expires_at: Date;
  revoked_at: Date | null;
}

export interface OAuthAccessTokensTable {
  tenant_id: string;
  hash: Buffer;
  client: string;
  issued_at: Date;
  expires_at: Date;
}

/** Tables of the OAuth clients that IdPs get access tokens with. */
export interface OAuthTables {
  oauth_clients: OAuthClientsTable;
  oauth_client_secrets: OAuthClientSecretsTable;
  oauth_access_tokens: OAuthAccessTokensTable;
}
