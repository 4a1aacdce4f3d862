import { ACCESS_KINDS, type AccessKind, entitlementKey, teamKey } from '../entitlement.js';
import type { CompiledRules } from './compile.js';

/** What the rules of an account speak of by name: who holds it beyond the rules may lose it. */
export interface ManagedNames {
  /** Keys as of `teamKey`. Team templates are not here: what they yield is known only per person. */
  readonly teams: ReadonlySet<string>;
  /** Keys as of `entitlementKey`. */
  readonly numbers: ReadonlySet<string>;
  /** Keys of teams that some rule names as the way to a number: they ring. Absent: not known. */
  readonly ringing?: ReadonlySet<string>;
}

/** The teams and numbers that some rule grants or denies by name. */
export function managedNames(rules: CompiledRules): ManagedNames {
  const teams = new Set<string>();
  const numbers = new Set<string>();
  const ringing = new Set<string>();
  for (const { rule, grantTeams, denyTeams, numbers: granted } of rules.rules) {
    const viaTeams = granted.flatMap(({ viaTeam }) => (viaTeam === null ? [] : [viaTeam]));
    for (const team of viaTeams) if (team.isLiteral) ringing.add(teamKey(team.text));
    for (const team of [...grantTeams, ...denyTeams, ...viaTeams]) {
      if (team.isLiteral) teams.add(teamKey(team.text));
    }
    for (const { grant } of granted) numbers.add(key(grant.number, grant.kind));
    for (const { number, kind } of rule.deny.numbers) {
      for (const one of kind === null ? ACCESS_KINDS : [kind]) numbers.add(key(number, one));
    }
  }
  return { teams, numbers, ringing };
}

function key(number: string, kind: AccessKind): string {
  return entitlementKey({ type: 'number', number, kind });
}
