import { GROUPS, PEOPLE, type CastGroup, type Dialect, type Person } from './cast.js';
import { beginExpectation, compare, type Expectation, type SystemView } from './expectation.js';
import type { Idp } from './idps.js';

export interface MorningDeps {
  readonly idps: Readonly<Record<Dialect, Idp>>;
  /** Reads the vendors' own dashboards: what agents hold there now. */
  readonly observe: () => Promise<readonly SystemView[]>;
  readonly progress: (step: string, done: number, total: number) => void;
  /** Gives up waiting for the vendor to catch up after this long without any progress. */
  readonly stallMs: number;
  readonly pollMs: number;
  readonly now: () => number;
}

export interface MorningResult {
  readonly expectation: Expectation;
  readonly mismatches: ReturnType<typeof compare>;
  readonly views: readonly SystemView[];
}

interface Act {
  readonly person: Person;
  readonly from?: string;
  readonly to?: string;
}

/**
 * Plays the morning: joiners, group pushes, movers between teams, a promotion, five leavers and one re-hire within
 * grace; after each wave waits until the vendor shows it. Safe to play again on the same tenant.
 */
export async function playMorning(deps: MorningDeps): Promise<MorningResult> {
  const expectation = beginExpectation();
  const ids = await joiners(deps);
  await pushGroups(deps, expectation, ids);
  await settle(deps, expectation, 'Joiners arrive at the phone system');
  await movers(deps, expectation, ids);
  await settle(deps, expectation, 'Movers change teams, one promotion');
  await leavers(deps, expectation);
  await settle(deps, expectation, 'Leavers are parked');
  await rehire(deps, expectation);
  const views = await settle(deps, expectation, 'One person is re-hired within grace');
  return { expectation, mismatches: compare(expectation, views), views };
}

async function joiners(deps: MorningDeps): Promise<Map<string, string>> {
  for (const idp of Object.values(deps.idps)) await idp.testConnection();
  const ids = new Map<string, string>();
  for (const [index, person] of PEOPLE.entries()) {
    ids.set(person.key, await deps.idps[person.dialect].assign(person));
    deps.progress('People are pushed over SCIM', index + 1, PEOPLE.length);
  }
  return ids;
}

async function pushGroups(
  deps: MorningDeps,
  expectation: Expectation,
  ids: Map<string, string>,
): Promise<void> {
  for (const [index, group] of GROUPS.entries()) {
    const members = [...(expectation.members.get(group.name) ?? [])].map((key) => ids.get(key) ?? '');
    await deps.idps[group.dialect].pushGroup(group, members);
    deps.progress('Groups are pushed over SCIM', index + 1, GROUPS.length);
  }
}

/** Two movers of each Okta kind change department, one of them becomes a team lead. */
async function movers(deps: MorningDeps, expectation: Expectation, ids: Map<string, string>): Promise<void> {
  const acts: Act[] = [
    { person: personAt(4), from: 'Sales EMEA', to: 'Sales US' },
    { person: personAt(5), from: 'Sales US', to: 'Sales EMEA' },
    { person: member(expectation, 'Support FR', 0), from: 'Support FR', to: 'Support UK' },
    { person: member(expectation, 'Customer Success', 0), from: 'Customer Success', to: 'Support FR' },
    { person: personAt(6), to: 'Team Leads' },
  ];
  for (const [index, { person, from, to }] of acts.entries()) {
    const userId = ids.get(person.key) ?? '';
    if (to !== undefined) await join(deps, expectation, person, userId, to);
    if (from !== undefined) await leave(deps, expectation, person, userId, from);
    deps.progress('Movers are pushed', index + 1, acts.length);
  }
}

async function join(
  deps: MorningDeps,
  at: Expectation,
  person: Person,
  userId: string,
  to: string,
): Promise<void> {
  await deps.idps[person.dialect].addMember(group(to), userId);
  at.members.get(to)?.add(person.key);
}

async function leave(
  deps: MorningDeps,
  at: Expectation,
  person: Person,
  userId: string,
  from: string,
): Promise<void> {
  await deps.idps[person.dialect].removeMember(group(from), userId);
  at.members.get(from)?.delete(person.key);
}

/** Two leavers in each Okta app and one in Entra. */
const LEAVERS = [10, 11, 30, 31, 50];
const REHIRED = 11;

async function leavers(deps: MorningDeps, expectation: Expectation): Promise<void> {
  for (const [index, position] of LEAVERS.entries()) {
    const person = personAt(position);
    await deps.idps[person.dialect].unassign(person);
    expectation.left.add(person.key);
    deps.progress('Leavers are pushed', index + 1, LEAVERS.length);
  }
}

async function rehire(deps: MorningDeps, expectation: Expectation): Promise<void> {
  const person = personAt(REHIRED);
  await deps.idps[person.dialect].assign(person);
  expectation.left.delete(person.key);
  deps.progress('A re-hire is pushed', 1, 1);
}

/** Waits until every vendor shows what is expected; returns the last views even when they never do. */
async function settle(
  deps: MorningDeps,
  expectation: Expectation,
  step: string,
): Promise<readonly SystemView[]> {
  let best = Number.POSITIVE_INFINITY;
  let movedAt = deps.now();
  for (;;) {
    const views = await deps.observe();
    const open = compare(expectation, views).length;
    const total = PEOPLE.length * views.length;
    deps.progress(step, total - open, total);
    if (open < best) [best, movedAt] = [open, deps.now()];
    if (open === 0 || deps.now() - movedAt > deps.stallMs) return views;
    await new Promise((resolve) => setTimeout(resolve, deps.pollMs));
  }
}

function personAt(index: number): Person {
  const person = PEOPLE[index];
  if (person === undefined) throw new Error(`The cast has no person number ${index}.`);
  return person;
}

function member(expectation: Expectation, groupName: string, position: number): Person {
  const key = [...(expectation.members.get(groupName) ?? [])][position];
  const person = PEOPLE.find((candidate) => candidate.key === key);
  if (person === undefined) throw new Error(`${groupName} has no member number ${position}.`);
  return person;
}

function group(name: string): CastGroup {
  const found = GROUPS.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`The cast has no group ${name}.`);
  return found;
}
