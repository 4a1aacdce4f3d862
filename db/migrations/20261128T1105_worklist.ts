import { sql, type Kysely } from 'kysely';

const STATEMENTS = [
  // What a task asks for: what a person says to have done is believed where no reading shows it.
  `alter table worklist_items add column task jsonb`,
  // When people were last reminded of it.
  `alter table worklist_items add column reminded_at timestamptz`,
  `create index worklist_by_hand on worklist_items (tenant_id, account_id, subject_id, closed_at)
     where state = 'done' and task is not null`,
  `create index worklist_of_key on worklist_items (tenant_id, account_id, key, closed_at desc) where state <> 'open'`,
  // The first sign that the person uses the account: the vendor does not say who accepted an invitation.
  `alter table links add column accepted_at timestamptz`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
