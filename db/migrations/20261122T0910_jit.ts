import { sql, type Kysely } from 'kysely';

const STATEMENTS = [
  // Which memberships a sign-in brought, and until when they hold without another sign-in. Memberships that an IdP
  // pushed are never here.
  `create table jit_memberships (
     tenant_id uuid not null,
     group_id uuid not null,
     user_id uuid not null,
     valid_until timestamptz not null,
     primary key (tenant_id, group_id, user_id),
     foreign key (tenant_id, group_id, user_id)
       references scim_memberships (tenant_id, group_id, user_id) on delete cascade
   )`,
  `create index jit_memberships_due on jit_memberships (valid_until)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  await sql.raw(`select patchbay_protect('jit_memberships')`).execute(db);
}
