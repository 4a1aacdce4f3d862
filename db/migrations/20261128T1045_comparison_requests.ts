import { sql, type Kysely } from 'kysely';

const STATEMENTS = [
  // A comparison that is asked for, until it was made: the queue may be lost at any time. Those of accounts are asked
  // for in the account's own row, because they take turns with everything else that is done there.
  `create table comparison_requests (
     tenant_id uuid not null references tenants(id) on delete cascade,
     source_type text not null check (source_type in ('idp', 'seats')),
     source_id uuid not null,
     trigger text not null,
     due_at timestamptz not null,
     primary key (tenant_id, source_type, source_id)
   )`,
  `create index comparison_requests_due on comparison_requests (due_at)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  await sql.raw(`select patchbay_protect('comparison_requests')`).execute(db);
}
