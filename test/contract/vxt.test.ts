import { describe, expect, test } from 'vitest';
import { vxt } from '../../src/providers/vxt/definition.js';
import { makeRobot } from '../../src/sandbox/vxt/robot.js';
import { expectError, expectTruth } from './expect.js';
import { describeProviderContract } from './provider-contract.js';
import { VXT_FACTS } from './vxt-facts.js';
import { startVxt, VXT_SUBJECT } from './vxt-harness.js';

const ADA = 'ada@example.com';
const ada = { email: ADA, givenName: 'Ada', familyName: 'Lovelace' };
const createAda = { type: 'create-agent', profile: ada, role: 'agent' } as const;
const LINE = '+6491234567';

describeProviderContract(VXT_SUBJECT);

describe('VXT, where people do the work:', () => {
  test('asking changes nothing: until somebody does it, the step stays the same', async () => {
    await using harness = await startVxt();
    const provider = harness.openAlone();
    const before = harness.sandbox.snapshot();

    const first = await provider.write(createAda);
    const again = await provider.write(createAda);

    expect(first).toMatchObject({ result: 'awaiting', step: { title: `Invite ${ADA} as a Member` } });
    expect(again).toEqual(first);
    expect({ ...harness.sandbox.snapshot(), now: 0 }).toEqual({ ...before, now: 0 });
  });

  test('what somebody did and did not tick is found in the next export, and is never done twice', async () => {
    await using harness = await startVxt();
    const provider = harness.openAlone();
    const asked = await provider.write(createAda);
    await harness.work(asked);

    // The same sheet of paper once more, before anybody learned of it.
    expect(await harness.work(asked)).toBe('already');
    expect((await provider.write(createAda)).result).toBe('already');

    expect(harness.vendor.agents().filter(({ email }) => email === ADA)).toHaveLength(1);
    await expectTruth({ ...VXT_FACTS }, { ...harness, taken: () => harness.requests().length }, provider);
  });

  test('nobody is asked to invite anybody before a complete list was seen', async () => {
    const provider = vxt.open(
      vxt.configSchema.parse({}),
      {},
      {
        accountId: 'account-1',
        pacer: { take: () => Promise.resolve(), observe: () => undefined },
        now: Date.now,
        record: () => Promise.resolve({ agents: [], numbers: [], completeAsOf: null }),
        send: () => Promise.reject(new Error('There is no API to call.')),
      },
    );

    await expectError(provider.write(createAda), 'credential');
    await expectError(provider.readAll(), 'credential');
  });

  test('shutting somebody out is a look, and is not confirmed while something is left', async () => {
    await using harness = await startVxt();
    const provider = harness.open();
    const [providerUserId = ''] = await harness.vendor.addAgents(1);
    const number = { type: 'number', number: LINE, kind: 'outbound' } as const;
    await provider.write({ type: 'grant', providerUserId, entitlement: number });

    await expect(provider.write({ type: 'suspend-agent', providerUserId })).rejects.toThrow(
      `still at ${LINE}`,
    );
    await provider.write({ type: 'revoke', providerUserId, entitlement: number });
    await provider.write({ type: 'suspend-agent', providerUserId });

    // Still a member: nobody is removed by being shut out.
    expect(harness.vendor.agents().map(({ id }) => id)).toContain(providerUserId);
  });

  test('the records are exported before the member is removed, by the typed address', async () => {
    await using harness = await startVxt();
    const provider = harness.open();
    const [providerUserId = ''] = await harness.vendor.addAgents(1);

    await provider.write({ type: 'delete-agent', providerUserId });

    expect(harness.requests().map(({ effects }) => effects)).toEqual([
      ['records-exported person1@example.com', 'removed person1@example.com'],
    ]);
  });

  test('an e-mail is changed, or where VXT does not offer that, the refusal shows', async () => {
    for (const emailEdit of ['offered', 'absent'] as const) {
      await using harness = await startVxt({ emailEdit });
      const provider = harness.open();
      const [providerUserId = ''] = await harness.vendor.addAgents(1);
      const change = { type: 'update-agent', providerUserId, fields: { email: ADA } } as const;

      if (emailEdit === 'offered') await provider.write(change);
      else await expect(provider.write(change)).rejects.toThrow(/422/);

      const emails = harness.vendor.agents().map(({ email }) => email);
      expect(emails.includes(ADA)).toBe(emailEdit === 'offered');
    }
  });

  test.each([{ listSeparator: '|' }, { listSeparator: ',' }] as const)(
    'an export with $listSeparator between numbers is read with that setting, and refused without',
    async (settings) => {
      await using harness = await startVxt(settings);
      const [id = ''] = await harness.vendor.addAgents(1);
      const email = id.replace('member:', '');
      for (const number of harness.vendor.numbers()) {
        await harness.sandbox.dashboard.setAccess({ number, email, list: 'assigned', isGiven: true });
      }
      const { csv } = await harness.sandbox.dashboard.exportMembers({});

      const right = vxt.readExport!(vxt.configSchema.parse(settings), csv);
      const wrong = vxt.readExport!(vxt.configSchema.parse({}), csv);

      expect(right.problems).toEqual([]);
      expect(right.people.at(-1)?.numbers?.map(({ number }) => number)).toEqual(harness.vendor.numbers());
      expect(wrong.problems).toMatchObject([{ line: 3, column: 'Assigned numbers' }]);
    },
  );

  test('an export without numbers says so, and takes no number from anybody', async () => {
    await using harness = await startVxt({ exportColumns: 'members-only' });
    await harness.vendor.addAgents(1);
    const { csv } = await harness.sandbox.dashboard.exportMembers({});

    const { people, missing } = vxt.readExport!(vxt.configSchema.parse({}), csv);

    expect(people.map(({ numbers }) => numbers)).toEqual([undefined, undefined]);
    expect(missing.join()).toContain('access to numbers');
  });

  test('a sentence that says nothing that can be done stops the reader', async () => {
    await using harness = await startVxt();
    const { dashboard, snapshot } = harness.sandbox;
    const robot = makeRobot({ dashboard, look: () => Promise.resolve(snapshot()) });

    await expect(robot.do({ title: 'Odd', instructions: ['Wave a hand.'] })).rejects.toThrow('Wave a hand.');
    await expect(robot.do({ title: 'Empty', instructions: ['Save.'] })).rejects.toThrow('nothing');
  });
});
