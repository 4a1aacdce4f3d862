import { sql, type Kysely } from 'kysely';

const TABLES = ['manual_lists', 'manual_agents', 'manual_imports', 'checklist_steps'] as const;

const STATEMENTS = [
  // What is known of a phone system without an API: the numbers it has, and when its list was last complete.
  `create table manual_lists (
     tenant_id uuid not null,
     account_id uuid not null,
     numbers jsonb not null default '[]',
     complete_as_of timestamptz,
     primary key (tenant_id, account_id),
     foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
   )`,
  // Who is in it, as people confirmed or an export showed. Nothing here was ever concluded by a program.
  `create table manual_agents (
     tenant_id uuid not null,
     account_id uuid not null,
     id text not null,
     email text not null,
     email_key text not null,
     given_name text not null,
     family_name text not null,
     role text,
     status text not null check (status in ('active', 'pending', 'unknown')),
     numbers jsonb,
     as_of timestamptz not null,
     source text not null check (source in ('person', 'import')),
     primary key (tenant_id, account_id, id),
     foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
   )`,
  `create unique index manual_agents_by_email on manual_agents (tenant_id, account_id, email_key)`,
  // An uploaded export: looked at first, then applied or thrown away. Its text is kept no longer than that.
  `create table manual_imports (
     tenant_id uuid not null,
     id uuid not null,
     account_id uuid not null,
     state text not null check (state in ('previewed', 'applied', 'discarded')),
     file_name text not null,
     file_hash text not null,
     content text,
     is_complete boolean not null,
     exported_at timestamptz not null,
     figures jsonb not null default '{}',
     created_at timestamptz not null,
     created_by text not null,
     decided_at timestamptz,
     decided_by text,
     primary key (tenant_id, id),
     foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
   )`,
  `create index manual_imports_recent on manual_imports (tenant_id, account_id, created_at desc)`,
  // One thing that a person is asked to do; the steps of one person are one item of the worklist. Confirmed by a
  // person or an import first, then settled: our own records follow under the account's lease.
  `create table checklist_steps (
     tenant_id uuid not null,
     id uuid not null,
     account_id uuid not null,
     task_id uuid not null,
     subject_id uuid not null,
     key text not null,
     digest text not null,
     action text not null,
     change jsonb not null,
     act jsonb not null,
     plan_id uuid,
     change_id uuid,
     position integer not null,
     title text not null,
     instructions jsonb not null,
     link text,
     typed text,
     urgent boolean not null,
     state text not null check (state in ('open', 'confirmed', 'settled', 'withdrawn')),
     asked_at timestamptz not null,
     confirmed_at timestamptz,
     confirmed_by text,
     confirmed_through text check (confirmed_through in ('person', 'import')),
     closed_at timestamptz,
     primary key (tenant_id, id),
     foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade,
     foreign key (tenant_id, task_id) references worklist_items (tenant_id, id) on delete cascade
   )`,
  `create unique index checklist_steps_one_open on checklist_steps (tenant_id, account_id, key) where state = 'open'`,
  `create index checklist_steps_by_task on checklist_steps (tenant_id, task_id, position)`,
  `create index checklist_steps_live on checklist_steps (tenant_id, account_id) where state in ('open', 'confirmed')`,
  `create index checklist_steps_by_change on checklist_steps (tenant_id, change_id)`,
  // Somebody was told by e-mail that the time of an urgent task ran out.
  `alter table worklist_items add column escalated_at timestamptz`,
  `create index worklist_overdue on worklist_items (due_at) where state = 'open' and urgent and escalated_at is null`,
  `alter table changes drop constraint changes_state_check`,
  `alter table changes add constraint changes_state_check check (state in
     ('planned', 'applying', 'awaiting', 'applied', 'already', 'failed', 'stale', 'abandoned'))`,
  `alter table plans drop constraint plans_state_check`,
  `alter table plans add constraint plans_state_check check (state in
     ('reported', 'held', 'approved', 'applying', 'awaiting', 'applied', 'failed', 'rejected', 'superseded'))`,
  `create index changes_awaiting on changes (tenant_id, plan_id) where state = 'awaiting'`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  for (const table of TABLES) await sql.raw(`select patchbay_protect('${table}')`).execute(db);
}
