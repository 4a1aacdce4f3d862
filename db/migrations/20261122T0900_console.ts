import { sql, type Kysely } from 'kysely';

const STATEMENTS = [
  // What people are searched and sorted by in lists: name, user name and first e-mail, folded. Cut, because an index
  // row has a limit of about 2,700 bytes and a longer name must not make the IdP's write fail. The named collation
  // sorts É beside E wherever the database was created.
  `alter table scim_users add column people_key text collate "und-x-icu" generated always as (left(patchbay_fold(
     coalesce(nullif(resource ->> 'displayName', ''), nullif(resource #>> '{name,formatted}', ''),
       nullif(btrim(coalesce(resource #>> '{name,givenName}', '') || ' ' || coalesce(resource #>> '{name,familyName}', '')), ''),
       user_name)
     || ' ' || user_name || ' ' || coalesce(resource #>> '{emails,0,value}', '')), 400)) stored`,
  `create index scim_users_people on scim_users (tenant_id, people_key, id) include (active) where deleted_at is null`,
  `create index scim_users_deleted on scim_users (tenant_id, people_key, id) where deleted_at is not null`,
  `create index links_by_subject on links (tenant_id, subject_id)`,
  `create index links_parked on links (tenant_id, account_id, delete_due_at) where state in ('parked', 'deleting')`,
  `create index links_deleted on links (tenant_id, ended_at desc, id desc) where state = 'deleted'`,
  `create index links_count on links (tenant_id, account_id) where ended_at is null`,
  `create index plans_by_time on plans (tenant_id, created_at desc, id desc)`,
  `create index plans_held on plans (tenant_id, created_at) where state = 'held'`,
  `create index dirty_subjects_failing on dirty_subjects (tenant_id, account_id) where last_error is not null`,
  `create index worklist_open on worklist_items (tenant_id, urgent desc, created_at, id) where state = 'open'`,
  `create index worklist_closed on worklist_items (tenant_id, state, closed_at desc, id desc) where state <> 'open'`,
  `create index audit_by_time on audit_events (tenant_id, at desc, id desc)`,
  `create index audit_by_actor on audit_events (tenant_id, actor, at desc, id desc)`,
  `create index audit_by_action on audit_events (tenant_id, action, at desc, id desc)`,
  // The agents of the last reading as rows, so that a page about one person does not unpack the whole document.
  // Written by the same statement that stores the reading; agents that did not change are not touched.
  `create table account_agents (
     tenant_id uuid not null,
     account_id uuid not null,
     provider_user_id text not null,
     body jsonb not null,
     primary key (tenant_id, account_id, provider_user_id),
     foreign key (tenant_id, account_id) references accounts (tenant_id, id) on delete cascade
   )`,
  `create function patchbay_unfold_reading() returns trigger language plpgsql as $$
   begin
     with found as materialized (
       select distinct on (agent ->> 'providerUserId') agent ->> 'providerUserId' as id, agent
       from jsonb_array_elements(case when jsonb_typeof(new.body -> 'agents') = 'array'
         then new.body -> 'agents' else '[]'::jsonb end) as agent
       where agent ->> 'providerUserId' is not null
     ), gone as (
       delete from account_agents a where a.tenant_id = new.tenant_id and a.account_id = new.account_id
         and not exists (select 1 from found where found.id = a.provider_user_id)
     )
     insert into account_agents (tenant_id, account_id, provider_user_id, body)
     select new.tenant_id, new.account_id, id, agent from found
     on conflict (tenant_id, account_id, provider_user_id)
       do update set body = excluded.body where account_agents.body <> excluded.body;
     return null;
   end $$`,
  `create trigger account_readings_unfolded after insert or update on account_readings
     for each row execute function patchbay_unfold_reading()`,
  // Sign-in links for a newcomer on the machine itself: hashes only, taken out when used.
  `create table console_one_time_logins (
     tenant_id uuid not null references tenants(id) on delete cascade,
     hash bytea not null,
     user_id uuid not null,
     expires_at timestamptz not null,
     primary key (tenant_id, hash),
     unique (hash)
   )`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  for (const table of ['account_agents', 'console_one_time_logins'])
    await sql.raw(`select patchbay_protect('${table}')`).execute(db);
}
