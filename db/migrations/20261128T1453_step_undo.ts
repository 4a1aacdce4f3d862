import { sql, type Kysely } from 'kysely';

// What was known of the person before somebody ticked the step, so that a wrong tick can be taken back; null: nothing.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('alter table checklist_steps add column record_before jsonb').execute(db);
}
