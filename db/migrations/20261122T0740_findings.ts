import { sql, type Kysely } from 'kysely';

const TABLES = [
  'comparison_runs',
  'findings',
  'finding_policies',
  'finding_baselines',
  'agent_use',
  'idp_sources',
  'idp_readings',
  'reports',
  'report_destinations',
  'report_deliveries',
] as const;

const STATEMENTS = [
  // A comparison of one source (an account, or an identity provider) with the directory, from its first request to
  // its last finding. One at a time for each source: whoever dies leaves a row whose heartbeat stands still.
  `create table comparison_runs (
     tenant_id uuid not null references tenants(id) on delete cascade,
     id uuid not null,
     source_type text not null check (source_type in ('account', 'idp', 'seats')),
     source_id uuid not null,
     trigger text not null,
     state text not null check (state in ('running', 'complete', 'incomplete')),
     phase text not null,
     done integer,
     total integer,
     reason text,
     figures jsonb not null default '{}',
     started_at timestamptz not null,
     heartbeat_at timestamptz not null,
     finished_at timestamptz,
     primary key (tenant_id, id)
   )`,
  `create unique index comparison_runs_one on comparison_runs (tenant_id, source_type, source_id)
     where state = 'running'`,
  `create index comparison_runs_recent on comparison_runs (tenant_id, source_type, source_id, started_at desc)`,
  `create index comparison_runs_by_time on comparison_runs (tenant_id, started_at desc, id desc)`,
  // One row for each difference, however often it comes and goes.
  `create table findings (
     tenant_id uuid not null references tenants(id) on delete cascade,
     id uuid not null,
     source_type text not null,
     source_id uuid not null,
     key text not null,
     class text not null,
     severity text not null check (severity in ('critical', 'warning', 'info')),
     subject_id uuid,
     provider_user_id text,
     about text not null,
     body jsonb not null,
     first_seen_at timestamptz not null,
     opened_at timestamptz not null,
     last_seen_at timestamptz not null,
     last_run_id uuid not null,
     occurrences integer not null default 1,
     resolved_at timestamptz,
     decision text check (decision in ('fix', 'accept')),
     decided_by text,
     decided_at timestamptz,
     ignored_until timestamptz,
     ignore_reason text,
     ignored_by text,
     assignee text,
     due_at timestamptz,
     primary key (tenant_id, id)
   )`,
  // The key may be long (addresses, team names), and an index row has a limit.
  `create unique index findings_identity on findings (tenant_id, source_type, source_id, md5(key))`,
  `create index findings_open on findings (tenant_id, source_type, source_id, class) where resolved_at is null`,
  `create index findings_by_subject on findings (tenant_id, subject_id) where resolved_at is null`,
  `create index findings_resolved on findings (tenant_id, resolved_at desc, id desc) where resolved_at is not null`,
  `create table finding_policies (
     tenant_id uuid not null references tenants(id) on delete cascade,
     source_type text not null,
     source_id uuid not null,
     class text not null,
     policy text not null check (policy in ('report', 'fix', 'adopt', 'ask')),
     updated_at timestamptz not null,
     updated_by text not null,
     primary key (tenant_id, source_type, source_id, class)
   )`,
  `create table finding_baselines (
     tenant_id uuid not null,
     account_id uuid not null,
     body jsonb not null,
     updated_at timestamptz not null,
     primary key (tenant_id, account_id),
     foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
   )`,
  // When an agent last called, as far as it has been looked at: searched_to says up to which moment.
  `create table agent_use (
     tenant_id uuid not null,
     account_id uuid not null,
     provider_user_id text not null,
     last_call_at timestamptz,
     searched_from timestamptz not null,
     searched_to timestamptz not null,
     primary key (tenant_id, account_id, provider_user_id),
     foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
   )`,
  `create table idp_sources (
     tenant_id uuid not null references tenants(id) on delete cascade,
     id uuid not null,
     name text not null,
     kind text not null check (kind in ('okta', 'entra', 'google', 'ldap', 'scim')),
     config jsonb not null,
     secrets text not null,
     settings jsonb not null,
     paused_reason text,
     compared_at timestamptz,
     created_at timestamptz not null,
     updated_at timestamptz not null,
     primary key (tenant_id, id),
     unique (tenant_id, name)
   )`,
  // The last complete reading of an identity provider, and where its list of changes goes on.
  `create table idp_readings (
     tenant_id uuid not null,
     source_id uuid not null,
     read_at timestamptz not null,
     body jsonb not null,
     resume_token jsonb,
     primary key (tenant_id, source_id),
     foreign key (tenant_id, source_id) references idp_sources (tenant_id, id) on delete cascade
   )`,
  `create table reports (
     tenant_id uuid not null references tenants(id) on delete cascade,
     id uuid not null,
     created_at timestamptz not null,
     period_from timestamptz not null,
     period_to timestamptz not null,
     model jsonb not null,
     is_quiet boolean not null,
     primary key (tenant_id, id)
   )`,
  `create index reports_recent on reports (tenant_id, created_at desc, id desc)`,
  `create table report_destinations (
     tenant_id uuid not null references tenants(id) on delete cascade,
     id uuid not null,
     name text not null,
     kind text not null check (kind in ('email', 'webhook', 'slack')),
     config jsonb not null,
     secrets text,
     cron text not null,
     time_zone text not null,
     quiet_when_unchanged boolean not null,
     is_active boolean not null default true,
     created_at timestamptz not null,
     updated_at timestamptz not null,
     primary key (tenant_id, id),
     unique (tenant_id, name)
   )`,
  // Rows are the truth about what was sent; whoever dies between two tries leaves one that is due.
  `create table report_deliveries (
     tenant_id uuid not null,
     id uuid not null,
     destination_id uuid not null,
     report_id uuid not null,
     state text not null check (state in ('due', 'sent', 'failed')),
     attempts integer not null default 0,
     due_at timestamptz not null,
     claimed_until timestamptz,
     last_error text,
     created_at timestamptz not null,
     sent_at timestamptz,
     primary key (tenant_id, id),
     unique (tenant_id, destination_id, report_id),
     foreign key (tenant_id, destination_id) references report_destinations (tenant_id, id) on delete cascade,
     foreign key (tenant_id, report_id) references reports (tenant_id, id) on delete cascade
   )`,
  `create index report_deliveries_due on report_deliveries (due_at) where state = 'due'`,
  `create index report_deliveries_recent on report_deliveries (tenant_id, destination_id, created_at desc)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  for (const table of TABLES) await sql.raw(`select patchbay_protect('${table}')`).execute(db);
}
