import { GROUPS, PEOPLE, startingMembers, type Person } from './cast.js';

/** What the demo knows by construction, without asking Patchbay: who should hold what at the vendor. */
export interface Expectation {
  readonly members: Map<string, Set<string>>;
  readonly left: Set<string>;
}

export interface Holding {
  readonly email: string;
  readonly role: string;
  readonly teams: readonly string[];
}

export interface Mismatch {
  readonly email: string;
  readonly expected: string;
  readonly found: string;
}

/** Groups that give a role instead of a team. */
const ROLE_OF_GROUP: Readonly<Record<string, string>> = {
  'Team Leads': 'supervisor',
  'Phone Admins': 'admin',
};

export function beginExpectation(): Expectation {
  return { members: startingMembers(), left: new Set() };
}

/** What one person should hold now. A leaver is parked: no team, the least role, still there until the grace ends. */
export function expectedHolding(expectation: Expectation, person: Person): Holding {
  if (expectation.left.has(person.key)) return { email: person.email, role: 'agent', teams: [] };
  const groups = GROUPS.map((group) => group.name).filter((name) =>
    expectation.members.get(name)?.has(person.key),
  );
  const roles = groups.map((name) => ROLE_OF_GROUP[name] ?? 'agent');
  const role = ['admin', 'supervisor'].find((candidate) => roles.includes(candidate)) ?? 'agent';
  return {
    email: person.email,
    role,
    teams: groups.filter((name) => ROLE_OF_GROUP[name] === undefined).toSorted(),
  };
}

/** Everyone whose agent at the vendor is missing, doubled, or differs from what is expected. */
export function compare(expectation: Expectation, found: readonly Holding[]): readonly Mismatch[] {
  const byEmail = Map.groupBy(found, (holding) => holding.email.toLowerCase());
  return PEOPLE.flatMap((person) => {
    const expected = describe(expectedHolding(expectation, person));
    const agents = byEmail.get(person.email.toLowerCase()) ?? [];
    const actual = agents.length === 1 ? describe(agents[0]) : `${agents.length} agents`;
    return actual === expected ? [] : [{ email: person.email, expected, found: actual }];
  });
}

function describe(holding: Holding | undefined): string {
  if (holding === undefined) return 'no agent';
  return `${holding.role}; ${holding.teams.toSorted().join(', ') || 'no team'}`;
}
