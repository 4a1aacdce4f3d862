import type { RuleSetReader } from '../reconcile/ports.js';
import type { TenantDatabase } from './database.js';
import { makeRuleSetStore } from './rule-set-versions.js';

/** The newest saved rule set of a tenant. Bodies were validated when they were saved. */
export function makeRuleSetReader(database: TenantDatabase): RuleSetReader {
  const versions = makeRuleSetStore(database);
  return {
    current: async (tenantId) => (await versions.current(tenantId))?.ruleSet ?? null,
  };
}
