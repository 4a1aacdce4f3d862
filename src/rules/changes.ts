import { isAppError, type AppError } from '../domain/errors.js';
import type { Impact } from '../domain/impact.js';
import type { RuleSet } from '../domain/mapping.js';
import type { Plan } from '../domain/plan.js';
import type { Verdict } from '../domain/safety.js';
import type { Proposal, Rules, RulesSaved, RulesSource } from './rules.js';

/** What rules would do in one account. */
export interface ImpactOnAccount {
  readonly accountName: string;
  readonly impact: Impact;
  readonly plan: Plan;
  readonly verdict: Verdict;
}

/** `unknown`: a phone system could not be asked, and why. */
export type KnownImpact =
  | { readonly type: 'known'; readonly accounts: readonly ImpactOnAccount[] }
  | { readonly type: 'unknown'; readonly error: AppError };

export interface RuleChange {
  readonly tenantId: string;
  readonly source: RulesSource;
  readonly actor: string;
  /** Why, for the history. */
  readonly note: string | null;
  /**
   * `hold`: nothing is saved where somebody would lose something, or where that cannot be told. `tell`: saved, and the
   * impact told. `skip`: saved without asking the phone systems.
   */
  readonly losses: 'hold' | 'tell' | 'skip';
}

/** `impact` is null where nothing was asked: the rules are the same, or it was not wished. */
export type RuleChangeResult =
  | ({ readonly type: 'saved'; readonly impact: KnownImpact | null } & RulesSaved)
  | { readonly type: 'held'; readonly impact: KnownImpact; readonly proposal: Proposal };

export interface RuleChanges {
  /** What saving would do, in every account. Stores nothing. Throws AppError `invalid`, `notFound`. */
  preview(
    tenantId: string,
    source: RulesSource,
  ): Promise<{ readonly proposal: Proposal; readonly impact: KnownImpact }>;
  /**
   * Saves a rule file, or brings an older version back: the same checks for both. What people would lose is a plan of
   * its own afterwards, which waits for approval. Throws AppError `invalid`, `notFound`, `stale`.
   */
  save(change: RuleChange): Promise<RuleChangeResult>;
}

export interface RuleChangesDeps {
  readonly rules: Pick<Rules, 'propose' | 'accept'>;
  /** Reads the phone systems. */
  readonly impactOf: (tenantId: string, proposed: RuleSet) => Promise<readonly ImpactOnAccount[]>;
}

/** Changing the rules with their impact before the eyes. */
export function makeRuleChanges({ rules, impactOf }: RuleChangesDeps): RuleChanges {
  const tell = async ({ tenantId, ruleSet }: Proposal): Promise<KnownImpact> => {
    try {
      return { type: 'known', accounts: await impactOf(tenantId, ruleSet) };
    } catch (error) {
      if (!isAppError(error) || error.kind === 'bug') throw error;
      return { type: 'unknown', error };
    }
  };
  return {
    async preview(tenantId, source) {
      const proposal = await rules.propose(tenantId, source);
      return { proposal, impact: await tell(proposal) };
    },
    async save({ tenantId, source, actor, note, losses }) {
      const proposal = await rules.propose(tenantId, source);
      const impact = proposal.isNew && losses !== 'skip' ? await tell(proposal) : null;
      if (losses === 'hold' && impact !== null && isHeld(impact)) return { type: 'held', impact, proposal };
      return { type: 'saved', impact, ...(await rules.accept(proposal, { actor, note })) };
    },
  };
}

function isHeld(impact: KnownImpact): boolean {
  return impact.type === 'unknown' || losers(impact.accounts).length > 0;
}

/** E-mails of everybody who would lose something anywhere, each once. */
export function losers(accounts: readonly ImpactOnAccount[]): readonly string[] {
  return [...new Set(accounts.flatMap(({ impact }) => impact.losing))].toSorted();
}

/** Why nothing was saved, as a sentence; what to do about it is for whoever asked to say. */
export function heldBecause(impact: KnownImpact): string {
  if (impact.type === 'unknown')
    return `Nothing was saved: what would change cannot be told now. ${impact.error.message}`;
  const people = losers(impact.accounts);
  const named = people.slice(0, NAMES_SHOWN).join(', ');
  const more = people.length > NAMES_SHOWN ? ` and ${people.length - NAMES_SHOWN} more` : '';
  return `Nothing was saved: ${people.length === 1 ? '1 person' : `${people.length} people`} would lose something (${named}${more}).`;
}

const NAMES_SHOWN = 10;
