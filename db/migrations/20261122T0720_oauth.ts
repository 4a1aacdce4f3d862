import { sql, type Kysely } from 'kysely';

const TABLES = ['oauth_clients', 'oauth_client_secrets', 'oauth_access_tokens'] as const;

const STATEMENTS = [
  // client_id is what the IdP is given: unique across tenants, because it selects the tenant.
  `create table oauth_clients (
     tenant_id uuid not null references tenants(id) on delete cascade,
     id uuid not null,
     client_id text not null unique,
     name text not null,
     access_token_seconds integer not null check (access_token_seconds between 3600 and 21600),
     federation jsonb,
     created_at timestamptz not null,
     revoked_at timestamptz,
     primary key (tenant_id, id)
   )`,
  `create table oauth_client_secrets (
     tenant_id uuid not null,
     id uuid not null,
     client uuid not null,
     hash bytea not null,
     hint text not null,
     created_at timestamptz not null,
     expires_at timestamptz not null,
     revoked_at timestamptz,
     primary key (tenant_id, id),
     foreign key (tenant_id, client) references oauth_clients (tenant_id, id) on delete cascade
   )`,
  `create index oauth_client_secrets_client on oauth_client_secrets (tenant_id, client)`,
  `create table oauth_access_tokens (
     tenant_id uuid not null,
     hash bytea not null,
     client uuid not null,
     issued_at timestamptz not null,
     expires_at timestamptz not null,
     primary key (tenant_id, hash),
     unique (hash),
     foreign key (tenant_id, client) references oauth_clients (tenant_id, id) on delete cascade
   )`,
  `create index oauth_access_tokens_client on oauth_access_tokens (tenant_id, client)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  for (const table of TABLES) await sql.raw(`select patchbay_protect('${table}')`).execute(db);
}
