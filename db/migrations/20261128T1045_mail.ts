import { sql, type Kysely } from 'kysely';

const STATEMENTS = [
  // E-mails are rows first, written in the transaction that has something to tell. recipients null: whoever the
  // tenant's contacts for that kind are at the moment of sending. delivered_to: who must not get it a second time
  // when the rest is tried again.
  `create table mail_outbox (
     tenant_id uuid not null references tenants(id) on delete cascade,
     id uuid not null,
     kind text not null,
     dedupe_key text,
     recipients text[],
     subject text not null,
     body_text text not null,
     body_html text,
     attachments jsonb not null default '[]',
     state text not null default 'due' check (state in ('due', 'sent', 'failed')),
     attempts integer not null default 0,
     due_at timestamptz not null,
     give_up_at timestamptz not null,
     claimed_until timestamptz,
     delivered_to text[] not null default '{}',
     last_error text,
     created_at timestamptz not null,
     ended_at timestamptz,
     primary key (tenant_id, id)
   )`,
  `create unique index mail_outbox_once on mail_outbox (tenant_id, md5(dedupe_key)) where dedupe_key is not null`,
  `create index mail_outbox_due on mail_outbox (due_at) where state = 'due'`,
  `create index mail_outbox_recent on mail_outbox (tenant_id, created_at desc, id desc)`,
  `create index mail_outbox_ended on mail_outbox (ended_at) where state <> 'due'`,
  // Who is told of what. kinds empty: everything.
  `create table mail_contacts (
     tenant_id uuid not null references tenants(id) on delete cascade,
     id uuid not null,
     email text not null,
     kinds text[] not null default '{}',
     created_at timestamptz not null,
     created_by text not null,
     primary key (tenant_id, id)
   )`,
  `create unique index mail_contacts_once on mail_contacts (tenant_id, lower(email))`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  for (const table of ['mail_outbox', 'mail_contacts'])
    await sql.raw(`select patchbay_protect('${table}')`).execute(db);
}
