import { sql, type Kysely } from 'kysely';

const STATEMENTS = [
  // Attributes that SCIM compares without case (caseExact false), inside JSON. The named collation makes the answer
  // independent of the locale that the database was created with; foldCase in the code does the same to literals.
  `create function patchbay_fold(value text) returns text language sql immutable strict parallel safe as $$
     select lower(normalize(value, NFC) collate "und-x-icu") $$`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
