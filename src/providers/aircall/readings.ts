import { emailKey } from '../../domain/email.js';
import type { NumberAccess } from '../../domain/entitlement.js';
import type { ActualAgent, ActualState } from '../../domain/state.js';
import type { AgentRef, OnReadProgress, ProviderDeps } from '../port.js';
import type { Agents } from './agents.js';
import type { AircallClient } from './client.js';
import { numbersByUser, teamsByMember, toAgent, toE164, toNumber, toTeam } from './convert.js';
import { unknownShape } from './errors.js';
import { PAGE_SIZE, readList, readPage } from './pages.js';
import {
  CompanyAnswer,
  NumberPage,
  NumberUsersAnswer,
  UserPage,
  type Page,
  type PhoneNumber,
  type Team,
  type User,
} from './schema.js';
import type { AircallConfig } from './settings.js';
import type { Teams } from './teams.js';

export interface Readings {
  all(onProgress?: OnReadProgress): Promise<ActualState>;
  /** Everybody's id, without what they hold. */
  ids(): Promise<ReadonlySet<string>>;
  subjects(refs: readonly AgentRef[]): Promise<ActualState>;
}

interface ReadingDeps {
  readonly client: AircallClient;
  readonly agents: Agents;
  readonly teams: Teams;
  readonly config: AircallConfig;
  readonly accountId: string;
  readonly now: ProviderDeps['now'];
}

const USERS = { call: { purpose: 'list the users', route: '/v2/users' }, page: UserPage, what: 'users' };
const NUMBERS = {
  call: { purpose: 'list the phone numbers', route: '/v1/numbers' },
  page: NumberPage,
  what: 'phone numbers',
};
const COMPANY = { purpose: 'read the company', method: 'GET', route: '/v1/company' } as const;
const NUMBER = { purpose: 'see who is on a phone number', method: 'GET', route: '/v1/numbers/:id' } as const;

/** Snapshots of one Aircall company, in the fewest requests that are sure to miss nobody. */
export function makeReadings(deps: ReadingDeps): Readings {
  return {
    all: (onProgress) => readAll(deps, onProgress),
    ids: async () => new Set((await readUsers(deps)).map(({ id }) => id)),
    subjects: (refs) => readSubjects(deps, refs),
  };
}

async function readAll(deps: ReadingDeps, onProgress?: OnReadProgress): Promise<ActualState> {
  const readAt = deps.now();
  const listed = await readUsers(deps, { onProgress });
  const teams = await deps.teams.list(onProgress);
  const users = [...listed, ...(await readUnlisted(deps, listed, teams))];
  const numbers = await readList(deps.client, NUMBERS, { onProgress });
  const access = await readNumberUsers(deps, numbers, onProgress);
  const agents = withHoldings(users, { teams, numbers }, (id) =>
    access === null ? null : (access.get(id) ?? []),
  );
  return { accountId: deps.accountId, readAt, scope: 'all', ...toLists(teams, numbers), agents };
}

/** Number access is left to readings of the whole account: it costs one request a number. */
async function readSubjects(deps: ReadingDeps, refs: readonly AgentRef[]): Promise<ActualState> {
  const readAt = deps.now();
  const users = refs.length === 0 ? [] : await readNamed(deps, refs);
  const teams = await deps.teams.list();
  const numbers = await readList(deps.client, NUMBERS);
  const agents = withHoldings(users, { teams, numbers }, () => null);
  return { accountId: deps.accountId, readAt, scope: 'subjects', ...toLists(teams, numbers), agents };
}

/** A company without users cannot have an API key: an empty list is believed only when the company agrees. */
async function readUsers(
  deps: ReadingDeps,
  options: { readonly firstPage?: Page<User>; readonly onProgress?: OnReadProgress | undefined } = {},
): Promise<readonly User[]> {
  const users = await readList(deps.client, USERS, options);
  if (users.length > 0) return users;
  const { company } = await deps.client.request(COMPANY, CompanyAnswer);
  if (company.users_count === 0) return users;
  throw unknownShape({ ...USERS.call, method: 'GET' }, 'an empty list for a company that has users');
}

/**
 * Members of teams that the list of users did not show: they came after it was read, slipped through a page border,
 * or are deleted people whose rows a team kept. One look each, or the list again where that costs less.
 */
async function readUnlisted(
  deps: ReadingDeps,
  listed: readonly User[],
  teams: readonly Team[],
): Promise<readonly User[]> {
  const known = new Set(listed.map(({ id }) => id));
  const unknown = [...teamsByMember(teams).keys()].filter((id) => !known.has(id));
  if (unknown.length <= pagesOf(listed.length)) {
    return readEach(
      deps,
      unknown.map((providerUserId) => ({ by: 'id', providerUserId })),
    );
  }
  return (await readUsers(deps)).filter(({ id }) => !known.has(id));
}

/** One look each, or the whole list where that takes fewer requests. */
async function readNamed(deps: ReadingDeps, refs: readonly AgentRef[]): Promise<readonly User[]> {
  if (refs.length === 1) return readEach(deps, refs);
  const firstPage = await readPage(deps.client, USERS, 1);
  if (refs.length < pagesOf(firstPage.meta.total)) return readEach(deps, refs);
  const ids = new Set(refs.map((ref) => (ref.by === 'id' ? ref.providerUserId : null)));
  const emails = new Set(refs.map((ref) => (ref.by === 'email' ? emailKey(ref.email) : null)));
  const users = await readUsers(deps, { firstPage });
  return users.filter(({ id, email }) => ids.has(id) || emails.has(emailKey(email)));
}

async function readEach(deps: ReadingDeps, refs: readonly AgentRef[]): Promise<readonly User[]> {
  const found = new Map<string, User>();
  for (const ref of refs) {
    const user = await deps.agents.find(ref);
    if (user !== null) found.set(user.id, user);
  }
  return [...found.values()];
}

/** Who is on which number, or null where the account's settings leave that unread. */
async function readNumberUsers(
  { client, config }: ReadingDeps,
  numbers: readonly PhoneNumber[],
  onProgress?: OnReadProgress,
): Promise<ReadonlyMap<string, readonly NumberAccess[]> | null> {
  if (config.readNumberUsers === 'never' || numbers.length > config.numberReadsMax) return null;
  const shown: { digits: string; userIds: readonly string[] }[] = [];
  for (const { id, digits } of numbers) {
    const { number } = await client.request({ ...NUMBER, params: { id } }, NumberUsersAnswer);
    if (number.id !== id) throw unknownShape(NUMBER, 'another number than the one asked for');
    shown.push({ digits, userIds: number.users.map((user) => user.id) });
    onProgress?.({ what: 'users of phone numbers', done: shown.length, total: numbers.length });
  }
  return numbersByUser(shown, config.numberUsersKind);
}

function withHoldings(
  users: readonly User[],
  { teams, numbers }: { readonly teams: readonly Team[]; readonly numbers: readonly PhoneNumber[] },
  numbersOf: (id: string) => readonly NumberAccess[] | null,
): readonly ActualAgent[] {
  const held = teamsByMember(teams);
  const digitsById = new Map(numbers.map(({ id, digits }) => [id, toE164(digits)]));
  return users.map((user) =>
    toAgent(user, { teams: held.get(user.id) ?? [], numbers: numbersOf(user.id), digitsById }),
  );
}

function toLists(
  teams: readonly Team[],
  numbers: readonly PhoneNumber[],
): Pick<ActualState, 'teams' | 'numbers'> {
  return { teams: teams.map(toTeam), numbers: numbers.map(toNumber) };
}

function pagesOf(total: number): number {
  return Math.ceil(total / PAGE_SIZE);
}
