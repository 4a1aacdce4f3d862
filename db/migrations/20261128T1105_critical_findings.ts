import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // Every page of the console tells how many there are.
  await sql
    .raw(
      `create index findings_critical on findings (tenant_id) where severity = 'critical' and resolved_at is null`,
    )
    .execute(db);
}
