import type { DirectorySnapshot } from '../domain/directory.js';
import type { RuleSet } from '../domain/mapping.js';
import { calculateImpact, type AccountImpact } from './impact.js';

export interface PacedImpact extends AccountImpact {
  /** Minutes that the requests take at the account's pace. */
  readonly minutes: number;
}

export interface RuleImpactDeps {
  readonly snapshot: (tenantId: string) => Promise<DirectorySnapshot>;
  readonly currentRules: (tenantId: string) => Promise<RuleSet | null>;
  /** Accounts with the requests a minute that Patchbay may make there. */
  readonly accounts: (
    tenantId: string,
  ) => Promise<readonly { readonly name: string; readonly requestsPerMinute: number }[]>;
}

export type RuleImpact = (tenantId: string, ruleSet: RuleSet) => Promise<readonly PacedImpact[]>;

/** Shows what saving a rule set would mean, account by account. Writes nothing and asks no vendor. */
export function makeRuleImpact(deps: RuleImpactDeps): RuleImpact {
  return async (tenantId, after) => {
    const [snapshot, before, accounts] = await Promise.all([
      deps.snapshot(tenantId),
      deps.currentRules(tenantId),
      deps.accounts(tenantId),
    ]);
    return accounts.map((account) => {
      const impact = calculateImpact(account, snapshot, { before, after });
      return { ...impact, minutes: Math.ceil(impact.calls / account.requestsPerMinute) };
    });
  };
}
