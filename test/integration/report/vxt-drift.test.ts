import { afterAll, beforeAll } from 'vitest';
import { vxt } from '../../../src/providers/vxt/definition.js';
import { openComparisons } from '../../support/comparisons.js';
import {
  DRIFT_SETTINGS,
  openDriftCompany,
  roundsOf,
  type DriftCompany,
} from '../../support/drift-company.js';
import {
  CALLS,
  CAST,
  INJECTIONS,
  INVITATIONS,
  NUMBER,
  type VendorSide,
} from '../../support/drift-injections.js';
import { driftRules } from '../../support/drift-model.js';
import { describeDriftRounds } from '../../support/drift-rounds.js';
import { emailOf } from '../../support/engine.js';
import { LINE, numberRule } from '../../support/vxt-engine.js';
import { openVxtOffice, type VxtOffice } from '../../support/vxt-office.js';

/**
 * Invitations to VXT do not end, it lists no calls, and its list names people by address only: whoever has another one
 * is somebody else there.
 */
const unseen = [...INVITATIONS, ...CALLS];
const injections = INJECTIONS.filter(
  (one) => !unseen.includes(one) && !one.name.endsWith('gets another address'),
);
const rounds = roundsOf(injections, vxt.capabilities, 4);
const LISTS = { assigned: 'assigned', outbound: 'callerId', call_flow: 'callFlow' } as const;
const ROUNDS_OF_WORK = 6;
let office: VxtOffice;
let company: DriftCompany;

beforeAll(async () => {
  const fixture = await openComparisons({ settings: DRIFT_SETTINGS }, async (options) => {
    office = await openVxtOffice({ ...options, config: { numbers: [LINE, ...Object.values(NUMBER)] } });
    return office.engine;
  });
  await seed();
  await office.importList();
  await office.engine.query("update accounts set state = 'active', paused_reason = null");
  await office.engine.addUser('Olga', ['Phone Admins']);
  const { capabilities } = vxt;
  company = await openDriftCompany({
    fixture,
    vendor: makeVendorSide(),
    capabilities,
    rules: [
      ...driftRules(capabilities),
      numberRule('Phone Admins', [{ number: LINE, kind: 'assigned' }], 'admin'),
    ],
    compare: async () => void (await office.importList('as-shown')),
    work,
  });
});

afterAll(() => office?.close());

/** People whom other numbers rang before Patchbay came; what is given by hand once rings somebody ever after. */
async function seed(): Promise<void> {
  const { dashboard } = office.sandbox;
  for (const number of Object.values(NUMBER)) await dashboard.addNumber({ name: number, number });
  for (const person of [CAST.direct, CAST.quiet]) {
    await dashboard.inviteMember({ email: emailOf(person), name: `${person} Tester` });
    await dashboard.setAccess({
      number: NUMBER.quiet,
      email: emailOf(person),
      list: 'assigned',
      isGiven: true,
    });
  }
  await dashboard.setAccess({
    number: NUMBER.extra,
    email: emailOf(CAST.direct),
    list: 'assigned',
    isGiven: true,
  });
}

/** What the checklists say, until they are empty; only the list is believed. */
async function work(): Promise<void> {
  for (let round = 0; round < ROUNDS_OF_WORK; round += 1) {
    if ((await office.work()).length === 0) return;
    await office.importList('as-shown');
  }
  throw new Error('The checklists do not end.');
}

function makeVendorSide(): VendorSide {
  const { dashboard } = office.sandbox;
  const addressOf = async (providerUserId: string): Promise<string> => {
    const { provider } = await office.engine.deps.vendors.open(office.engine.account, {
      sliceEndsAt: () => Infinity,
      assertMayCall: () => undefined,
    });
    // Whoever was invited since the last list is not known yet.
    const known = await provider.findAgent({ by: 'id', providerUserId });
    return known?.email ?? providerUserId.replace(/^member:/u, '');
  };
  const impossible = () => Promise.reject(new Error('This vendor does not show it.'));
  return {
    async addAgent({ email, givenName, familyName }) {
      await dashboard.inviteMember({ email, name: `${givenName} ${familyName}` });
      // As the list will name them, for the vendor has no ids.
      return `member:${email}`;
    },
    async deleteAgent(id) {
      const email = await addressOf(id);
      await dashboard.removeMember({ email, typed: email });
    },
    rename: async (id, givenName, familyName) =>
      dashboard.setName({ email: await addressOf(id), name: `${givenName} ${familyName}` }),
    setRole: async (id, role) =>
      dashboard.setRole({ email: await addressOf(id), role: role === 'admin' ? 'Admin' : 'Member' }),
    setNumber: async (id, number, kind, isGiven) =>
      dashboard.setAccess({ number, email: await addressOf(id), list: LISTS[kind], isGiven }),
    setEmail: impossible,
    setOwner: impossible,
    setSuspended: impossible,
    deleteTeam: impossible,
    setMember: impossible,
    setRingTo: impossible,
    setSetting: impossible,
    phone: impossible,
  };
}

describeDriftRounds('drift made in the dashboard of the VXT sandbox, seen in its member list', {
  injections,
  capabilities: vxt.capabilities,
  rounds,
  company: () => company,
  goneAfter: 'the checklists were worked through',
});
