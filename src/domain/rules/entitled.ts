import {
  type Entitlement,
  type EntitlementSet,
  NO_ENTITLEMENTS,
  type NumberAccess,
  ROLES,
  type Role,
  entitlementKey,
  higherRole,
  listEntitlements,
  teamKey,
} from '../entitlement.js';
import type { DerivedEntitlements, Reason } from '../mapping.js';
import { byCodeUnits } from '../sort.js';
import type { Denials, Grants } from './collect.js';

/** What matching and possibly matching rules say about one person. */
export interface Tally {
  readonly grants: Grants;
  readonly denials: Denials;
  /** Of rules whose group cannot be resolved. */
  readonly possible: Grants;
  readonly doubts: Denials;
}

/** Teams granted and denied by none of `denials`, sorted without regard to case. */
export function allowedTeams(grants: Grants, denials: readonly Denials[]): readonly string[] {
  return [...grants.teams]
    .filter(([key]) => denials.every(({ teams }) => !teams.has(key)))
    .toSorted(([a], [b]) => byCodeUnits(a, b))
    .map(([, { thing }]) => thing);
}

/** Number access granted and denied by none of `denials`, sorted. */
export function allowedNumbers(grants: Grants, denials: readonly Denials[]): readonly NumberAccess[] {
  return [...grants.numbers]
    .filter(([, { thing }]) => denials.every((denial) => !denial.isNumberDenied(thing)))
    .toSorted(([a], [b]) => byCodeUnits(a, b))
    .map(([, { thing }]) => ({ number: thing.number, kind: thing.kind }));
}

/** What is certainly not denied, and granted or perhaps denied only by rules of which it cannot be told. */
export function uncertainOf({ grants, possible, denials }: Tally, sure: EntitlementSet): EntitlementSet {
  const parts = [grants, possible];
  const sureKeys = new Set(listEntitlements(sure).map(entitlementKey));
  const teams = new Map(
    parts.flatMap((part) => possibleTeams(part, denials)).map((team) => [teamKey(team), team]),
  );
  const numbers = new Map(
    parts.flatMap((part) => allowedNumbers(part, [denials])).map((access) => [numberKey(access), access]),
  );
  return {
    ...NO_ENTITLEMENTS,
    role: possibleRole(parts, denials, sure.role),
    teams: [...teams]
      .filter(([, team]) => !sureKeys.has(entitlementKey({ type: 'team', team })))
      .toSorted(([a], [b]) => byCodeUnits(a, b))
      .map(([, team]) => team),
    numbers: [...numbers.values()]
      .filter((access) => !sureKeys.has(numberKey(access)))
      .toSorted((a, b) => byCodeUnits(numberKey(a), numberKey(b))),
  };
}

/** Teams granted as such, and teams through which a number is reached. */
function possibleTeams(grants: Grants, denials: Denials): readonly string[] {
  const via = Object.values(viaTeams(grants, allowedNumbers(grants, [denials]), [denials]));
  return [...allowedTeams(grants, [denials]), ...via];
}

/** The highest role that the person might turn out to have, where it is more than the certain one. */
function possibleRole(parts: readonly Grants[], denials: Denials, sure: Role | null): Role | null {
  const possible = ROLES.filter(
    (role) => !denials.roles.has(role) && parts.some(({ roles }) => roles.has(role)),
  );
  const best = possible.reduce<Role | null>(higherRole, null);
  return best === higherRole(best, sure) && best !== sure ? best : null;
}

/** The team through which each granted number is reached, where the rule names one that is not denied. */
export function viaTeams(
  grants: Grants,
  numbers: readonly NumberAccess[],
  denials: readonly Denials[],
): Readonly<Record<string, string>> {
  const pairs = numbers.flatMap((access) => {
    const team = grants.numbers.get(numberKey(access))?.thing.viaTeam ?? null;
    if (team === null || denials.some(({ teams }) => teams.has(teamKey(team)))) return [];
    return [[numberKey(access), team] as const];
  });
  return Object.fromEntries(pairs);
}

/** Why each entitlement is held, in the order of `listEntitlements`. */
export function reasonsOf(grants: Grants, sure: EntitlementSet): DerivedEntitlements['reasons'] {
  return listEntitlements(sure).map((entitlement) => ({
    entitlement,
    reasons: reasonsFor(grants, entitlement),
  }));
}

function reasonsFor(grants: Grants, entitlement: Entitlement): readonly Reason[] {
  switch (entitlement.type) {
    case 'role':
      return (
        grants.roles.get(entitlement.role)?.reasons ?? [
          { ruleId: 'defaults', because: 'no rule grants a role, so the default role applies' },
        ]
      );
    case 'owner':
      return [{ ruleId: 'owners', because: 'on the owner list' }];
    case 'team':
      return grants.teams.get(teamKey(entitlement.team))?.reasons ?? [];
    case 'number':
      return grants.numbers.get(entitlementKey(entitlement))?.reasons ?? [];
  }
}

function numberKey({ number, kind }: NumberAccess): string {
  return entitlementKey({ type: 'number', number, kind });
}
