import { assessImpact, type Impact } from '../domain/impact.js';
import type { RuleSet } from '../domain/mapping.js';
import type { Change, Plan } from '../domain/plan.js';
import type { Verdict } from '../domain/safety.js';
import { canonicalJson } from '../lib/canonical-json.js';
import type { AccountKey } from './account.js';
import type { StoredPlan } from './plan-store.js';
import { makePreview, type PreviewDeps } from './preview.js';

export interface AccountImpact {
  readonly account: AccountKey;
  readonly accountName: string;
  readonly impact: Impact;
  readonly plan: Plan;
  readonly verdict: Verdict;
}

export interface RulesImpactDeps extends PreviewDeps {
  readonly listAccounts: (tenantId: string) => Promise<
    readonly {
      readonly key: AccountKey;
      readonly name: string;
      readonly requestsPerMinute: number;
      readonly seatPrice: Parameters<typeof assessImpact>[1]['seatPrice'];
    }[]
  >;
}

/**
 * What these rules would do in each of the tenant's accounts if they were saved now. Whoever loses something in a held
 * plan, or is deleted because it is time, loses by what was there before: these are not counted again.
 */
export type RulesImpact = (tenantId: string, proposed: RuleSet) => Promise<readonly AccountImpact[]>;

/** Plans with rules that are not saved. Reads the vendors, writes nothing anywhere. */
export function makeRulesImpact(deps: RulesImpactDeps): RulesImpact {
  return async (tenantId, proposed) => {
    const version = ((await deps.rules.current(tenantId))?.version ?? 0) + 1;
    const rules = { current: () => Promise.resolve({ ...proposed, version }) };
    const preview = makePreview({ ...deps, rules });
    const impacts: AccountImpact[] = [];
    for (const { key, name, ...pace } of await deps.listAccounts(tenantId)) {
      const { plan, verdict } = await preview(key, 'all');
      const impact = assessImpact(
        plan,
        pace,
        keysOfOthers(plan.changes, await deps.plans.listHeld(key, new Date(0))),
      );
      impacts.push({ account: key, accountName: name, impact, plan, verdict });
    }
    return impacts;
  };
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
