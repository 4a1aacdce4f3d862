import { sql, type Kysely } from 'kysely';

/** Tables of Patchbay itself; the SCIM directory has a migration of its own. */
const TENANT_TABLES = [
  'api_tokens',
  'accounts',
  'account_pace',
  'rule_sets',
  'links',
  'dirty_subjects',
  'account_readings',
  'plans',
  'plan_approvals',
  'changes',
  'deletions',
  'worklist_items',
  'audit_events',
] as const;

const STATEMENTS = [
  // Row-level security is the second wall behind the tenant filter of every query: a connection carries the tenant
  // it may see in the setting patchbay.tenant. '*' is the system scope (token look-up, sweeper); unset sees nothing.
  `create function patchbay_tenant() returns uuid language sql stable parallel safe as $$
     select case when length(current_setting('patchbay.tenant', true)) = 36
       then current_setting('patchbay.tenant', true)::uuid end $$`,
  `create function patchbay_system_scope() returns boolean language sql stable parallel safe as $$
     select coalesce(current_setting('patchbay.tenant', true) = '*', false) $$`,
  `create function patchbay_protect(target regclass) returns void language plpgsql as $$
   declare tenant_column text := case when target = 'tenants'::regclass then 'id' else 'tenant_id' end;
   begin
     execute format('alter table %s enable row level security', target);
     execute format('alter table %s force row level security', target);
     execute format('create policy tenant_scope on %s using (%I = (select patchbay_tenant()) or (select patchbay_system_scope()))', target, tenant_column);
   end $$`,
  `create table tenants (
     id uuid primary key,
     slug text not null unique,
     name text not null,
     settings jsonb not null default '{}',
     created_at timestamptz not null
   )`,
  `create table api_tokens (
     tenant_id uuid not null references tenants(id) on delete cascade,
     id uuid not null,
     kind text not null check (kind in ('scim', 'admin')),
     name text not null,
     hash bytea not null unique,
     hint text not null,
     scopes text[] not null default '{}',
     created_at timestamptz not null,
     expires_at timestamptz,
     revoked_at timestamptz,
     last_used_at timestamptz,
     primary key (tenant_id, id)
   )`,
  `create table accounts (
     tenant_id uuid not null references tenants(id) on delete cascade,
     id uuid not null,
     name text not null,
     provider text not null,
     config jsonb not null,
     secrets text not null,
     policy text not null check (policy in ('report-only', 'upsert-only', 'sync')),
     settings jsonb not null,
     state text not null default 'active' check (state in ('active', 'paused')),
     paused_reason text,
     paused_at timestamptz,
     first_plan_done boolean not null default false,
     applied_rule_set_version integer,
     applied_active_users integer,
     lease_holder text,
     lease_until timestamptz,
     rest_until timestamptz,
     reconcile_due_at timestamptz,
     reconcile_trigger text,
     reconciled_at timestamptz,
     created_at timestamptz not null,
     updated_at timestamptz not null,
     primary key (tenant_id, id),
     unique (tenant_id, name)
   )`,
  `create table account_pace (
     tenant_id uuid not null,
     account_id uuid not null,
     tokens double precision not null,
     refilled_at timestamptz not null,
     blocked_until timestamptz,
     limit_per_minute double precision,
     slowdown double precision not null default 1,
     primary key (tenant_id, account_id),
     foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
   )`,
  `create table rule_sets (
     tenant_id uuid not null references tenants(id) on delete cascade,
     version integer not null,
     body jsonb not null,
     source text not null,
     created_by text not null,
     created_at timestamptz not null,
     note text,
     primary key (tenant_id, version)
   )`,
  `create table links (
     tenant_id uuid not null,
     id uuid not null,
     account_id uuid not null,
     subject_id uuid not null,
     provider_user_id text not null,
     email text not null,
     origin text not null check (origin in ('created', 'adopted')),
     state text not null check (state in ('active', 'parked', 'deleting', 'deleted', 'forgotten')),
     last_written jsonb,
     held_at_park jsonb,
     parked_at timestamptz,
     delete_due_at timestamptz,
     ended_at timestamptz,
     created_at timestamptz not null,
     updated_at timestamptz not null,
     primary key (tenant_id, id),
     foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
   )`,
  `create unique index links_live_subject on links (tenant_id, account_id, subject_id) where ended_at is null`,
  `create unique index links_live_agent on links (tenant_id, account_id, provider_user_id) where ended_at is null`,
  `create index links_due on links (delete_due_at) where state = 'parked'`,
  // A mark says "look at this person again", never what changed. generation tells a mark that was renewed while
  // the applier worked from one that it has dealt with.
  `create table dirty_subjects (
     tenant_id uuid not null,
     account_id uuid not null,
     subject_id uuid not null,
     generation bigint not null default 1,
     urgent boolean not null,
     reason text not null,
     marked_at timestamptz not null,
     attempts integer not null default 0,
     not_before timestamptz,
     held_plan_id uuid,
     last_error text,
     primary key (tenant_id, account_id, subject_id),
     foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
   )`,
  `create index dirty_subjects_order on dirty_subjects (tenant_id, account_id, urgent desc, marked_at)`,
  `create index dirty_subjects_urgent on dirty_subjects (tenant_id, account_id) where urgent and held_plan_id is null`,
  // Whoever renews a mark asks anew: what was held, failed or put off concerned an older state of the person.
  `create function patchbay_renew_mark() returns trigger language plpgsql as $$
   begin
     new.attempts := 0; new.not_before := null; new.held_plan_id := null; new.last_error := null;
     return new;
   end $$`,
  `create trigger dirty_subjects_renewed before update on dirty_subjects
     for each row when (new.generation <> old.generation) execute function patchbay_renew_mark()`,
  `create table account_readings (
     tenant_id uuid not null,
     account_id uuid not null,
     read_at timestamptz not null,
     body jsonb not null,
     primary key (tenant_id, account_id),
     foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
   )`,
  `create table plans (
     tenant_id uuid not null,
     id uuid not null,
     account_id uuid not null,
     trigger text not null,
     scope text not null,
     digest text not null,
     body jsonb not null,
     verdict jsonb not null,
     state text not null check (state in ('reported', 'held', 'approved', 'applying', 'applied', 'failed', 'rejected', 'superseded')),
     change_count integer not null,
     removal_count integer not null,
     decided_by text,
     decided_at timestamptz,
     created_at timestamptz not null,
     finished_at timestamptz,
     primary key (tenant_id, id),
     foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
   )`,
  `create index plans_recent on plans (tenant_id, account_id, created_at desc)`,
  `create index plans_open on plans (tenant_id, account_id) where state in ('held', 'approved', 'applying')`,
  // One row a person: where an account asks for two, the plan stays held until both are here.
  `create table plan_approvals (
     tenant_id uuid not null,
     plan_id uuid not null,
     approver text not null,
     digest text not null,
     approved_at timestamptz not null,
     primary key (tenant_id, plan_id, approver),
     foreign key (tenant_id, plan_id) references plans (tenant_id, id) on delete cascade
   )`,
  `create table changes (
     tenant_id uuid not null,
     id uuid not null,
     account_id uuid not null,
     plan_id uuid not null,
     position integer not null,
     subject_id uuid not null,
     key text not null,
     action text not null,
     body jsonb not null,
     urgent boolean not null,
     state text not null check (state in ('planned', 'applying', 'applied', 'already', 'failed', 'stale', 'abandoned')),
     error_kind text,
     error_message text,
     created_at timestamptz not null,
     started_at timestamptz,
     finished_at timestamptz,
     primary key (tenant_id, id),
     foreign key (tenant_id, plan_id) references plans (tenant_id, id) on delete cascade
   )`,
  `create index changes_by_plan on changes (tenant_id, plan_id, position)`,
  `create index changes_by_subject on changes (tenant_id, account_id, subject_id, created_at desc)`,
  `create index changes_unfinished on changes (tenant_id, account_id) where state in ('planned', 'applying')`,
  `create index changes_removals on changes (tenant_id, account_id, finished_at) where action in ('park', 'delete')`,
  // One row per permanent deletion; the row, not the queue, is the truth about when and whether.
  `create table deletions (
     tenant_id uuid not null,
     id uuid not null,
     account_id uuid not null,
     link_id uuid not null,
     subject_id uuid not null,
     due_at timestamptz not null,
     state text not null check (state in ('scheduled', 'held', 'deleting', 'deleted', 'verified', 'cancelled')),
     hold_reason text,
     plan_id uuid,
     attempts integer not null default 0,
     not_before timestamptz,
     last_error text,
     manifest jsonb,
     manifest_hash text,
     created_at timestamptz not null,
     updated_at timestamptz not null,
     started_at timestamptz,
     deleted_at timestamptz,
     verified_at timestamptz,
     primary key (tenant_id, id),
     foreign key (tenant_id, link_id) references links (tenant_id, id) on delete cascade
   )`,
  `create unique index deletions_one_open on deletions (tenant_id, link_id) where state <> 'cancelled'`,
  `create index deletions_due on deletions (due_at) where state in ('scheduled', 'deleting', 'deleted')`,
  `create table worklist_items (
     tenant_id uuid not null,
     id uuid not null,
     account_id uuid not null,
     subject_id uuid,
     key text not null,
     kind text not null,
     title text not null,
     steps jsonb not null,
     link text,
     urgent boolean not null default false,
     state text not null check (state in ('open', 'done', 'obsolete')),
     due_at timestamptz,
     assignee text,
     comment text,
     created_at timestamptz not null,
     closed_at timestamptz,
     closed_by text,
     primary key (tenant_id, id),
     foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
   )`,
  `create unique index worklist_one_open on worklist_items (tenant_id, account_id, key) where state = 'open'`,
  // Written in the transaction that did the thing; chained afterwards by the sealer so that writers never queue
  // behind one another for the previous hash.
  `create table audit_events (
     tenant_id uuid not null references tenants(id) on delete cascade,
     id bigint generated always as identity,
     at timestamptz not null,
     actor text not null,
     action text not null,
     target_type text not null,
     target_id text not null,
     correlation_id text,
     data jsonb not null default '{}',
     chain_no bigint,
     hash bytea,
     primary key (tenant_id, id)
   )`,
  `create unique index audit_chain on audit_events (tenant_id, chain_no) where chain_no is not null`,
  `create index audit_unsealed on audit_events (tenant_id, id) where chain_no is null`,
  `create index audit_by_target on audit_events (tenant_id, target_type, target_id, id desc)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  for (const table of ['tenants', ...TENANT_TABLES])
    await sql.raw(`select patchbay_protect('${table}')`).execute(db);
}
