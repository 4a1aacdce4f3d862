import type { Selectable } from 'kysely';
import { AppError } from '../domain/errors.js';
import type { RuleSet } from '../domain/mapping.js';
import type { NewRuleSet, RuleSetStore, RuleSetVersion } from '../rules/rules.js';
import type { AuditEntry } from '../tenancy/ports.js';
import { appendAudit } from './audit.js';
import type { TenantDatabase } from './database.js';
import { isUniqueViolation } from './pg-errors.js';
import type { RuleSetsTable } from './tables.js';

/** Versions of mapping rules in Postgres. */
export function makeRuleSetStore(database: TenantDatabase): RuleSetStore {
  const versions = (tenantId: string) =>
    database.forTenant(tenantId).selectFrom('rule_sets').selectAll().where('tenant_id', '=', tenantId);
  return {
    async list(tenantId) {
      return (await versions(tenantId).orderBy('version', 'desc').execute()).map(toVersion);
    },
    async find(tenantId, version) {
      const row = await versions(tenantId).where('version', '=', version).executeTakeFirst();
      return row === undefined ? null : toVersion(row);
    },
    async current(tenantId) {
      const row = await versions(tenantId).orderBy('version', 'desc').limit(1).executeTakeFirst();
      return row === undefined ? null : toVersion(row);
    },
    append: (tenantId, after, next, audit) => append(database, tenantId, after, next, audit),
  };
}

async function append(
  database: TenantDatabase,
  tenantId: string,
  after: number,
  { ruleSet, source, note }: NewRuleSet,
  audit: AuditEntry,
): Promise<RuleSetVersion> {
  const version = after + 1;
  const body = { ...ruleSet, version };
  const row = { tenant_id: tenantId, version, source, note, created_by: audit.actor, created_at: audit.at };
  try {
    await database
      .forTenant(tenantId)
      .transaction()
      .execute(async (trx) => {
        await trx
          .insertInto('rule_sets')
          .values({ ...row, body: JSON.stringify(body) })
          .execute();
        await trx
          .updateTable('accounts')
          .set({ reconcile_due_at: audit.at, reconcile_trigger: 'rules' })
          .where('tenant_id', '=', tenantId)
          .execute();
        await appendAudit(trx, tenantId, audit);
      });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new AppError(
      'stale',
      'Somebody else saved rules at the same moment; nothing was overwritten. Look at the newest version and save again.',
      { cause: error },
    );
  }
  return { version, ruleSet: body, source, note, createdBy: audit.actor, createdAt: audit.at };
}

function toVersion(row: Selectable<RuleSetsTable>): RuleSetVersion {
  return {
    version: row.version,
    ruleSet: { ...(row.body as RuleSet), version: row.version },
    source: row.source,
    createdBy: row.created_by,
    createdAt: row.created_at,
    note: row.note,
  };
}
