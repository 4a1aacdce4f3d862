import { sql, type Kysely } from 'kysely';

const STATEMENTS = [
  // Since when DNS does not show the record of a proven domain any more. The proof stands: an owner decides.
  `alter table domains add column lost_at timestamptz`,
  // When a proven domain is looked at again; null: as soon as somebody has time.
  `alter table domains add column next_check_at timestamptz`,
  `create index domains_due on domains (next_check_at) where verified_at is not null`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
