import { afterAll, beforeAll } from 'vitest';
import { aircall } from '../../../src/providers/aircall/definition.js';
import { makeAircallSandbox, type AircallSandbox } from '../../../src/sandbox/aircall/sandbox.js';
import { openComparisons } from '../../support/comparisons.js';
import {
  DRIFT_SETTINGS,
  openDriftCompany,
  roundsOf,
  type DriftCompany,
} from '../../support/drift-company.js';
import { CAST, INJECTIONS, NUMBER, OWNERS, TEAMS, type VendorSide } from '../../support/drift-injections.js';
import { driftRules } from '../../support/drift-model.js';
import { describeDriftRounds } from '../../support/drift-rounds.js';
import { emailOf } from '../../support/engine.js';
import { sandboxVendors, showingOwners } from '../../support/sandbox-vendor.js';

/** Aircall has owners, whom only its dashboard shows: here the reading tells them as well. */
const injections = INJECTIONS.map((one) => (OWNERS.includes(one) ? { ...one, needs: () => true } : one));
const rounds = roundsOf(injections, aircall.capabilities, 4);
const sandbox = makeAircallSandbox({ settings: { requestsPerMinute: null, durability: 'none' } });
let company: DriftCompany;
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  const { url } = await sandbox.start();
  closing.push(() => sandbox.stop());
  const { apiId, apiToken } = await seed();
  const { vendors: plain, close } = sandboxVendors({ url, apiId, apiToken });
  const vendors = showingOwners(
    plain,
    (id) => sandbox.snapshot().users.find((user) => String(user.id) === id)?.isOwner === true,
  );
  closing.push(close);
  const fixture = await openComparisons({ settings: DRIFT_SETTINGS, overrides: () => ({ vendors }) });
  closing.push(() => fixture.engine.close());
  const { capabilities } = aircall;
  const vendor = makeVendorSide(sandbox);
  company = await openDriftCompany({ fixture, vendor, capabilities, rules: driftRules(capabilities) });
});

afterAll(async () => {
  for (const close of closing.toReversed()) await close();
});

async function seed() {
  const { dashboard } = sandbox;
  const seeded = await dashboard.seedCompany({
    name: 'Acme',
    owner: { email: emailOf(CAST.owners[0]), firstName: CAST.owners[0], lastName: 'Tester' },
    teams: [...TEAMS],
    numbers: [
      { name: 'All', digits: NUMBER.all, ringsTeams: ['All'] },
      { name: 'Desk', digits: NUMBER.desk, ringsTeams: ['Desk'] },
      { name: 'Night', digits: NUMBER.night, ringsTeams: ['Night'] },
      { name: 'Late', digits: NUMBER.late, ringsTeams: ['Late'] },
      { name: 'Direct', digits: NUMBER.direct },
      { name: 'Quiet', digits: NUMBER.quiet },
      { name: 'Extra', digits: NUMBER.extra },
    ],
  });
  const [, ...otherOwners] = CAST.owners;
  for (const person of otherOwners) {
    await dashboard.inviteUser({
      email: emailOf(person),
      firstName: person,
      lastName: 'Tester',
      isOwner: true,
    });
  }
  const rung = [
    [CAST.direct, 'Direct'],
    [CAST.quiet, 'Quiet'],
  ] as const;
  for (const [person, number] of rung) {
    const { userId } = await dashboard.inviteUser({
      email: emailOf(person),
      firstName: person,
      lastName: 'Tester',
    });
    await dashboard.setRingTo({ numberId: seeded.numberIds[number]!, userIds: [userId] });
  }
  return seeded;
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
    phone: async (id, at) => {
      const startedAt = Math.floor(at / 1000);
      await dashboard.addCalls({ count: 1, userId: Number(id), numberId: numberId(NUMBER.all), startedAt });
    },
    setRole: impossible,
    setOwner: (id, isOwner) => dashboard.setOwner({ userId: Number(id), isOwner }),
    setSuspended: impossible,
    setNumber: impossible,
    setSetting: impossible,
  };
}

describeDriftRounds('drift made at the dashboard of the sandbox', {
  injections,
  capabilities: aircall.capabilities,
  rounds,
  company: () => company,
  goneAfter: 'plan and hand put it right',
});
