import type { DirectoryUser } from '../directory.js';
import { emailKey } from '../email.js';
import { type EntitlementSet, NO_ENTITLEMENTS } from '../entitlement.js';
import type { DerivedEntitlements, Reason } from '../mapping.js';
import type { Notice } from '../plan.js';
import type { Takeover } from '../takeover.js';
import { collectDenials, collectGrants } from './collect.js';
import type { CompiledRules } from './compile.js';
import { type Tally, allowedNumbers, allowedTeams, reasonsOf, uncertainOf, viaTeams } from './entitled.js';
import { graceOf } from './grace.js';
import { type Matches, type RuleMatch, matchRules } from './match.js';
import { deriveRole } from './role.js';
import { withTakeovers } from './takeovers.js';

/** What the rules say about one active person in one account. */
export type Derivation =
  | {
      readonly type: 'granted';
      readonly derived: DerivedEntitlements;
      readonly notices: readonly Notice[];
    }
  /** A rule keeps the person out of the account. */
  | { readonly type: 'denied'; readonly because: Reason }
  /** No rule grants the person anything. */
  | { readonly type: 'none' }
  /** It hinges on a group that cannot be resolved: nothing may follow from it. */
  | { readonly type: 'uncertain'; readonly because: Reason };

/**
 * Derives one person's entitlements. A denial wins over any grant, then the highest role wins, teams and numbers
 * add up, and so does what the person took over from leavers; what hinges on an unresolvable group ends up in
 * `uncertain`.
 */
export function deriveEntitlements(
  rules: CompiledRules,
  user: DirectoryUser,
  takeovers: readonly Takeover[] = [],
): Derivation {
  const matches = matchRules(rules, user);
  const tally: Tally = {
    grants: withTakeovers(collectGrants(matches.certain, user), takeovers),
    denials: collectDenials(matches.certain, user),
    possible: collectGrants(matches.unknown, user),
    doubts: collectDenials(matches.unknown, user),
  };
  const { denials, doubts, grants, possible } = tally;
  if (denials.account !== null) return { type: 'denied', because: denials.account };
  if (doubts.account !== null) return { type: 'uncertain', because: doubts.account };
  if (!grants.any) return ungranted(possible.any ? matches.unknown : []);
  return granted(rules, user, tally, matches);
}

function ungranted([doubt]: readonly RuleMatch[]): Derivation {
  return doubt === undefined ? { type: 'none' } : { type: 'uncertain', because: doubt.reason };
}

function granted(rules: CompiledRules, user: DirectoryUser, tally: Tally, matches: Matches): Derivation {
  const { grants } = tally;
  const denials = [tally.denials, tally.doubts];
  const { role, isDefault } = deriveRole(grants, denials, rules.ruleSet.defaultRole);
  if (role === null) return withoutRole(rules, tally);
  const entitlements: EntitlementSet = {
    role,
    owner: isOwner(rules, user),
    teams: allowedTeams(grants, denials),
    numbers: allowedNumbers(grants, denials),
  };
  const derived: DerivedEntitlements = {
    entitlements,
    roleIsDefault: isDefault,
    uncertain: matches.unknown.length > 0 ? uncertainOf(tally, entitlements) : NO_ENTITLEMENTS,
    viaTeam: viaTeams(grants, entitlements.numbers, denials),
    reasons: reasonsOf(grants, entitlements),
    ...graceOf(matches.certain),
    ...(grants.settings.size > 0 && { settings: Object.fromEntries(grants.settings) }),
  };
  return { type: 'granted', derived, notices: missingAttributes(user, tally) };
}

/** Nobody can have an agent without a role: who is denied every role is denied the account. */
function withoutRole(rules: CompiledRules, { grants, denials }: Tally): Derivation {
  const isCertain = deriveRole(grants, [denials], rules.ruleSet.defaultRole).role === null;
  const because = { ruleId: 'deny', because: 'every role the person could have is denied' };
  return { type: isCertain ? 'denied' : 'uncertain', because };
}

function isOwner(rules: CompiledRules, user: DirectoryUser): boolean {
  const names = user.email === null ? [user.userName] : [user.userName, user.email];
  return names.some((name) => rules.owners.has(emailKey(name)));
}

function missingAttributes(user: DirectoryUser, { grants }: Tally): readonly Notice[] {
  return grants.missing.map(({ template, attribute }) => ({
    code: 'missing-attribute',
    subjectId: user.id,
    providerUserId: null,
    message: `${user.userName} gets no "${template}", because the directory holds no "${attribute}" for them.`,
  }));
}
