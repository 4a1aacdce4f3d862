import type { NumberAccess } from '../../domain/entitlement.js';
import type { ActualAgent, ActualState } from '../../domain/state.js';
import type { AgentRef, OnReadProgress, ProviderDeps } from '../port.js';
import {
  numbersByAgent,
  outboundNumbers,
  personFromDetail,
  teamsByAgent,
  toAgent,
  toNumber,
  toTeam,
  type Person,
} from './convert.js';
import type { Departments } from './departments.js';
import type { Directory } from './directory.js';
import type { Numbers } from './numbers.js';
import type { RoleBook } from './roles.js';
import type { Department, PhoneNumber } from './schema.js';
import type { SmartfloConfig } from './settings.js';

export interface Readings {
  all(onProgress?: OnReadProgress): Promise<ActualState>;
  subjects(refs: readonly AgentRef[]): Promise<ActualState>;
}

interface ReadingDeps {
  readonly directory: Directory;
  readonly departments: Departments;
  readonly numbers: Numbers;
  readonly roles: RoleBook;
  readonly config: SmartfloConfig;
  readonly accountId: string;
  readonly now: ProviderDeps['now'];
}

/** Snapshots of one Smartflo account. Departments and numbers come whole in one request each. */
export function makeReadings(deps: ReadingDeps): Readings {
  return {
    all: (onProgress) => readAll(deps, onProgress),
    subjects: (refs) => readSubjects(deps, refs),
  };
}

async function readAll(deps: ReadingDeps, onProgress?: OnReadProgress): Promise<ActualState> {
  const readAt = deps.now();
  const listed = await deps.directory.list(onProgress);
  const departments = await deps.departments.list();
  const people = await withUnlisted(deps, listed, departments);
  const numbers = await deps.numbers.list();
  const detailed =
    people.length <= deps.config.userReadsMax ? await withDetails(deps, people, onProgress) : people;
  return assemble(deps, { scope: 'all', readAt, people: detailed, departments, numbers });
}

async function readSubjects(deps: ReadingDeps, refs: readonly AgentRef[]): Promise<ActualState> {
  const readAt = deps.now();
  const people = refs.length === 0 ? [] : await readNamed(deps, refs);
  const departments = await deps.departments.list();
  const numbers = await deps.numbers.list();
  return assemble(deps, { scope: 'subjects', readAt, people, departments, numbers });
}

/** Members whom the list of users did not show came after it was read: then it is read again. */
async function withUnlisted(
  { directory }: ReadingDeps,
  listed: readonly Person[],
  departments: readonly Department[],
): Promise<readonly Person[]> {
  const known = new Set(listed.map(({ agent }) => agent?.id));
  if (departments.every(({ agents }) => agents.every(({ eid }) => known.has(eid)))) return listed;
  const again = await directory.list();
  const ids = new Set(listed.map(({ id }) => id));
  return [...listed, ...again.filter(({ id }) => !ids.has(id))];
}

/** Who went meanwhile stays as the list showed them. */
async function withDetails(
  { directory }: ReadingDeps,
  people: readonly Person[],
  onProgress?: OnReadProgress,
): Promise<readonly Person[]> {
  const result: Person[] = [];
  for (const person of people) {
    const detail = await directory.look(person.id);
    result.push(detail === null ? person : personFromDetail(detail));
    onProgress?.({ what: 'details of users', done: result.length, total: people.length });
  }
  return result;
}

/** One look each where only ids are asked for and the list would cost more; addresses need the list. */
async function readNamed(deps: ReadingDeps, refs: readonly AgentRef[]): Promise<readonly Person[]> {
  const ids = refs.flatMap((ref) => (ref.by === 'id' ? [ref.providerUserId] : []));
  const [first, ...others] = refs;
  if (first?.by === 'email' && others.length === 0) {
    const person = await deps.directory.byEmail(first.email);
    return person === null ? [] : [person];
  }
  if (ids.length === refs.length && ids.length <= FEW) return readEach(deps, ids);
  const wanted = new Set(ids);
  const emails = new Set(refs.map((ref) => (ref.by === 'email' ? ref.email.trim().toLowerCase() : null)));
  const people = await deps.directory.list();
  return people.filter(({ id, email }) => wanted.has(id) || emails.has(email.trim().toLowerCase()));
}

/** About what the list of a middle-sized account costs. */
const FEW = 3;

async function readEach(deps: ReadingDeps, ids: readonly string[]): Promise<readonly Person[]> {
  const found = new Map<string, Person>();
  for (const id of ids) {
    const detail = await deps.directory.look(id);
    if (detail !== null) found.set(id, personFromDetail(detail));
  }
  return [...found.values()];
}

function assemble(
  { roles, accountId }: ReadingDeps,
  reading: {
    readonly scope: ActualState['scope'];
    readonly readAt: number;
    readonly people: readonly Person[];
    readonly departments: readonly Department[];
    readonly numbers: readonly PhoneNumber[];
  },
): ActualState {
  const { scope, readAt, people, departments, numbers } = reading;
  const teams = teamsByAgent(departments);
  const rung = numbersByAgent(numbers, departments);
  const toActual = (person: Person): ActualAgent => {
    const agentId = person.agent?.id ?? '';
    return toAgent(person, {
      role: roles.read(person.role),
      teams: teams.get(agentId) ?? [],
      ...numbersOf(person, rung.get(agentId) ?? [], numbers),
    });
  };
  return {
    accountId,
    readAt,
    scope,
    agents: people.map(toActual),
    teams: departments.map(toTeam),
    numbers: numbers.map(toNumber),
  };
}

/** Caller ids are shown with a single user only. */
function numbersOf(
  { detail }: Person,
  rung: readonly NumberAccess[],
  numbers: readonly PhoneNumber[],
): Pick<Parameters<typeof toAgent>[1], 'numbers' | 'unreadKinds'> {
  const callerIds = detail?.callerIds ?? null;
  if (callerIds === null) return { numbers: rung, unreadKinds: ['outbound'] };
  return { numbers: [...rung, ...outboundNumbers(callerIds, numbers)], unreadKinds: undefined };
}
