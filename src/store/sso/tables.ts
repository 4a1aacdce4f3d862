import type { ColumnType, Generated, JSONColumnType } from 'kysely';

type Json<T extends object> = JSONColumnType<T, string, string>;
type NullableJson<T extends object> = ColumnType<T | null, string | null, string | null>;

export interface SsoConnectionsTable {
  tenant_id: string;
  id: string;
  name: string;
  label: string;
  idp_kind: string;
  state: 'draft' | 'active' | 'disabled';
  idp: NullableJson<object>;
  metadata_url: string | null;
  metadata_read_at: Date | null;
  metadata_tried_at: Date | null;
  metadata_problem: string | null;
  settings: Json<object>;
  sp_signing_certificate: string;
  sp_encryption_certificate: string;
  sp_keys: string;
  created_at: Date;
  updated_at: Date;
}

export interface SsoRequestsTable {
  tenant_id: string;
  connection_id: string;
  id: string;
  purpose: 'login' | 'test';
  return_to: string;
  browser_hash: Buffer;
  created_at: Date;
  expires_at: Date;
}

export interface SsoAssertionsTable {
  tenant_id: string;
  connection_id: string;
  id_hash: Buffer;
  keep_until: Date;
}

export interface SsoTracesTable {
  tenant_id: string;
  id: string;
  friendly_id: string;
  connection_id: string;
  request_id: string | null;
  at: Date;
  purpose: 'login' | 'test' | 'logout';
  outcome: 'passed' | 'refused';
  body: Json<object>;
  expires_at: Date;
}

export interface ConsoleUsersTable {
  tenant_id: string;
  id: string;
  kind: 'sso' | 'local';
  connection_id: string | null;
  name_id: string | null;
  login_name: string | null;
  email: string | null;
  display_name: string;
  role: 'viewer' | 'operator' | 'admin' | 'owner' | null;
  pinned_role: ColumnType<
    'viewer' | 'operator' | 'admin' | 'owner' | 'none' | null,
    undefined,
    'viewer' | 'operator' | 'admin' | 'owner' | 'none' | null
  >;
  password_hash: string | null;
  totp_secret: string | null;
  /** int8: arrives as text from the driver. */
  totp_last_step: ColumnType<string, number | undefined, number>;
  recovery_hashes: ColumnType<Buffer[], Buffer[] | undefined, Buffer[]>;
  failed_attempts: Generated<number>;
  locked_until: Date | null;
  created_at: Date;
  last_login_at: Date | null;
}

export interface ConsoleSessionsTable {
  tenant_id: string;
  id: string;
  token_hash: Buffer;
  state: 'pending' | 'active';
  user_id: string | null;
  setup_link_id: string | null;
  connection_id: string | null;
  name_id: NullableJson<object>;
  session_index: string | null;
  browser_hash: Buffer | null;
  return_to: Generated<string>;
  created_at: Date;
  last_seen_at: Date;
  expires_at: Date;
  ends_at: Date;
}

export interface DomainsTable {
  tenant_id: string;
  domain: string;
  token: string;
  verified_at: Date | null;
  checked_at: Date | null;
  problem: string | null;
  lost_at: ColumnType<Date | null, undefined, Date | null>;
  next_check_at: ColumnType<Date | null, undefined, Date | null>;
  created_at: Date;
}

export interface SetupLinksTable {
  tenant_id: string;
  id: string;
  token_hash: Buffer;
  label: string;
  sent_to: string | null;
  connection_id: string | null;
  progress: Json<object>;
  version: Generated<number>;
  opened_count: Generated<number>;
  max_opens: number;
  created_by: string;
  created_at: Date;
  first_opened_at: Date | null;
  expires_at: Date;
  revoked_at: Date | null;
  completed_at: Date | null;
}

/** Tables of single sign-on, the console's people and sessions, and self-service set-up. */
export interface SsoTables {
  sso_connections: SsoConnectionsTable;
  sso_requests: SsoRequestsTable;
  sso_assertions: SsoAssertionsTable;
  sso_traces: SsoTracesTable;
  console_users: ConsoleUsersTable;
  console_sessions: ConsoleSessionsTable;
  domains: DomainsTable;
  setup_links: SetupLinksTable;
}
