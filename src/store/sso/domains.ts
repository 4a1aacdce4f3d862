import type { Selectable } from 'kysely';
import type { DomainClaim, DomainStore } from '../../sso/domain-ports.js';
import type { TenantDatabase } from '../database.js';
import { isUniqueViolation } from '../pg-errors.js';
import type { DomainsTable } from './tables.js';

/** Domains of tenants in Postgres. */
export function makeDomainStore(database: TenantDatabase): DomainStore {
  const select = (tenantId: string) =>
    database.forTenant(tenantId).selectFrom('domains').selectAll().where('tenant_id', '=', tenantId);
  const update = (tenantId: string, domain: string) =>
    database
      .forTenant(tenantId)
      .updateTable('domains')
      .where('tenant_id', '=', tenantId)
      .where('domain', '=', domain);
  return {
    async claim(claim) {
      await database
        .forTenant(claim.tenantId)
        .insertInto('domains')
        .values({
          tenant_id: claim.tenantId,
          domain: claim.domain,
          token: claim.token,
          created_at: claim.createdAt,
        })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'domain']).doNothing())
        .execute();
      const row = await select(claim.tenantId).where('domain', '=', claim.domain).executeTakeFirstOrThrow();
      return toClaim(row);
    },
    async list(tenantId) {
      return (await select(tenantId).orderBy('domain').execute()).map(toClaim);
    },
    async find(tenantId, domain) {
      const row = await select(tenantId).where('domain', '=', domain).executeTakeFirst();
      return row === undefined ? null : toClaim(row);
    },
    async markVerified(tenantId, domain, at) {
      try {
        await update(tenantId, domain)
          .set((eb) => ({
            verified_at: eb.fn.coalesce('verified_at', eb.val(at)),
            checked_at: at,
            problem: null,
          }))
          .execute();
        return true;
      } catch (error) {
        if (isUniqueViolation(error)) return false;
        throw error;
      }
    },
    async markUnproven(tenantId, domain, problem, at) {
      await update(tenantId, domain).set({ verified_at: null, checked_at: at, problem }).execute();
    },
    async remove(tenantId, domain) {
      const result = await database
        .forTenant(tenantId)
        .deleteFrom('domains')
        .where('tenant_id', '=', tenantId)
        .where('domain', '=', domain)
        .executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
    ownerOf: (domain) => ownerOf(database, domain),
  };
}

async function ownerOf(database: TenantDatabase, domain: string) {
  const row = await database
    .system()
    .selectFrom('domains')
    .innerJoin('tenants', 'tenants.id', 'domains.tenant_id')
    .select(['tenants.id', 'tenants.slug'])
    .where('domains.domain', '=', domain)
    .where('domains.verified_at', 'is not', null)
    .executeTakeFirst();
  return row === undefined ? null : { tenantId: row.id, tenantSlug: row.slug };
}

function toClaim(row: Selectable<DomainsTable>): DomainClaim {
  return {
    tenantId: row.tenant_id,
    domain: row.domain,
    token: row.token,
    verifiedAt: row.verified_at,
    checkedAt: row.checked_at,
    problem: row.problem,
    createdAt: row.created_at,
  };
}
