import { sql, type Kysely } from 'kysely';

const STATEMENTS = [
  // Who takes a leaver's lines over, as somebody decided it: {"type": "person"|"team", ..., "by": actor}.
  `alter table deletions add column successor jsonb`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
