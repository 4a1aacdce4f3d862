import { AppError } from '../../domain/errors.js';
import type { AccountPolicy } from '../../domain/plan.js';
import type { IdpKind } from '../connection.js';
import type { IdpSource } from '../idp-source.js';
import type { SetupProgress } from '../setup-ports.js';
import type { Trace } from '../trace.js';
import { chooseIdp, giveMetadata, mapPeople, type PeopleMapping } from './connect.js';
import { save, type SetupDeps } from './deps.js';
import { goLive, type WentLive } from './go-live.js';
import type { ArrivedGroup, SetupAccounts, SetupToken } from './ports.js';
import { chooseSignIns, findToken, makeToken } from './push.js';
import { assertPlainTeams, writeStarterRules, type GroupChoice } from './starter-rules.js';
import { withDone, type SetupState } from './state.js';

/** What has come from the identity provider since the token was made. */
export interface Arrival {
  readonly token: SetupToken | null;
  readonly people: number;
  /** The first of them by name. */
  readonly groups: readonly ArrivedGroup[];
  /** Whether there are more. */
  readonly isCut: boolean;
}

/** The way from an opened setup link to people in the phone system. Every step is saved, so that it can be resumed. */
export interface SetupJourney {
  /** Throws AppError `notFound` for a set-up that is closed. */
  read(tenantId: string, linkId: string): Promise<SetupState>;
  /** Makes a draft connection, or turns the one there is into another kind. */
  chooseIdp(state: SetupState, kind: IdpKind): Promise<SetupState>;
  confirmApplication(state: SetupState): Promise<SetupState>;
  /** Throws AppError `invalid` or `unavailable` for metadata that cannot be used. */
  giveMetadata(state: SetupState, source: IdpSource): Promise<SetupState>;
  /** Throws AppError `invalid` when nobody would get in. */
  mapPeople(state: SetupState, mapping: PeopleMapping): Promise<SetupState>;
  /** The newest test sign-in since the connection was last changed; null: none yet. */
  newestTest(state: SetupState): Promise<Trace | null>;
  /** Throws AppError `conflict` until a test has passed. */
  confirmTest(state: SetupState): Promise<SetupState>;
  /** A SCIM token, shown once. One that this set-up made before and nobody used ends. */
  makeToken(state: SetupState): Promise<{ readonly token: string; readonly state: SetupState }>;
  confirmToken(state: SetupState): Promise<SetupState>;
  /** Without SCIM: sign-ins feed the directory. */
  chooseSignIns(state: SetupState): Promise<SetupState>;
  arrival(state: SetupState): Promise<Arrival>;
  confirmArrival(state: SetupState): Promise<SetupState>;
  haveRules(state: SetupState): Promise<boolean>;
  /** Throws AppError `invalid` for choices that make no rules. */
  chooseRules(state: SetupState, choices: readonly GroupChoice[]): Promise<SetupState>;
  /** Text of the rules that were chosen; null: none. */
  proposedRules(state: SetupState): string | null;
  confirmImpact(state: SetupState): Promise<SetupState>;
  accounts(state: SetupState): ReturnType<SetupAccounts['list']>;
  /** Switches everything on and closes the set-up. Throws AppError `conflict` while a test is missing. */
  goLive(state: SetupState, policies: ReadonlyMap<string, AccountPolicy>): Promise<WentLive>;
}

/** Most groups that are offered for rules; the rest is for the rule editor. */
const GROUPS_SHOWN = 100;

export function makeSetupJourney(deps: SetupDeps): SetupJourney {
  const done = (state: SetupState, step: SetupProgress['step'], change: Partial<SetupProgress> = {}) =>
    save(deps, state, withDone({ ...state.link.progress, ...change }, step));
  return {
    read: (tenantId, linkId) => read(deps, tenantId, linkId),
    chooseIdp: (state, kind) => chooseIdp(deps, state, kind),
    confirmApplication: (state) => done(state, 'service-provider'),
    giveMetadata: (state, source) => giveMetadata(deps, state, source),
    mapPeople: (state, mapping) => mapPeople(deps, state, mapping),
    newestTest: (state) => newestTest(deps, state),
    async confirmTest(state) {
      await requirePassedTest(deps, state);
      return done(state, 'test');
    },
    makeToken: (state) => makeToken(deps, state),
    confirmToken: (state) => done(state, 'scim'),
    chooseSignIns: (state) => chooseSignIns(deps, state),
    arrival: (state) => readArrival(deps, state),
    confirmArrival: (state) => done(state, 'first-request'),
    haveRules: ({ tenant }) => deps.rules.exist(tenant.id),
    async chooseRules(state, choices) {
      await assertUsable(deps, state, choices);
      return done(state, 'rules', { groupChoices: [...choices] });
    },
    proposedRules: ({ link }) => writeStarterRules(link.progress.groupChoices),
    confirmImpact: (state) => done(state, 'impact'),
    accounts: ({ tenant }) => deps.accounts.list(tenant.id),
    async goLive(state, policies) {
      await requirePassedTest(deps, state);
      return goLive(deps, state, policies);
    },
  };
}

async function read(deps: SetupDeps, tenantId: string, linkId: string): Promise<SetupState> {
  const [tenant, link] = await Promise.all([
    deps.findTenant(tenantId),
    deps.setupLinks.get(tenantId, linkId),
  ]);
  if (tenant === null) throw new AppError('notFound', 'This set-up is closed.');
  const connections = await deps.connections.list(tenant);
  return { tenant, link, connection: connections.find(({ id }) => id === link.connectionId) ?? null };
}

/** Here and not when everything goes live: whoever chose it can still choose otherwise. */
async function assertUsable(
  { rules }: Pick<SetupDeps, 'rules'>,
  { tenant }: SetupState,
  choices: readonly GroupChoice[],
): Promise<void> {
  assertPlainTeams(choices);
  const text = writeStarterRules(choices);
  if (text !== null) await rules.check(tenant.id, text);
}

async function readArrival(deps: SetupDeps, state: SetupState): Promise<Arrival> {
  const { tenant, link } = state;
  const [token, people, pushed, tested] = await Promise.all([
    findToken(deps, tenant.id, link.progress.scimTokenId),
    deps.directory.countPeople(tenant.id),
    deps.directory.groups(tenant.id, GROUPS_SHOWN + 1),
    link.progress.source === 'sign-in' ? groupsOfTest(deps, state) : [],
  ]);
  const known = new Set(pushed.map(({ displayName }) => displayName));
  const groups = [...pushed, ...tested.filter(({ displayName }) => !known.has(displayName))];
  return { token, people, groups: groups.slice(0, GROUPS_SHOWN), isCut: groups.length > GROUPS_SHOWN };
}

/** Where people come with their sign-in, nothing is in the directory before the first one: the test shows groups. */
async function groupsOfTest(deps: SetupDeps, state: SetupState): Promise<readonly ArrivedGroup[]> {
  const names = (await newestTest(deps, state))?.granted?.groups ?? [];
  return [...new Set(names)].toSorted().map((name) => ({ id: name, displayName: name, members: null }));
}

async function newestTest(
  { traces }: Pick<SetupDeps, 'traces'>,
  { tenant, link, connection }: SetupState,
): Promise<Trace | null> {
  if (connection === null) return null;
  const since = link.progress.configuredAt === null ? 0 : Date.parse(link.progress.configuredAt);
  const recent = await traces.recent(tenant.id, connection.id);
  return recent.find(({ purpose, at }) => purpose === 'test' && at.getTime() >= since) ?? null;
}

async function requirePassedTest(deps: SetupDeps, state: SetupState): Promise<void> {
  if ((await newestTest(deps, state))?.outcome === 'passed') return;
  throw new AppError(
    'conflict',
    'No test sign-in has passed since the connection was last changed. Run one; then you can go on.',
  );
}
