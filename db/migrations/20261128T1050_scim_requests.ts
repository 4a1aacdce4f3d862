import { sql, type Kysely } from 'kysely';

const STATEMENTS = [
  // What identity providers sent lately, for a person who looks into it. Redacted before it is written, and a ring:
  // whoever writes deletes what no longer fits. No foreign key beyond the tenant: it outlives tokens and people.
  `create table scim_requests (
     tenant_id uuid not null references tenants(id) on delete cascade,
     id bigint generated always as identity,
     at timestamptz not null,
     actor text not null,
     method text not null,
     path text not null,
     query text not null,
     status integer not null,
     duration_ms integer not null,
     failed boolean not null generated always as (status >= 400) stored,
     request_body text,
     request_bytes integer not null,
     response_body text,
     response_bytes integer not null,
     user_agent text not null,
     correlation_id text,
     primary key (tenant_id, id)
   )`,
  `create index scim_requests_ring on scim_requests (tenant_id, failed, id desc)`,
  `create index scim_requests_by_age on scim_requests (at)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  await sql.raw(`select patchbay_protect('scim_requests')`).execute(db);
}
