import { sql, type Kysely } from 'kysely';

const STATEMENTS = [
  // A role that an owner chose by hand. It stands in the place of the one that the identity provider gives; whoever
  // gets none there gets none here. `none`: kept out, whatever the identity provider says.
  `alter table console_users add column pinned_role text
     check (pinned_role in ('viewer', 'operator', 'admin', 'owner', 'none'))`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
