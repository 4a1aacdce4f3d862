import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { ConsoleRole } from '../../src/sso/console-role.js';
import type { TenantDatabase } from '../../src/store/database.js';

/** Somebody who came by single sign-on, as a sign-in leaves them. Returns the id. */
export async function addConsolePerson(
  database: TenantDatabase,
  tenantId: string,
  { role, displayName }: { readonly role: ConsoleRole | null; readonly displayName: string },
): Promise<string> {
  const db = database.forTenant(tenantId);
  const id = randomUUID();
  const email = `${displayName.toLowerCase().replaceAll(/[^a-z]+/g, '.')}@acme.example`;
  await sql`insert into console_users (tenant_id, id, kind, connection_id, name_id, email, display_name, role, created_at,
      last_login_at)
    values (${tenantId}, ${id}, 'sso', ${await connectionOf(database, tenantId)}, ${id}, ${email}, ${displayName},
      ${role}, now(), now())`.execute(db);
  return id;
}

async function connectionOf(database: TenantDatabase, tenantId: string): Promise<string> {
  const db = database.forTenant(tenantId);
  const known = await db
    .selectFrom('sso_connections')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .executeTakeFirst();
  if (known !== undefined) return known.id;
  const id = randomUUID();
  await sql`insert into sso_connections (tenant_id, id, name, label, idp_kind, state, settings, sp_signing_certificate,
      sp_encryption_certificate, sp_keys, created_at, updated_at)
    values (${tenantId}, ${id}, 'people', 'People', 'okta', 'disabled', '{}', '', '', '', now(), now())`.execute(
    db,
  );
  return id;
}
