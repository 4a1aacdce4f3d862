import { type Entitlement, type EntitlementSet, type NumberAccess, teamKey } from './entitlement.js';
import { byCodeUnits } from './sort.js';

/** The set with one thing added; lists stay sorted and free of duplicates. */
export function withEntitlement(set: EntitlementSet, entitlement: Entitlement): EntitlementSet {
  const rest = withoutEntitlement(set, entitlement);
  switch (entitlement.type) {
    case 'role':
      return { ...rest, role: entitlement.role };
    case 'owner':
      return { ...rest, owner: true };
    case 'team':
      return { ...rest, teams: [...rest.teams, entitlement.team].toSorted(byCodeUnits) };
    case 'number': {
      const { number, kind } = entitlement;
      return { ...rest, numbers: [...rest.numbers, { number, kind }].toSorted(byNumber) };
    }
  }
}

/** The set with one thing taken away. */
export function withoutEntitlement(set: EntitlementSet, entitlement: Entitlement): EntitlementSet {
  switch (entitlement.type) {
    case 'role':
      return { ...set, role: set.role === entitlement.role ? null : set.role };
    case 'owner':
      return { ...set, owner: false };
    case 'team': {
      const key = teamKey(entitlement.team);
      return { ...set, teams: set.teams.filter((team) => teamKey(team) !== key) };
    }
    case 'number': {
      const { number, kind } = entitlement;
      return { ...set, numbers: set.numbers.filter((one) => one.number !== number || one.kind !== kind) };
    }
  }
}

/**
 * Whether two short lists without duplicates hold the same texts. Builds nothing, because it is asked for every agent
 * of an account; of long lists it just says that it does not know.
 */
export function isSameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.length <= 16 && a.every((name) => b.includes(name));
}

function byNumber(a: NumberAccess, b: NumberAccess): number {
  return byCodeUnits(a.number, b.number) || byCodeUnits(a.kind, b.kind);
}
