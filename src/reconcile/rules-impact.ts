import { isAppError, type AppError } from '../domain/errors.js';
import { assessImpact, type Impact, type ImpactAccount } from '../domain/impact.js';
import type { RuleSet } from '../domain/mapping.js';
import type { Change, Plan } from '../domain/plan.js';
import type { Verdict } from '../domain/safety.js';
import { canonicalJson } from '../lib/canonical-json.js';
import type { AccountKey } from './account.js';
import type { StoredPlan } from './plan-store.js';
import { makePreview, type Preview, type PreviewDeps } from './preview.js';

/** What rules would do in one account, or why its phone system cannot be asked now. */
export type AccountImpact =
  | {
      readonly type: 'known';
      readonly accountName: string;
      readonly impact: Impact;
      readonly plan: Plan;
      readonly verdict: Verdict;
    }
  | { readonly type: 'unknown'; readonly accountName: string; readonly error: AppError };

interface PacedAccount extends ImpactAccount {
  readonly key: AccountKey;
  readonly name: string;
}

export interface RulesImpactDeps extends PreviewDeps {
  readonly listAccounts: (tenantId: string) => Promise<readonly PacedAccount[]>;
}

/**
 * What these rules would do in each of the tenant's accounts if they were saved now. Whoever loses something in a held
 * plan, or is deleted because it is time, loses by what was there before: these are not counted again. One phone
 * system that cannot be asked hides nothing of the others.
 */
export type RulesImpact = (tenantId: string, proposed: RuleSet) => Promise<readonly AccountImpact[]>;

/** Plans with rules that are not saved. Reads the vendors, writes nothing anywhere. */
export function makeRulesImpact(deps: RulesImpactDeps): RulesImpact {
  return async (tenantId, proposed) => {
    const version = ((await deps.rules.current(tenantId))?.version ?? 0) + 1;
    const rules = { current: () => Promise.resolve({ ...proposed, version }) };
    const preview = makePreview({ ...deps, rules });
    const accounts = await deps.listAccounts(tenantId);
    // Side by side: each has a request budget of its own, and nobody waits for the slowest of them twice.
    return Promise.all(accounts.map((account) => impactOn(deps, preview, account)));
  };
}

async function impactOn(
  { plans }: RulesImpactDeps,
  preview: Preview,
  { key, name: accountName, ...pace }: PacedAccount,
): Promise<AccountImpact> {
  try {
    const { plan, verdict } = await preview(key, 'all');
    const others = keysOfOthers(plan.changes, await plans.listHeld(key, new Date(0)));
    return { type: 'known', accountName, impact: assessImpact(plan, pace, others), plan, verdict };
  } catch (error) {
    if (!isAppError(error) || error.kind === 'bug') throw error;
    return { type: 'unknown', accountName, error };
  }
}

/** Keys of those of these changes that come whatever the rules say: due deletions, and what a held plan holds as well. */
function keysOfOthers(changes: readonly Change[], held: readonly StoredPlan[]): ReadonlySet<string> {
  const known = new Set(held.flatMap((plan) => plan.changes.map(({ change }) => whatItDoes(change))));
  const others = changes.filter((change) => change.action === 'delete' || known.has(whatItDoes(change)));
  return new Set(others.map(({ key }) => key));
}

/** Without the words for it, which name the version of the rules. */
function whatItDoes({ reason: _reason, because: _because, ...rest }: Change): string {
  return canonicalJson(rest);
}
