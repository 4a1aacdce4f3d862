import fc from 'fast-check';
import { makeWorklist } from '../../src/administration/worklist.js';
import type { Capabilities } from '../../src/domain/capabilities.js';
import type { MappingRule } from '../../src/domain/mapping.js';
import { measureUse } from '../../src/report/seats/use.js';
import { makeWorklistStore } from '../../src/store/console/worklist.js';
import { makeUseStore } from '../../src/store/report/use.js';
import type { ComparisonFixture } from './comparisons.js';
import {
  CAST,
  EVERYONE,
  compatible,
  groupsOf,
  joinerName,
  kindOf,
  type DriftWorld,
  type Injected,
  type Injection,
  type OfficeSide,
  type VendorSide,
} from './drift-injections.js';
import { emailOf, type EngineFixture } from './engine.js';

/** No rule of safety is under test here, so none may hold anything. */
export const DRIFT_SETTINGS = {
  safety: {
    removalFloor: 1_000,
    removalCeiling: null,
    directoryShrinkShareMax: 1,
    removalsPerHourMax: 10_000,
    flapsPerDayMax: 1_000,
  },
};

export interface DriftCompanyParts {
  readonly fixture: ComparisonFixture;
  readonly vendor: VendorSide;
  readonly capabilities: Capabilities;
  readonly rules: readonly MappingRule[];
  /** Compares the whole account once; by default by reading the vendor. */
  readonly compare?: () => Promise<void>;
  /** Where people do what the plan asks for: all of that. */
  readonly work?: () => Promise<void>;
}

/** Keys of findings, sorted. */
export interface PlayedRound {
  readonly before: readonly string[];
  readonly found: readonly string[];
  readonly expected: readonly string[];
  /** After plan and hand put everything right. */
  readonly left: readonly string[];
}

/** A company at a simulated vendor, reconciled until nothing is found any more. */
export interface DriftCompany {
  play(round: readonly Injection[]): Promise<PlayedRound>;
}

const HOUR_MS = 3_600_000;
const USE_DAYS = 30;

const nothing = (): Promise<void> => Promise.resolve();

export async function openDriftCompany(parts: DriftCompanyParts): Promise<DriftCompany> {
  const { fixture, work = nothing } = parts;
  const { engine } = fixture;
  const lookUpCalls = makeCallLookUp(engine);
  const compare = async (): Promise<void> => {
    await lookUpCalls();
    await (parts.compare ?? fixture.reconcile)();
  };
  // What was closed long ago by the database's own clock is history.
  engine.directory.clock.set(new Date());
  await engine.saveRules(parts.rules);
  const subjects = await hire(engine);
  const subjectOf = (person: string): string => subjects.get(person) ?? '';

  const office = makeOfficeSide(engine, subjectOf);

  const links = () => engine.deps.links.listLive(engine.account, 'all');

  async function agents(): Promise<ReadonlyMap<string, string>> {
    return new Map((await links()).map(({ subjectId, providerUserId }) => [subjectId, providerUserId]));
  }

  /** Whoever has no agent to be parked gets one first. */
  async function park(): Promise<void> {
    const parked = (await links()).filter(({ state }) => state === 'parked');
    const done = new Set(parked.map(({ subjectId }) => subjectId));
    const people = CAST.parked.map(subjectOf).filter((subjectId) => !done.has(subjectId));
    for (const subjectId of people) await engine.setActive(subjectId, true);
    await engine.settle();
    await compare();
    await work();
    for (const subjectId of people) await engine.setActive(subjectId, false);
    await engine.settle();
    await work();
  }

  /** As it is now: an agent that was made anew has another id. */
  async function world(): Promise<DriftWorld> {
    const known = await agents();
    const agentOf = (person: string): string => known.get(subjectOf(person)) ?? '';
    const { vendor, capabilities } = parts;
    return { vendor, capabilities, subjectOf, agentOf, emailOf, office };
  }

  return {
    async play(round) {
      await park();
      await compare();
      const before = await fixture.keys();
      const injected = await inject(await world(), round, compare);
      await compare();
      const found = await fixture.keys();
      for (const { undo } of injected) await undo?.();
      await engine.settle();
      await compare();
      await work();
      await compare();
      const expected = injected.flatMap((one) => one.expected.map(({ key }) => key)).toSorted();
      return { before, found, expected, left: await fixture.keys() };
    },
  };
}

/** Everybody, and the strangers leave before they ever had an agent. */
async function hire(engine: EngineFixture): Promise<ReadonlyMap<string, string>> {
  const subjects = new Map<string, string>();
  for (const person of [...EVERYONE, ...CAST.parked, ...CAST.strangers])
    subjects.set(person, await engine.addUser(person, groupsOf(person)));
  for (const person of CAST.strangers) await engine.setActive(subjects.get(person) ?? '', false);
  return subjects;
}

function makeOfficeSide(engine: EngineFixture, subjectOf: (person: string) => string): OfficeSide {
  const { tenantId, accountId } = engine.account;
  const { database, clock } = engine.directory;
  let joined = 0;
  const worklist = makeWorklist({ store: makeWorklistStore(database), now: () => clock.now() });
  return {
    async leaveInvitation(id) {
      await engine.query(`delete from agent_use where provider_user_id = '${id}'`);
      await engine.query(`update links set created_at = created_at - interval '16 days'
        where provider_user_id = '${id}' and ended_at is null`);
    },
    async acceptInvitation(id) {
      await engine.query(
        `insert into agent_use values ('${tenantId}', '${accountId}', '${id}', now(), now(), now())
          on conflict (tenant_id, account_id, provider_user_id) do update set last_call_at = now()`,
      );
    },
    async tick(key) {
      const [task] = await engine.query<{ id: string }>(
        `select id from worklist_items where key = '${key}' and state = 'open'`,
      );
      if (task === undefined) throw new Error(`There is no open task ${key}.`);
      await worklist.done({ tenantId, taskId: task.id, actor: 'test:ada' });
    },
    hire() {
      const name = joinerName(joined);
      joined += 1;
      return engine.addUser(name, groupsOf(name));
    },
    takeBack: (person) => engine.setActive(subjectOf(person), true),
    anHourLater() {
      clock.advance(HOUR_MS);
      return clock.now().getTime();
    },
  };
}

/** Asks the vendor for calls as the comparison of seats does, where it lists them, although somebody may have joined. */
function makeCallLookUp({ account, deps, directory }: EngineFixture): () => Promise<void> {
  const use = { ...makeUseStore(directory.database), isBusy: () => Promise.resolve(false) };
  return async () => {
    const reading = await deps.readings.latest(account);
    if (reading === null) return;
    const { provider } = await deps.vendors.open(account, {
      sliceEndsAt: () => Infinity,
      assertMayCall: () => undefined,
    });
    const sleep = () => Promise.reject(new Error('Nothing is waited for.'));
    await measureUse(
      { use, clock: directory.clock, sleep },
      {
        account,
        provider,
        agents: reading.agents,
        watched: new Set(reading.agents.map(({ providerUserId }) => providerUserId)),
        unusedAfterDays: USE_DAYS,
        progress: nothing,
      },
    );
  };
}

/** Everything of a round, in its order, after what comes before it was reconciled. */
async function inject(
  world: DriftWorld,
  round: readonly Injection[],
  reconcile: () => Promise<void>,
): Promise<readonly Injected[]> {
  for (const { prepare } of round) await prepare?.(world);
  await reconcile();
  const injected: Injected[] = [];
  for (const each of round) injected.push(await each.inject(world));
  return injected;
}

const SEEDS = 500;

/**
 * As much at once as goes together, in the first orders that between them hold every kind of drift. They are the same in
 * every run, so that it tells of the change under test; DRIFT_SEED begins with other ones.
 */
export function roundsOf(
  injections: readonly Injection[],
  capabilities: Capabilities,
  count: number,
): readonly (readonly Injection[])[] {
  const able = injections.filter(({ needs }) => needs?.(capabilities) !== false);
  const every = kindsOf(able).size;
  const shuffled = fc.shuffledSubarray([...able], { minLength: able.length });
  const first = Number(process.env['DRIFT_SEED'] ?? 1);
  for (let seed = first; seed < first + SEEDS; seed += 1) {
    const rounds = fc
      .sample(shuffled, { seed, numRuns: count })
      .map((chosen) => compatible(chosen, capabilities));
    if (kindsOf(rounds.flat()).size === every) return rounds;
  }
  throw new Error(`No ${count} rounds hold every kind of drift.`);
}

/** What is done, whoever it is done to. */
export function kindsOf(injections: readonly Injection[]): ReadonlySet<string> {
  return new Set(injections.map(kindOf));
}
