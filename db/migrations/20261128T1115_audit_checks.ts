import { sql, type Kysely } from 'kysely';

const STATEMENTS = [
  // When the hash chain of a tenant's audit trail was last computed anew, and what came of it.
  `create table audit_checks (
     tenant_id uuid not null references tenants(id) on delete cascade,
     checked_at timestamptz not null,
     verdict jsonb not null,
     primary key (tenant_id)
   )`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  await sql.raw(`select patchbay_protect('audit_checks')`).execute(db);
}
