import { GROUPS, PEOPLE, startingMembers, type Person } from './cast.js';

/** What the demo knows by construction, without asking Patchbay: who should hold what at the vendor. */
export interface Expectation {
  readonly members: Map<string, Set<string>>;
  readonly left: Set<string>;
}

export interface Holding {
  readonly email: string;
  readonly role: string;
  /** Or the lines that stand for them where there are no teams. */
  readonly teams: readonly string[];
  /** Absent where the phone system has no suspend. */
  readonly isSuspended?: boolean;
}

/** What one phone system shows. */
export interface SystemView {
  /** Such as `aircall`. */
  readonly system: string;
  readonly holdings: readonly Holding[];
}

export interface Mismatch {
  readonly system: string;
  readonly email: string;
  readonly expected: string;
  readonly found: string;
}

/** Groups that give a role instead of a team. */
export const ROLE_OF_GROUP: Readonly<Record<string, string>> = {
  'Team Leads': 'supervisor',
  'Phone Admins': 'admin',
};

export function beginExpectation(): Expectation {
  return { members: startingMembers(), left: new Set() };
}

/**
 * What one person should hold now. A leaver is parked: no team, the least role, suspended where there is a suspend,
 * still there until the grace ends.
 */
export function expectedHolding(expectation: Expectation, person: Person): Holding {
  const { email } = person;
  if (expectation.left.has(person.key)) return { email, role: 'agent', teams: [], isSuspended: true };
  const groups = GROUPS.map((group) => group.name).filter((name) =>
    expectation.members.get(name)?.has(person.key),
  );
  const roles = groups.map((name) => ROLE_OF_GROUP[name] ?? 'agent');
  const role = ['admin', 'supervisor'].find((candidate) => roles.includes(candidate)) ?? 'agent';
  return {
    email,
    role,
    teams: groups.filter((name) => ROLE_OF_GROUP[name] === undefined).toSorted(),
    isSuspended: false,
  };
}

/** Everyone whose agent in some phone system is missing, doubled, or differs from what is expected. */
export function compare(expectation: Expectation, views: readonly SystemView[]): readonly Mismatch[] {
  return views.flatMap(({ system, holdings }) => {
    const byEmail = Map.groupBy(holdings, (holding) => holding.email.toLowerCase());
    return PEOPLE.flatMap((person) => {
      const agents = byEmail.get(person.email.toLowerCase()) ?? [];
      const expected = describe(expectedHolding(expectation, person), agents[0]);
      const actual = agents.length === 1 ? describe(agents[0], agents[0]) : `${agents.length} agents`;
      return actual === expected ? [] : [{ system, email: person.email, expected, found: actual }];
    });
  });
}

/** Of the suspension only what the phone system can show. */
function describe(holding: Holding | undefined, shown: Holding | undefined): string {
  if (holding === undefined) return 'no agent';
  const isSuspended = holding.isSuspended === true && shown?.isSuspended !== undefined;
  const teams = holding.teams.toSorted().join(', ') || 'no team';
  return `${holding.role}; ${teams}${isSuspended ? '; suspended' : ''}`;
}
