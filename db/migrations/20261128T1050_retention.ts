import { sql, type Kysely } from 'kysely';

const TABLES = ['legal_holds', 'signing_keys', 'archive_objects', 'retention_purges'] as const;

const STATEMENTS = [
  // A person whose agents and recordings nobody may delete, by whose order and until when. Ended ones stay as history.
  `create table legal_holds (
     tenant_id uuid not null references tenants(id) on delete cascade,
     id uuid not null,
     subject_id uuid not null,
     reason text not null,
     until timestamptz,
     created_by text not null,
     created_at timestamptz not null,
     released_by text,
     released_at timestamptz,
     primary key (tenant_id, id)
   )`,
  `create unique index legal_holds_one_open on legal_holds (tenant_id, subject_id) where released_at is null`,
  // Ed25519 pairs that sign manifests and certificates: the private half is an encrypted envelope.
  `create table signing_keys (
     tenant_id uuid not null references tenants(id) on delete cascade,
     id text not null,
     public_key text not null,
     secret text not null,
     created_at timestamptz not null,
     primary key (tenant_id, id)
   )`,
  // One file of one call. The key is where it lies in the archive; the hash is over what was really written.
  `create table archive_objects (
     tenant_id uuid not null,
     deletion_id uuid not null,
     account_id uuid not null,
     call_id text not null,
     kind text not null check (kind in ('recording', 'voicemail')),
     state text not null check (state in ('pending', 'stored', 'missing', 'waived', 'removed')),
     call_at timestamptz not null,
     retention_class text not null,
     expires_at timestamptz,
     place text,
     object_key text,
     bytes bigint,
     sha256 text,
     attempts integer not null default 0,
     not_before timestamptz,
     last_error text,
     stored_at timestamptz,
     checked_at timestamptz,
     ended_at timestamptz,
     ended_by text,
     primary key (tenant_id, deletion_id, call_id, kind)
   )`,
  `create index archive_objects_open on archive_objects (tenant_id, deletion_id, call_at, call_id)
     where state in ('pending', 'missing')`,
  `create index archive_objects_expiring on archive_objects (tenant_id, account_id, expires_at) where state = 'stored'`,
  // What is to be removed is announced first; the announcement names exactly which objects.
  `create table retention_purges (
     tenant_id uuid not null,
     id uuid not null,
     account_id uuid not null,
     state text not null check (state in ('announced', 'done', 'cancelled')),
     objects jsonb not null,
     object_count integer not null,
     bytes bigint not null,
     announced_at timestamptz not null,
     due_at timestamptz not null,
     finished_at timestamptz,
     result jsonb,
     primary key (tenant_id, id),
     foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
   )`,
  `create unique index retention_purges_one_open on retention_purges (tenant_id, account_id) where state = 'announced'`,
  `alter table accounts add column archive_secrets text`,
  `alter table deletions
     add column manifest_signature jsonb,
     add column handover jsonb,
     add column handover_at timestamptz,
     add column proof jsonb,
     add column certificate jsonb,
     add column certificate_hash text,
     add column certificate_signature jsonb`,
  `alter table deletions drop constraint deletions_state_check`,
  `alter table deletions add constraint deletions_state_check
     check (state in ('scheduled', 'held', 'deleting', 'deleted', 'verified', 'cancelled', 'restored'))`,
  `drop index deletions_one_open`,
  `create unique index deletions_one_open on deletions (tenant_id, link_id) where state not in ('cancelled', 'restored')`,
  `create index deletions_held on deletions (tenant_id, account_id) where state = 'held'`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  for (const table of TABLES) await sql.raw(`select patchbay_protect('${table}')`).execute(db);
}
