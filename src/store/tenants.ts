import type { Selectable } from 'kysely';
import { AppError } from '../domain/errors.js';
import type { AuditEntry, Tenant, TenantStore } from '../tenancy/ports.js';
import { appendAudit } from './audit.js';
import type { TenantDatabase } from './database.js';
import { isUniqueViolation } from './pg-errors.js';
import type { TenantsTable } from './tables.js';

/** Tenants in Postgres. Works across tenants by nature, therefore in the system scope. */
export function makeTenantStore(database: TenantDatabase): TenantStore {
  return {
    insert: (tenant, audit) => insertTenant(database, tenant, audit),
    async findBySlug(slug) {
      const query = database.system().selectFrom('tenants').selectAll().where('slug', '=', slug);
      const row = await query.executeTakeFirst();
      return row === undefined ? null : toTenant(row);
    },
    async find(tenantId) {
      const query = database.system().selectFrom('tenants').selectAll().where('id', '=', tenantId);
      const row = await query.executeTakeFirst();
      return row === undefined ? null : toTenant(row);
    },
    async list() {
      return (await database.system().selectFrom('tenants').selectAll().orderBy('slug').execute()).map(
        toTenant,
      );
    },
  };
}

async function insertTenant(database: TenantDatabase, tenant: Tenant, audit: AuditEntry): Promise<void> {
  const values = { id: tenant.id, slug: tenant.slug, name: tenant.name, created_at: tenant.createdAt };
  try {
    await database
      .system()
      .transaction()
      .execute(async (trx) => {
        await trx.insertInto('tenants').values(values).execute();
        await appendAudit(trx, tenant.id, audit);
      });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new AppError('conflict', `There is already a tenant named "${tenant.slug}". Choose another name.`, {
      cause: error,
    });
  }
}

function toTenant(row: Selectable<TenantsTable>): Tenant {
  return { id: row.id, slug: row.slug, name: row.name, createdAt: row.created_at };
}
