import { sql, type Kysely } from 'kysely';

/** Why a task is not needed, in the words of whoever said so. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('alter table worklist_items add column closed_because text').execute(db);
}
