import { sql, type Selectable, type Transaction, type UpdateObject } from 'kysely';
import type { DomainCheck, DomainClaim, DomainProofEnd, DomainStore } from '../../sso/domain-ports.js';
import type { AuditEntry } from '../../tenancy/ports.js';
import { appendAudit } from '../audit.js';
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
    markVerified: (tenantId, domain, nextCheckAt, audit) =>
      markVerified(database, tenantId, domain, nextCheckAt, audit),
    recordFound: (tenantId, domain, check) =>
      recordCheck(database, tenantId, domain, check, { problem: null, lost_at: null }),
    recordMissing: (tenantId, domain, { problem, ...check }) =>
      recordCheck(database, tenantId, domain, check, {
        problem,
        lost_at: sql<Date | null>`case when verified_at is not null then coalesce(lost_at, ${check.at}) end`,
      }),
    takeDue: (now, nextTryAt, limit) => takeDue(database, now, nextTryAt, limit),
    endProof: (tenantId, domain, end) => endProof(database, tenantId, domain, end),
    remove: (tenantId, domain, audit) =>
      audited(database, tenantId, audit, async (trx) => {
        const result = await trx
          .deleteFrom('domains')
          .where('tenant_id', '=', tenantId)
          .where('domain', '=', domain)
          .executeTakeFirst();
        return result.numDeletedRows > 0n;
      }),
    async provenClaim(domain) {
      const rows = database.system().selectFrom('domains').selectAll().where('domain', '=', domain);
      const row = await rows.where('verified_at', 'is not', null).executeTakeFirst();
      return row === undefined ? null : toClaim(row);
    },
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

type Change = UpdateObject<Database, 'domains'>;

async function update(
  trx: Transaction<Database>,
  tenantId: string,
  domain: string,
  change: Change,
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
  nextCheckAt: Date,
  audit: AuditEntry,
): Promise<boolean> {
  const at = audit.at;
  const change = {
    verified_at: at,
    checked_at: at,
    next_check_at: nextCheckAt,
    lost_at: null,
    problem: null,
  };
  try {
    return await audited(database, tenantId, audit, (trx) => update(trx, tenantId, domain, change));
  } catch (error) {
    // Another tenant has proven it: the unique index over proven domains says so.
    if (isUniqueViolation(error)) return false;
    throw error;
  }
}

async function recordCheck(
  database: TenantDatabase,
  tenantId: string,
  domain: string,
  { at, nextCheckAt, audit }: DomainCheck,
  found: Change,
): Promise<void> {
  const change = { ...found, checked_at: at, next_check_at: nextCheckAt };
  await database
    .forTenant(tenantId)
    .transaction()
    .execute(async (trx) => {
      const isThere = await update(trx, tenantId, domain, change);
      if (isThere && audit !== null) await appendAudit(trx, tenantId, audit);
    });
}

function endProof(
  database: TenantDatabase,
  tenantId: string,
  domain: string,
  { lostBefore, problem, audit }: DomainProofEnd,
): Promise<boolean> {
  return audited(database, tenantId, audit, async (trx) => {
    const result = await trx
      .updateTable('domains')
      .set({ verified_at: null, lost_at: null, next_check_at: null, problem })
      .where('tenant_id', '=', tenantId)
      .where('domain', '=', domain)
      .where('lost_at', '<=', lostBefore)
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  });
}

/** One statement: whoever comes second finds the moment moved on. */
async function takeDue(database: TenantDatabase, now: Date, nextTryAt: Date, limit: number) {
  const { rows } = await sql<Selectable<DomainsTable>>`
    update domains set next_check_at = ${nextTryAt}
    where (tenant_id, domain) in (
      select tenant_id, domain from domains
      where verified_at is not null and (next_check_at is null or next_check_at <= ${now})
      order by next_check_at nulls first limit ${limit} for update skip locked)
    returning *`.execute(database.system());
  return rows.map(toClaim);
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
    lostAt: row.lost_at,
    createdAt: row.created_at,
  };
}
