import { sql, type Kysely } from 'kysely';

/** Single sign-on: connections, what guards a sign-in, people and sessions of the console, domains, setup links. */
const TABLES = [
  'sso_connections',
  'sso_requests',
  'sso_assertions',
  'sso_traces',
  'console_users',
  'console_sessions',
  'domains',
  'setup_links',
] as const;

const STATEMENTS = [
  // idp is null until the IdP's side is known. sp_keys: both private keys as one encrypted envelope.
  `create table sso_connections (
     tenant_id uuid not null references tenants(id) on delete cascade,
     id uuid not null,
     name text not null,
     label text not null,
     idp_kind text not null,
     state text not null check (state in ('draft', 'active', 'disabled')),
     idp jsonb,
     metadata_url text,
     metadata_read_at timestamptz,
     metadata_tried_at timestamptz,
     metadata_problem text,
     settings jsonb not null,
     sp_signing_certificate text not null,
     sp_encryption_certificate text not null,
     sp_keys text not null,
     created_at timestamptz not null,
     updated_at timestamptz not null,
     primary key (tenant_id, id),
     unique (tenant_id, name)
   )`,
  `create index sso_connections_refresh on sso_connections (metadata_tried_at) where metadata_url is not null`,
  // One row per AuthnRequest that waits for its answer; taking the row is what makes an answer good, once.
  `create table sso_requests (
     tenant_id uuid not null,
     connection_id uuid not null,
     id text not null,
     purpose text not null check (purpose in ('login', 'test')),
     return_to text not null,
     browser_hash bytea not null,
     created_at timestamptz not null,
     expires_at timestamptz not null,
     primary key (tenant_id, connection_id, id),
     foreign key (tenant_id, connection_id) references sso_connections (tenant_id, id) on delete cascade
   )`,
  `create index sso_requests_expiry on sso_requests (expires_at)`,
  // Assertions that were used, kept for as long as they would be valid.
  `create table sso_assertions (
     tenant_id uuid not null,
     connection_id uuid not null,
     id_hash bytea not null,
     keep_until timestamptz not null,
     primary key (tenant_id, connection_id, id_hash),
     foreign key (tenant_id, connection_id) references sso_connections (tenant_id, id) on delete cascade
   )`,
  `create index sso_assertions_expiry on sso_assertions (keep_until)`,
  // friendly_id is what a person reads to their administrator; request_id finds the result of a test sign-in.
  `create table sso_traces (
     tenant_id uuid not null,
     id uuid not null,
     friendly_id text not null,
     connection_id uuid not null,
     request_id text,
     at timestamptz not null,
     purpose text not null check (purpose in ('login', 'test', 'logout')),
     outcome text not null check (outcome in ('passed', 'refused')),
     body jsonb not null,
     expires_at timestamptz not null,
     primary key (tenant_id, id),
     unique (tenant_id, friendly_id),
     foreign key (tenant_id, connection_id) references sso_connections (tenant_id, id) on delete cascade
   )`,
  `create index sso_traces_recent on sso_traces (tenant_id, connection_id, id desc)`,
  `create index sso_traces_request on sso_traces (tenant_id, request_id) where request_id is not null`,
  `create index sso_traces_expiry on sso_traces (expires_at)`,
  // The key of a person from an IdP is (connection, NameID); the e-mail is a hint only. role null: no access.
  `create table console_users (
     tenant_id uuid not null references tenants(id) on delete cascade,
     id uuid not null,
     kind text not null check (kind in ('sso', 'local')),
     connection_id uuid,
     name_id text,
     login_name text,
     email text,
     display_name text not null,
     role text check (role in ('viewer', 'operator', 'admin', 'owner')),
     password_hash text,
     totp_secret text,
     totp_last_step bigint not null default 0,
     recovery_hashes bytea[] not null default '{}',
     failed_attempts integer not null default 0,
     locked_until timestamptz,
     created_at timestamptz not null,
     last_login_at timestamptz,
     primary key (tenant_id, id),
     foreign key (tenant_id, connection_id) references sso_connections (tenant_id, id) on delete cascade,
     check ((kind = 'sso') = (connection_id is not null and name_id is not null)),
     check ((kind = 'local') = (login_name is not null and password_hash is not null and totp_secret is not null))
   )`,
  `create unique index console_users_account on console_users (tenant_id, connection_id, name_id) where kind = 'sso'`,
  `create unique index console_users_login on console_users (tenant_id, login_name) where kind = 'local'`,
  // Either a person's session or the narrow one of an opened setup link. pending: signed in, but not yet shown by the
  // browser that began. The cookie's value is stored as a hash only. ends_at: expires_at of the session once active.
  `create table console_sessions (
     tenant_id uuid not null references tenants(id) on delete cascade,
     id uuid not null,
     token_hash bytea not null unique,
     state text not null check (state in ('pending', 'active')),
     user_id uuid,
     setup_link_id uuid,
     connection_id uuid,
     name_id jsonb,
     session_index text,
     browser_hash bytea,
     return_to text not null default '/',
     created_at timestamptz not null,
     last_seen_at timestamptz not null,
     expires_at timestamptz not null,
     ends_at timestamptz not null,
     primary key (tenant_id, id),
     foreign key (tenant_id, user_id) references console_users (tenant_id, id) on delete cascade,
     check ((user_id is null) <> (setup_link_id is null))
   )`,
  `create index console_sessions_user on console_sessions (tenant_id, user_id)`,
  `create index console_sessions_expiry on console_sessions (expires_at)`,
  `create table domains (
     tenant_id uuid not null references tenants(id) on delete cascade,
     domain text not null,
     token text not null,
     verified_at timestamptz,
     checked_at timestamptz,
     problem text,
     created_at timestamptz not null,
     primary key (tenant_id, domain)
   )`,
  // Anybody may claim a domain; only one tenant can have proven it.
  `create unique index domains_owner on domains (domain) where verified_at is not null`,
  `create table setup_links (
     tenant_id uuid not null references tenants(id) on delete cascade,
     id uuid not null,
     token_hash bytea not null unique,
     label text not null,
     connection_id uuid,
     progress jsonb not null,
     version integer not null default 1,
     opened_count integer not null default 0,
     max_opens integer not null,
     created_by text not null,
     created_at timestamptz not null,
     first_opened_at timestamptz,
     expires_at timestamptz not null,
     revoked_at timestamptz,
     completed_at timestamptz,
     primary key (tenant_id, id)
   )`,
  `alter table console_sessions add foreign key (tenant_id, setup_link_id)
     references setup_links (tenant_id, id) on delete cascade`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  for (const table of TABLES) await sql.raw(`select patchbay_protect('${table}')`).execute(db);
}
