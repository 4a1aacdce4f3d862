import { AppError, isAppError } from '../domain/errors.js';
import { assessImpact, type ImpactAccount, type ImpactOnAccount } from '../domain/impact.js';
import type { RuleSet } from '../domain/mapping.js';
import type { Verdict } from '../domain/safety.js';
import type { AccountKey } from './account.js';
import type { RuleSetReader } from './ports.js';
import { openPreview, type PreviewDeps } from './preview.js';

interface PacedAccount extends ImpactAccount {
  readonly key: AccountKey;
  readonly name: string;
}

export interface RulesImpactDeps extends PreviewDeps {
  readonly listAccounts: (tenantId: string) => Promise<readonly PacedAccount[]>;
}

/**
 * What these rules would do in each of the tenant's accounts if they were saved now. Against `current`: beyond what the
 * rules that are in force do already, so that what is on its way, held or due is not counted again. Against `nothing`:
 * all of it. One phone system that cannot be asked hides nothing of the others.
 */
export type RulesImpact = (
  tenantId: string,
  proposed: RuleSet,
  against?: 'current' | 'nothing',
) => Promise<readonly ImpactOnAccount[]>;

interface Compared {
  readonly proposed: RuleSetReader;
  /** null: the whole of it is told. */
  readonly current: RuleSetReader | null;
}

/** Plans with rules that are not saved. Reads the vendors, writes nothing anywhere. */
export function makeRulesImpact(deps: RulesImpactDeps): RulesImpact {
  return async (tenantId, ruleSet, against = 'current') => {
    const version = ((await deps.rules.current(tenantId))?.version ?? 0) + 1;
    const proposed = { current: () => Promise.resolve({ ...ruleSet, version }) };
    const rules = { proposed, current: against === 'current' ? deps.rules : null };
    const accounts = await deps.listAccounts(tenantId);
    // Side by side: each has a request budget of its own, and nobody waits for the slowest of them twice.
    return Promise.all(accounts.map((account) => impactOn(deps, rules, account)));
  };
}

async function impactOn(
  deps: RulesImpactDeps,
  rules: Compared,
  { key, name: accountName, ...pace }: PacedAccount,
): Promise<ImpactOnAccount> {
  try {
    const preview = await openPreview(deps, key);
    const planned = await preview(rules.proposed, 'all');
    if (planned === null) throw new AppError('bug', 'Rules that were given were not found.');
    const before = rules.current === null ? null : await preview(rules.current, 'all');
    const impact = assessImpact(planned.plan, pace, before?.plan ?? null);
    const verdict = newReasons(planned.verdict, before?.verdict ?? { type: 'allowed' });
    return { type: 'known', accountName, impact, plan: planned.plan, verdict };
  } catch (error) {
    if (!isAppError(error) || error.kind === 'bug') throw error;
    return { type: 'unknown', accountName, error };
  }
}

/** Why the plan would be held, but for what it is held for anyway. */
function newReasons(verdict: Verdict, before: Verdict): Verdict {
  if (verdict.type === 'allowed') return verdict;
  const known = new Set(before.type === 'held' ? before.holds.map(({ message }) => message) : []);
  const holds = verdict.holds.filter(({ message }) => !known.has(message));
  return holds.length === 0 ? { type: 'allowed' } : { type: 'held', holds };
}
