import { afterAll, beforeAll } from 'vitest';
import { smartflo } from '../../../src/providers/smartflo/definition.js';
import { makeSmartfloSandbox, type SmartfloSandbox } from '../../../src/sandbox/smartflo/sandbox.js';
import { openComparisons } from '../../support/comparisons.js';
import {
  DRIFT_SETTINGS,
  openDriftCompany,
  roundsOf,
  type DriftCompany,
} from '../../support/drift-company.js';
import {
  CAST,
  INJECTIONS,
  INVITATIONS,
  NUMBER,
  SETTING,
  TEAMS,
  type VendorSide,
} from '../../support/drift-injections.js';
import { driftRules } from '../../support/drift-model.js';
import { describeDriftRounds } from '../../support/drift-rounds.js';
import { emailOf, groupRule } from '../../support/engine.js';
import { smartfloVendors } from '../../support/sandbox-vendor.js';

/** Smartflo invites nobody: there is a password from the first day on. */
const injections = INJECTIONS.filter((one) => !INVITATIONS.includes(one));
const rounds = roundsOf(injections, smartflo.capabilities, 4);
const sandbox = makeSmartfloSandbox({ settings: { requestsPerSecond: null, durability: 'none' } });
let company: DriftCompany;
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  const { url } = await sandbox.start();
  closing.push(() => sandbox.stop());
  const { token } = await seed();
  const { vendors, close } = smartfloVendors({ url, token });
  closing.push(close);
  const fixture = await openComparisons({ settings: DRIFT_SETTINGS, overrides: () => ({ vendors }) });
  closing.push(() => fixture.engine.close());
  const { capabilities } = smartflo;
  const vendor = makeVendorSide(sandbox);
  await fixture.engine.addUser('Olga', ['Everyone', 'Phone Admins']);
  const rules = [...driftRules(capabilities), groupRule('Phone Admins', { role: 'admin' })];
  company = await openDriftCompany({ fixture, vendor, capabilities, rules });
});

afterAll(async () => {
  for (const close of closing.toReversed()) await close();
});

async function seed() {
  const { dashboard } = sandbox;
  const seeded = await dashboard.seedAccount({
    name: 'Acme',
    owner: { email: emailOf('olga'), name: 'Olga Tester' },
    departments: [...TEAMS],
    numbers: [
      { name: 'All', did: NUMBER.all, ringsDepartment: 'All' },
      { name: 'Desk', did: NUMBER.desk, ringsDepartment: 'Desk' },
      { name: 'Night', did: NUMBER.night, ringsDepartment: 'Night' },
      { name: 'Late', did: NUMBER.late, ringsDepartment: 'Late' },
      { name: 'Direct', did: NUMBER.direct },
      { name: 'Quiet', did: NUMBER.quiet },
      { name: 'Extra', did: NUMBER.extra, ringsDepartment: 'All' },
    ],
  });
  const rung = [
    [CAST.direct, 'Direct'],
    [CAST.quiet, 'Quiet'],
  ] as const;
  for (const [person, number] of rung) {
    const { userId } = await dashboard.addUser({ email: emailOf(person), name: `${person} Tester` });
    await dashboard.assignNumber({ userId, numberId: seeded.numberIds[number]! });
  }
  return seeded;
}

function makeVendorSide({ dashboard, snapshot }: SmartfloSandbox): VendorSide {
  const departmentId = (name: string): number => snapshot().departments.find((one) => one.name === name)!.id;
  const numberId = (did: string): number => snapshot().numbers.find((one) => one.did === did)!.id;
  const callerIds = (id: string): readonly number[] =>
    snapshot().users.find((one) => one.id === Number(id))!.callerIds;
  /** A number leads to one place: a department, a person, or nowhere. */
  const setRingTo: VendorSide['setRingTo'] = (number, { teams: [team], agents: [agent] }) =>
    agent === undefined
      ? dashboard.setDestination({
          numberId: numberId(number),
          destination: team === undefined ? null : `department||${departmentId(team)}`,
        })
      : dashboard.assignNumber({ numberId: numberId(number), userId: Number(agent) });
  return {
    setRingTo,
    addAgent: async ({ email, givenName, familyName }) =>
      String((await dashboard.addUser({ email, name: `${givenName} ${familyName}` })).userId),
    deleteAgent: (id) => dashboard.deleteUser({ userId: Number(id) }),
    rename: (id, givenName, familyName) =>
      dashboard.editUser({ userId: Number(id), name: `${givenName} ${familyName}` }),
    setEmail: (id, email) => dashboard.editUser({ userId: Number(id), email, loginId: email }),
    setRole: (id, role) => dashboard.setRole({ userId: Number(id), role }),
    setOwner: () => Promise.reject(new Error('This vendor has no owners.')),
    setSuspended: (id, isSuspended) =>
      dashboard.setBlocked({ userId: Number(id), agent: isSuspended, webLogin: isSuspended }),
    setNumber: (id, number, kind, isHeld) => {
      if (kind === 'assigned') return setRingTo(number, { teams: ['All'], agents: isHeld ? [id] : [] });
      if (kind !== 'outbound') return Promise.reject(new Error('Only a department is in a call flow.'));
      const others = callerIds(id).filter((one) => one !== numberId(number));
      const numberIds = isHeld ? [...others, numberId(number)] : others;
      return dashboard.setCallerIds({ userId: Number(id), numberIds });
    },
    deleteTeam: (name) => dashboard.deleteDepartment({ departmentId: departmentId(name) }),
    setMember: (team, id, isMember) =>
      dashboard.setMember({ departmentId: departmentId(team), userId: Number(id), isMember }),
    setSetting: (id, name, value) =>
      name === SETTING.name
        ? dashboard.editUser({ userId: Number(id), designation: value })
        : Promise.reject(new Error(`The portal's ${name} is not under test.`)),
    phone: async (id, at) => {
      const numberIdAll = numberId(NUMBER.all);
      await dashboard.addCalls({ count: 1, userId: Number(id), numberId: numberIdAll, startedAt: at });
    },
  };
}

describeDriftRounds('drift made in the portal of the Smartflo sandbox', {
  injections,
  capabilities: smartflo.capabilities,
  rounds,
  company: () => company,
  goneAfter: 'plan and hand put it right',
});
