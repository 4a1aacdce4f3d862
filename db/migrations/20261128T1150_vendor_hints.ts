import { sql, type Kysely } from 'kysely';

const STATEMENTS = [
  // Where a vendor tells us of changes. Found by its id before any tenant is known, so ids are unique everywhere.
  `create table vendor_webhooks (
     tenant_id uuid not null,
     account_id uuid not null,
     id uuid not null unique,
     remote_id text not null,
     token_hash bytea not null,
     url text not null,
     created_at timestamptz not null,
     last_event_at timestamptz,
     primary key (tenant_id, account_id),
     foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
   )`,
  // What a vendor said may have changed, until it was looked at. The same said twice is one row.
  `create table vendor_hints (
     tenant_id uuid not null,
     account_id uuid not null,
     kind text not null check (kind in ('created', 'deleted')),
     provider_user_id text not null,
     email text,
     due_at timestamptz not null,
     primary key (tenant_id, account_id, kind, provider_user_id),
     foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
   )`,
  `create index vendor_hints_due on vendor_hints (due_at)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  for (const table of ['vendor_webhooks', 'vendor_hints']) {
    await sql.raw(`select patchbay_protect('${table}')`).execute(db);
  }
}
