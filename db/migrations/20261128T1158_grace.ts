import { sql, type Kysely } from 'kysely';

const STATEMENTS = [
  // How long rules let a leaver's agent stand, as they last said while the person was wanted; null: nothing.
  `alter table links add column grace_days integer check (grace_days >= 0)`,
  // When something last suggested that the role is not the one we wrote.
  `alter table links add column role_suspected_at timestamptz`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
