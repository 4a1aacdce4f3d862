import { assessImpact, type Impact } from '../domain/impact.js';
import type { RuleSet } from '../domain/mapping.js';
import type { Plan } from '../domain/plan.js';
import type { Verdict } from '../domain/safety.js';
import type { AccountKey } from './account.js';
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

/** What these rules would do in each of the tenant's accounts if they were saved now. */
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
      impacts.push({ account: key, accountName: name, impact: assessImpact(plan, pace), plan, verdict });
    }
    return impacts;
  };
}
