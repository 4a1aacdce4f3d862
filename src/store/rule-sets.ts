import type { RuleSet } from '../domain/mapping.js';
import type { RuleSetReader } from '../reconcile/ports.js';
import type { TenantDatabase } from './database.js';

/** The newest saved rule set of a tenant. Bodies were validated when they were saved. */
export function makeRuleSetReader(database: TenantDatabase): RuleSetReader {
  return {
    async current(tenantId) {
      const row = await database
        .forTenant(tenantId)
        .selectFrom('rule_sets')
        .select(['version', 'body'])
        .where('tenant_id', '=', tenantId)
        .orderBy('version', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row === undefined ? null : { ...(row.body as RuleSet), version: row.version };
    },
  };
}
