import { sql, type Kysely } from 'kysely';

const STATEMENTS = [
  // Open findings are listed with the gravest first; sorting thousands of wide rows took most of the page's time.
  `create index findings_gravest on findings
     (tenant_id, array_position(array['critical', 'warning', 'info'], severity), class, opened_at, id) where resolved_at is null`,
  // Who came into a group or left one is looked for among all that was ever audited.
  `create index audit_memberships on audit_events (tenant_id, at, id)
     where action in ('group.created', 'group.changed', 'group.deleted') and data ?| array['membersAdded', 'membersRemoved']`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
