import { sql } from 'kysely';
import { displayName } from '../console/display-name.js';
import type { TenantDatabase } from '../database.js';

/** Names of everybody who is or was in the directory, by id. */
export async function readNames(
  database: TenantDatabase,
  tenantId: string,
): Promise<ReadonlyMap<string, { readonly name: string; readonly userName: string }>> {
  const { rows } = await sql<{ id: string; name: string; user_name: string }>`
    select u.id, ${displayName('u')} as name, u.user_name from scim_users u
    where u.tenant_id = ${tenantId}::uuid`.execute(database.forTenant(tenantId));
  return new Map(rows.map(({ id, name, user_name: userName }) => [id, { name, userName }]));
}
