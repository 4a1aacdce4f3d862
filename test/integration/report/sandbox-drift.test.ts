import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aircall } from '../../../src/providers/aircall/definition.js';
import { makeAircallSandbox, type AircallSandbox } from '../../../src/sandbox/aircall/sandbox.js';
import { openComparisons, type ComparisonFixture } from '../../support/comparisons.js';
import {
  CAST,
  EVERYONE,
  INJECTIONS,
  NUMBER,
  TEAMS,
  compatible,
  type DriftWorld,
  type Injected,
  type Injection,
  type VendorSide,
} from '../../support/drift-injections.js';
import { driftRules } from '../../support/drift-model.js';
import { emailOf } from '../../support/engine.js';
import { sandboxVendors } from '../../support/sandbox-vendor.js';

/** No rule of safety is under test here, so none may hold anything. */
const SAFETY = {
  removalFloor: 1_000,
  removalCeiling: null,
  directoryShrinkShareMax: 1,
  removalsPerHourMax: 10_000,
  flapsPerDayMax: 1_000,
};

const ANY_TIME = { sliceEndsAt: () => Infinity, assertMayCall: () => undefined };

interface Company {
  readonly fixture: ComparisonFixture;
  readonly world: DriftWorld;
  close(): Promise<void>;
}

const groupsOf = (person: string): readonly string[] => {
  if ((CAST.sales as readonly string[]).includes(person)) return ['Everyone', 'Sales'];
  if ((CAST.support as readonly string[]).includes(person)) return ['Everyone', 'Support'];
  if ((CAST.desk as readonly string[]).includes(person)) return ['Everyone', 'Desk'];
  return ['Everyone'];
};

/** A company in the sandbox, reconciled over HTTP until nothing is found any more. */
async function openCompany(): Promise<Company> {
  const sandbox = makeAircallSandbox({ settings: { requestsPerMinute: null, durability: 'none' } });
  const { url } = await sandbox.start();
  const { apiId, apiToken } = await seed(sandbox);
  const { vendors, close } = sandboxVendors({ url, apiId, apiToken });
  const { capabilities } = await vendors.open({ tenantId: '', accountId: '' }, ANY_TIME);
  const fixture = await openComparisons({ settings: { safety: SAFETY }, overrides: () => ({ vendors }) });
  const { engine } = fixture;
  await engine.saveRules(driftRules(capabilities));
  const subjects = new Map<string, string>();
  for (const person of [...EVERYONE, ...CAST.parked, ...CAST.strangers]) {
    subjects.set(person, await engine.addUser(person, groupsOf(person)));
  }
  for (const person of CAST.strangers) await engine.setActive(subjects.get(person)!, false);
  await fixture.reconcile();
  for (const person of CAST.parked) await engine.setActive(subjects.get(person)!, false);
  await engine.settle();
  return {
    fixture,
    world: { ...(await makeWorld(sandbox, fixture, subjects)), capabilities },
    async close() {
      close();
      await engine.close();
      await sandbox.stop();
    },
  };
}

async function seed(sandbox: AircallSandbox) {
  const seeded = await sandbox.dashboard.seedCompany({
    name: 'Acme',
    owner: { email: emailOf('ida'), firstName: 'ida', lastName: 'Tester' },
    teams: [...TEAMS],
    numbers: [
      { name: 'All', digits: NUMBER.all, ringsTeams: ['All'] },
      { name: 'Desk', digits: NUMBER.desk, ringsTeams: ['Desk'] },
      { name: 'Direct', digits: NUMBER.direct },
      { name: 'Extra', digits: NUMBER.extra },
    ],
  });
  const { userId } = await sandbox.dashboard.inviteUser({
    email: emailOf(CAST.direct),
    firstName: CAST.direct,
    lastName: 'Tester',
  });
  await sandbox.dashboard.setRingTo({ numberId: seeded.numberIds['Direct']!, userIds: [userId] });
  return seeded;
}

async function makeWorld(
  sandbox: AircallSandbox,
  { engine }: ComparisonFixture,
  subjects: ReadonlyMap<string, string>,
): Promise<Omit<DriftWorld, 'capabilities'>> {
  const links = await engine.deps.links.listLive(engine.account, 'all');
  const agents = new Map(links.map(({ subjectId, providerUserId }) => [subjectId, providerUserId]));
  const subjectOf = (person: string): string => subjects.get(person)!;
  return {
    vendor: makeVendorSide(sandbox),
    subjectOf,
    agentOf: (person) => agents.get(subjectOf(person))!,
    emailOf,
  };
}

function makeVendorSide({ dashboard, snapshot }: AircallSandbox): VendorSide {
  const teamId = (name: string): number => snapshot().teams.find((team) => team.name === name)!.id;
  const numberId = (digits: string): number => snapshot().numbers.find((one) => one.digits === digits)!.id;
  const impossible = () => Promise.reject(new Error('This vendor does not show it.'));
  return {
    addAgent: async ({ email, givenName, familyName }) =>
      String((await dashboard.inviteUser({ email, firstName: givenName, lastName: familyName })).userId),
    deleteAgent: (id) => dashboard.deleteUser({ userId: Number(id) }),
    rename: (id, firstName, lastName) => dashboard.editUser({ userId: Number(id), firstName, lastName }),
    setEmail: (id, email) => dashboard.editUser({ userId: Number(id), email }),
    deleteTeam: (name) => dashboard.deleteTeam({ teamId: teamId(name) }),
    setMember: (team, id, isMember) =>
      dashboard.moveTeamMember({
        userId: Number(id),
        ...(isMember ? { toTeamId: teamId(team) } : { fromTeamId: teamId(team) }),
      }),
    setRingTo: (number, { teams, agents }) =>
      dashboard.setRingTo({
        numberId: numberId(number),
        teamIds: teams.map(teamId),
        userIds: agents.map(Number),
      }),
    setRole: impossible,
    setOwner: impossible,
    setSuspended: impossible,
    setNumber: impossible,
  };
}

async function inject(world: DriftWorld, chosen: readonly Injection[]): Promise<readonly Injected[]> {
  const injected: Injected[] = [];
  for (const each of chosen) injected.push(await each.inject(world));
  return injected;
}

/** As much at once as goes together, in orders that between them hold every kind of drift. */
const rounds = fc
  .sample(fc.shuffledSubarray([...INJECTIONS], { minLength: INJECTIONS.length }), { seed: 1, numRuns: 3 })
  .map((chosen) => compatible(chosen, aircall.capabilities));

/** What is done, whoever it is done to. */
const kindOf = ({ name }: Injection): string =>
  name.replace(new RegExp(`\\b(${[...EVERYONE, ...CAST.parked, ...CAST.strangers].join('|')})\\b`, 'u'), 'X');

describe('drift made at the dashboard of the sandbox', () => {
  it('is of every kind that this vendor shows', () => {
    const able = INJECTIONS.filter(({ needs }) => needs?.(aircall.capabilities) !== false);

    expect(new Set(rounds.flat().map(kindOf))).toEqual(new Set(able.map(kindOf)));
  });

  it.each(rounds.map((round) => [round.length, round] as const))(
    'is found exactly once each, all %i of it, and is gone after plan and hand put it right',
    async (_, round) => {
      const { fixture, world, close } = await openCompany();
      try {
        await fixture.reconcile();
        expect(await fixture.keys()).toEqual([]);

        const injected = await inject(world, round);
        await fixture.reconcile();
        const expected = injected.flatMap((one) => one.expected.map(({ key }) => key)).toSorted();
        expect(await fixture.keys()).toEqual(expected);

        for (const { undo } of injected) await undo?.();
        await fixture.reconcile();
        await fixture.reconcile();
        expect(await fixture.keys()).toEqual([]);
      } finally {
        await close();
      }
    },
  );
});
