import { sql } from 'kysely';
import { displayName } from '../console/display-name.js';
import type { TenantDatabase } from '../database.js';

/** Names of people who are or were in the directory, by id; of everybody unless some are named. */
export async function readNames(
  database: TenantDatabase,
  tenantId: string,
  subjectIds: readonly string[] | null = null,
): Promise<ReadonlyMap<string, { readonly name: string; readonly userName: string }>> {
  const { rows } = await sql<{ id: string; name: string; user_name: string }>`
    select u.id, ${displayName('u')} as name, u.user_name from scim_users u
    where u.tenant_id = ${tenantId}::uuid
      ${subjectIds === null ? sql`` : sql`and u.id = any(${[...subjectIds]}::uuid[])`}`.execute(
    database.forTenant(tenantId),
  );
  return new Map(rows.map(({ id, name, user_name: userName }) => [id, { name, userName }]));
}
