import { sql, type Kysely } from 'kysely';

const STATEMENTS = [
  // When, and for which reason, people were told by e-mail that a deletion is held which no plan asks approval for.
  `alter table deletions add column told_at timestamptz, add column told_reason text`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
