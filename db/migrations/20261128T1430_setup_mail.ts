import { sql, type Kysely } from 'kysely';

const STATEMENTS = [
  // Whom a setup link was sent to by e-mail.
  `alter table setup_links add column sent_to text`,
  // The text is encrypted, because it holds a secret, and is erased once the e-mail is sent or given up.
  `alter table mail_outbox add column is_sealed boolean not null default false`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
