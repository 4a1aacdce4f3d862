import { AppError } from '../../domain/errors.js';
import type { AccountPolicy } from '../../domain/plan.js';
import type { IdpKind } from '../connection.js';
import type { IdpSource } from '../idp-source.js';
import { GROUP_CHOICES_MAX, type SetupProgress } from '../setup-ports.js';
import type { Trace } from '../trace.js';
import { chooseIdp, giveMetadata, mapPeople, type PeopleMapping } from './connect.js';
import { save, type SetupDeps } from './deps.js';
import { goLive, type WentLive } from './go-live.js';
import { GROUPS_SHOWN, pushedGroups, signInGroups } from './arrived-groups.js';
import type { GroupPage, GroupQuery, SetupAccounts, SetupToken } from './ports.js';
import { chooseSignIns, findToken, makeToken } from './push.js';
import { assertPlainTeams, writeStarterRules, type GroupChoice } from './starter-rules.js';
import { withDone, withOpen, type SetupState } from './state.js';

/** What has come from the identity provider since the token was made. */
export interface Arrival {
  readonly token: SetupToken | null;
  readonly people: number;
  /** Groups, as far as they were counted. */
  readonly groups: number;
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
  /** Groups to choose for: those that were pushed, or where people come with their sign-in those of the test as well. */
  groups(state: SetupState, query: GroupQuery): Promise<GroupPage>;
  /** Keeps choices for some groups beside those for others, to go on choosing. Throws as `chooseRules`. */
  keepChoices(state: SetupState, choices: readonly GroupChoice[]): Promise<SetupState>;
  /**
   * Choices for some groups, beside those that were kept for others. Throws AppError `invalid` for choices that make no
   * rules.
   */
  chooseRules(state: SetupState, choices: readonly GroupChoice[]): Promise<SetupState>;
  /** Text of the rules that were chosen; null: none. */
  proposedRules(state: SetupState): string | null;
  confirmImpact(state: SetupState): Promise<SetupState>;
  accounts(state: SetupState): ReturnType<SetupAccounts['list']>;
  /** Switches everything on and closes the set-up. Throws AppError `conflict` while a test is missing. */
  goLive(state: SetupState, policies: ReadonlyMap<string, AccountPolicy>): Promise<WentLive>;
}

export function makeSetupJourney(deps: SetupDeps): SetupJourney {
  const done = (state: SetupState, step: SetupProgress['step']) =>
    save(deps, state, withDone(state.link.progress, step));
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
    groups: (state, query) => readGroups(deps, state, query),
    async keepChoices(state, choices) {
      const progress = { ...state.link.progress, groupChoices: await mergeChoices(deps, state, choices) };
      return save(deps, state, withOpen(progress, ['rules', 'impact']));
    },
    async chooseRules(state, choices) {
      const progress = { ...state.link.progress, groupChoices: await mergeChoices(deps, state, choices) };
      return save(deps, state, withDone(progress, 'rules', ['impact']));
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

/** Only what gives something is kept. Refused here and not when everything goes live: now it can be chosen otherwise. */
async function mergeChoices(
  { rules }: Pick<SetupDeps, 'rules'>,
  { tenant, link }: SetupState,
  choices: readonly GroupChoice[],
): Promise<GroupChoice[]> {
  const merged = new Map(link.progress.groupChoices.map((choice) => [choice.group, choice]));
  for (const choice of choices) merged.set(choice.group, choice);
  const given = [...merged.values()].filter(({ role }) => role !== null);
  assertPlainTeams(given);
  if (given.length > GROUP_CHOICES_MAX) throw tooManyChoices();
  const text = writeStarterRules(given);
  if (text !== null) await rules.check(tenant.id, text);
  return given;
}

function tooManyChoices(): AppError {
  return new AppError(
    'invalid',
    `A set-up makes rules for at most ${GROUP_CHOICES_MAX} groups. Choose the others in the console under “Groups and rules” once it is done.`,
  );
}

async function readArrival(deps: SetupDeps, { tenant, link }: SetupState): Promise<Arrival> {
  const [token, people, groups] = await Promise.all([
    findToken(deps, tenant.id, link.progress.scimTokenId),
    deps.directory.countPeople(tenant.id),
    deps.directory.groups(tenant.id, { search: '', after: null, limit: GROUPS_SHOWN }),
  ]);
  return { token, people, groups: groups.rows.length, isCut: groups.next !== null };
}

/** Where people come with their sign-in, nothing is in the directory before the first one: the test shows groups. */
async function readGroups(deps: SetupDeps, state: SetupState, query: GroupQuery): Promise<GroupPage> {
  if (state.link.progress.source !== 'sign-in') return pushedGroups(deps, state, query);
  const tested = (await newestTest(deps, state))?.granted?.groups ?? [];
  return signInGroups(deps, state, tested, query);
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
