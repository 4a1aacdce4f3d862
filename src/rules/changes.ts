import type { AppError } from '../domain/errors.js';
import type { ImpactOnAccount, UnknownImpact } from '../domain/impact.js';
import { counted } from '../lib/counted.js';
import type { RuleSet } from '../domain/mapping.js';
import type { Proposal, Rules, RulesSaved, RulesSource } from './rules.js';
import { FIRST_LIST_NEEDED } from '../providers/manual.js';

export interface RuleChange {
  readonly tenantId: string;
  readonly source: RulesSource;
  readonly actor: string;
  /** Why, for the history. */
  readonly note: string | null;
  /**
   * `hold`: nothing is saved where somebody would lose something, or where that cannot be told of an account. `tell`: saved, and the
   * impact told. `skip`: saved without asking the phone systems.
   */
  readonly losses: 'hold' | 'tell' | 'skip';
}

/** `impact` is null where nothing was asked: the rules are the same, or it was not wished. */
export type RuleChangeResult =
  | ({ readonly type: 'saved'; readonly impact: readonly ImpactOnAccount[] | null } & RulesSaved)
  | { readonly type: 'held'; readonly impact: readonly ImpactOnAccount[]; readonly proposal: Proposal };

export interface RuleChanges {
  /** What saving would do, in every account. Stores nothing. Throws AppError `invalid`, `notFound`. */
  preview(
    tenantId: string,
    source: RulesSource,
  ): Promise<{ readonly proposal: Proposal; readonly impact: readonly ImpactOnAccount[] }>;
  /**
   * Saves a rule file, or brings an older version back: the same checks for both. What people would lose is a plan of
   * its own afterwards, which waits for approval. Throws AppError `invalid`, `notFound`, `stale`.
   */
  save(change: RuleChange): Promise<RuleChangeResult>;
}

export interface RuleChangesDeps {
  readonly rules: Pick<Rules, 'propose' | 'accept'>;
  /** Reads the phone systems, and says of each that cannot be read why. */
  readonly impactOf: (tenantId: string, proposed: RuleSet) => Promise<readonly ImpactOnAccount[]>;
}

/** Changing the rules with their impact before the eyes. */
export function makeRuleChanges({ rules, impactOf }: RuleChangesDeps): RuleChanges {
  const tell = ({ tenantId, ruleSet }: Proposal): Promise<readonly ImpactOnAccount[]> =>
    impactOf(tenantId, ruleSet);
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

function isHeld(impact: readonly ImpactOnAccount[]): boolean {
  return unknownOf(impact).length > 0 || losers(impact).length > 0;
}

/** E-mails of everybody who would lose something in an account that could be asked, each once. */
export function losers(impact: readonly ImpactOnAccount[]): readonly string[] {
  const known = impact.filter((one) => one.type === 'known');
  return [...new Set(known.flatMap((one) => one.impact.losing))].toSorted();
}

/** The accounts of which nothing can be told now. */
export function unknownOf(impact: readonly ImpactOnAccount[]): readonly UnknownImpact[] {
  return impact.filter((one) => one.type === 'unknown');
}

/** Why nothing was saved, in sentences; what to do about losses is for whoever asked to say. */
export function heldBecause(impact: readonly ImpactOnAccount[]): string {
  const people = losers(impact);
  const losses =
    people.length === 0
      ? []
      : [`${counted(people.length, 'person', 'people')} would lose something (${named(people)}).`];
  const unknown = unknownOf(impact).map(
    (one) => `what would change in ${one.accountName} cannot be told now: ${describeUnknown(one)}`,
  );
  return `Nothing was saved: ${[...losses, ...unknown].join(' ')}`;
}

function named(people: readonly string[]): string {
  const more = people.length > NAMES_SHOWN ? ` and ${people.length - NAMES_SHOWN} more` : '';
  return `${people.slice(0, NAMES_SHOWN).join(', ')}${more}`;
}

/** Why the account cannot be asked, and what to do before its impact is looked at again. */
export function describeUnknown({ accountName, error }: UnknownImpact): string {
  // That one says itself what to do, and there is no credential to give.
  if (error.message === FIRST_LIST_NEEDED) return error.message;
  return `${error.message} ${remedyOf(accountName, error)}`;
}

/** What the engine does by itself later helps nobody who wants to know now. */
function remedyOf(accountName: string, { kind, retryAt }: AppError): string {
  switch (kind) {
    case 'credential':
      return `Give ${accountName} a credential that works, then look again.`;
    case 'rateLimited':
      return retryAt === undefined
        ? 'Look again in a few minutes.'
        : `Look again after ${retryAt.toISOString()}.`;
    case 'unavailable':
      return 'Look again in a few minutes.';
    default:
      return 'Put that right, then look again.';
  }
}

const NAMES_SHOWN = 10;
