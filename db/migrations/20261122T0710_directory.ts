import { sql, type Kysely } from 'kysely';

const TABLES = ['scim_users', 'scim_user_emails', 'scim_groups', 'scim_memberships', 'scim_counts'] as const;

const STATEMENTS = [
  // One clock for the whole directory: a snapshot's version is the highest change_no it saw.
  `create sequence scim_change_no`,
  // resource: canonical SCIM values, what filters read. wire: the ready JSON text that reads send, without meta,
  // groups and members. deleted_at is the tombstone: a positive fact that the IdP deleted the person.
  `create table scim_users (
     tenant_id uuid not null references tenants(id) on delete cascade,
     id uuid not null,
     seq bigint generated always as identity,
     user_name text not null,
     user_name_key text not null,
     external_id text,
     active boolean not null,
     resource jsonb not null,
     wire text not null,
     version integer not null default 1,
     change_no bigint not null default nextval('scim_change_no'),
     created_at timestamptz not null,
     last_modified timestamptz not null,
     deleted_at timestamptz,
     primary key (tenant_id, id)
   )`,
  `create unique index scim_users_user_name on scim_users (tenant_id, user_name_key) where deleted_at is null`,
  `create index scim_users_external_id on scim_users (tenant_id, external_id) where deleted_at is null`,
  `create index scim_users_order on scim_users (tenant_id, seq) include (id) where deleted_at is null`,
  `create index scim_users_change on scim_users (tenant_id, change_no)`,
  // A table of its own because row-level security lets only plain equality use an index (leak-proof operators).
  `create table scim_user_emails (
     tenant_id uuid not null,
     user_id uuid not null,
     value_key text not null,
     primary key (tenant_id, value_key, user_id),
     foreign key (tenant_id, user_id) references scim_users (tenant_id, id) on delete cascade
   )`,
  `create index scim_user_emails_user on scim_user_emails (tenant_id, user_id)`,
  `create table scim_groups (
     tenant_id uuid not null references tenants(id) on delete cascade,
     id uuid not null,
     seq bigint generated always as identity,
     display_name text not null,
     display_name_key text not null,
     external_id text,
     resource jsonb not null,
     wire text not null,
     version integer not null default 1,
     change_no bigint not null default nextval('scim_change_no'),
     created_at timestamptz not null,
     last_modified timestamptz not null,
     deleted_at timestamptz,
     primary key (tenant_id, id)
   )`,
  `create unique index scim_groups_display_name on scim_groups (tenant_id, display_name_key) where deleted_at is null`,
  `create index scim_groups_external_id on scim_groups (tenant_id, external_id) where deleted_at is null`,
  `create index scim_groups_order on scim_groups (tenant_id, seq) include (id) where deleted_at is null`,
  `create index scim_groups_change on scim_groups (tenant_id, change_no)`,
  `create table scim_memberships (
     tenant_id uuid not null,
     group_id uuid not null,
     user_id uuid not null,
     added_at timestamptz not null,
     primary key (tenant_id, group_id, user_id),
     foreign key (tenant_id, group_id) references scim_groups (tenant_id, id) on delete cascade,
     foreign key (tenant_id, user_id) references scim_users (tenant_id, id) on delete cascade
   )`,
  `create index scim_memberships_user on scim_memberships (tenant_id, user_id, group_id)`,
  // totalResults of an unfiltered list without a scan. Several slots per tenant so that concurrent creates do not
  // queue on one row; the total is their sum.
  `create table scim_counts (
     tenant_id uuid not null references tenants(id) on delete cascade,
     resource text not null check (resource in ('User', 'Group')),
     slot smallint not null,
     total bigint not null,
     primary key (tenant_id, resource, slot)
   )`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  for (const table of TABLES) await sql.raw(`select patchbay_protect('${table}')`).execute(db);
}
