import { sql, type Kysely } from 'kysely';

const STATEMENTS = [
  // When people were told by e-mail that the plan waits for their approval.
  `alter table plans add column told_at timestamptz`,
  `create index plans_told on plans (tenant_id, account_id, digest) where told_at is not null`,
  // The same of the account's held plans together, and of the pause that stands.
  `alter table accounts add column holds_told_at timestamptz, add column pause_told_at timestamptz`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
