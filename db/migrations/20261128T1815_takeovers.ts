import { sql, type Kysely } from 'kysely';

const STATEMENTS = [
  // What the successor is given by plan, a list of entitlements, and who that is in the directory.
  `alter table deletions add column takeovers jsonb, add column takeover_subject uuid`,
  `create index deletions_takeovers on deletions (tenant_id, account_id) where takeovers is not null`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
