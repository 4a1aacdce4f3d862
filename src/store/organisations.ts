import type { OrganisationStore } from '../tenancy/organisation.js';
import { appendAudit } from './audit.js';
import type { TenantDatabase } from './database.js';

export function makeOrganisationStore(database: TenantDatabase): OrganisationStore {
  return {
    async find(tenantId) {
      const row = await database
        .forTenant(tenantId)
        .selectFrom('tenants')
        .select(['id', 'slug', 'name', 'settings'])
        .where('id', '=', tenantId)
        .executeTakeFirst();
      return row ?? null;
    },
    update: (tenantId, { name, settings }, audit) =>
      database
        .forTenant(tenantId)
        .transaction()
        .execute(async (trx) => {
          await trx
            .updateTable('tenants')
            .set({ name, settings: JSON.stringify(settings) })
            .where('id', '=', tenantId)
            .execute();
          await appendAudit(trx, tenantId, audit);
        }),
  };
}
