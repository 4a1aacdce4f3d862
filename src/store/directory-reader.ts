import type { DirectoryReader } from '../reconcile/ports.js';
import type { TenantDatabase } from './database.js';
import { readDirectorySnapshot } from './directory/snapshot.js';

/** The SCIM directory as planning reads it. */
export function makeDirectoryReader(database: TenantDatabase): DirectoryReader {
  return {
    snapshot: (tenantId, subjectIds) =>
      readDirectorySnapshot(
        database.forTenant(tenantId),
        tenantId,
        subjectIds === 'all' ? 'all' : { subjectIds },
      ),
    async countActive(tenantId) {
      const { total } = await database
        .forTenant(tenantId)
        .selectFrom('scim_users')
        .select((eb) => eb.fn.countAll<string>().as('total'))
        .where('tenant_id', '=', tenantId)
        .where('active', '=', true)
        .where('deleted_at', 'is', null)
        .executeTakeFirstOrThrow();
      return Number(total);
    },
  };
}
