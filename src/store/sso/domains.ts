import type { Selectable, Transaction, Updateable } from 'kysely';
import type { DomainClaim, DomainStore } from '../../sso/domain-ports.js';
import type { AuditEntry } from '../../tenancy/ports.js';
import type { TenantDatabase } from '../database.js';
import { isUniqueViolation } from '../pg-errors.js';
import type { Database } from '../tables.js';
import { audited } from './audited.js';
import type { DomainsTable } from './tables.js';

/** Domains of tenants in Postgres. */
export function makeDomainStore(database: TenantDatabase): DomainStore {
  const select = (tenantId: string) =>
    database.forTenant(tenantId).selectFrom('domains').selectAll().where('tenant_id', '=', tenantId);
  return {
    async claim(claim, audit) {
      await audited(database, claim.tenantId, audit, (trx) => insertClaim(trx, claim));
      return toClaim(
        await select(claim.tenantId).where('domain', '=', claim.domain).executeTakeFirstOrThrow(),
      );
    },
    async list(tenantId) {
      return (await select(tenantId).orderBy('domain').execute()).map(toClaim);
    },
    async find(tenantId, domain) {
      const row = await select(tenantId).where('domain', '=', domain).executeTakeFirst();
      return row === undefined ? null : toClaim(row);
    },
    markVerified: (tenantId, domain, audit) => markVerified(database, tenantId, domain, audit),
    async markUnproven(tenantId, domain, problem, audit) {
      const change = { verified_at: null, checked_at: audit.at, problem };
      await audited(database, tenantId, audit, (trx) => update(trx, tenantId, domain, change));
    },
    remove: (tenantId, domain, audit) =>
      audited(database, tenantId, audit, async (trx) => {
        const result = await trx
          .deleteFrom('domains')
          .where('tenant_id', '=', tenantId)
          .where('domain', '=', domain)
          .executeTakeFirst();
        return result.numDeletedRows > 0n;
      }),
    ownerOf: (domain) => ownerOf(database, domain),
  };
}

async function insertClaim(trx: Transaction<Database>, claim: DomainClaim): Promise<boolean> {
  const result = await trx
    .insertInto('domains')
    .values({
      tenant_id: claim.tenantId,
      domain: claim.domain,
      token: claim.token,
      created_at: claim.createdAt,
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'domain']).doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

async function update(
  trx: Transaction<Database>,
  tenantId: string,
  domain: string,
  change: Updateable<DomainsTable>,
): Promise<boolean> {
  const result = await trx
    .updateTable('domains')
    .set(change)
    .where('tenant_id', '=', tenantId)
    .where('domain', '=', domain)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

async function markVerified(
  database: TenantDatabase,
  tenantId: string,
  domain: string,
  audit: AuditEntry,
): Promise<boolean> {
  const change = { verified_at: audit.at, checked_at: audit.at, problem: null };
  try {
    return await audited(database, tenantId, audit, (trx) => update(trx, tenantId, domain, change));
  } catch (error) {
    // Another tenant has proven it: the unique index over proven domains says so.
    if (isUniqueViolation(error)) return false;
    throw error;
  }
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
