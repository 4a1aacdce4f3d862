import { describe, expect, test } from 'vitest';
import { expectError, expectFaults, expectTruth } from './expect.js';
import { AIRCALL_FACTS } from './aircall-facts.js';
import { startAircall } from './aircall-harness.js';

const ada = { email: 'ada@example.com', givenName: 'Ada', familyName: 'Lovelace' } as const;
const createAda = { type: 'create-agent', profile: ada, role: 'admin' } as const;

function member(providerUserId: string, type: 'grant' | 'revoke') {
  return { type, providerUserId, entitlement: { type: 'team', team: 'Support' } } as const;
}

/** Each switch of the sandbox stands for something that is not known about Aircall (vendors.md 1.11 and 7). */
describe('whatever Aircall turns out to do,', () => {
  test.each([200, 201] as const)('a create answered %i is a create', async (createStatus) => {
    await using harness = await startAircall({ settings: { createStatus, userFields: 'documented' } });
    const provider = harness.open();

    expect((await provider.write(createAda)).result).toBe('applied');
    expect((await provider.write({ type: 'create-team', team: 'Sales' })).result).toBe('applied');

    await expectTruth(AIRCALL_FACTS, harness, provider);
  });

  test.each([400, 409, 422] as const)(
    'a duplicate address refused with %i is a person who is there already',
    async (duplicateEmailStatus) => {
      await using harness = await startAircall({ settings: { duplicateEmailStatus } });
      const provider = harness.open();
      const { providerId } = await provider.write(createAda);
      const body = { error: 'Not Found', troubleshoot: 'No such user' };
      await harness.inject({ on: 'find-agent', nth: 1, type: 'error', status: 404, body });

      const outcome = await provider.write(createAda);

      expectFaults(harness, 1);
      expect(outcome).toEqual({ result: 'already', providerId });
      await expectTruth(AIRCALL_FACTS, harness, provider);
    },
  );

  test.each([400, 422] as const)('a duplicate team refused with %i is there already', async (status) => {
    await using harness = await startAircall({ settings: { duplicateTeamNameStatus: status } });
    const provider = harness.open();

    const outcome = await provider.write({ type: 'create-team', team: 'support' });

    expect(outcome).toEqual({ result: 'already', providerId: String(harness.teamIds['Support']) });
    await expectTruth(AIRCALL_FACTS, harness, provider);
  });

  test.each(['ok', 'refused'] as const)('adding a member again (%s) is already so', async (answer) => {
    await using harness = await startAircall({ settings: { addExistingTeamMember: answer } });
    const provider = harness.open();
    const [id = ''] = await harness.vendor.addAgents(1);

    await provider.write(member(id, 'grant'));
    await provider.write(member(id, 'grant'));

    expect(harness.vendor.agents().find((agent) => agent.id === id)?.teams).toEqual(['Support']);
    await expectTruth(AIRCALL_FACTS, harness, provider);
  });

  test.each([404, 422, 200] as const)('removing a non-member (%i) is already so', async (status) => {
    await using harness = await startAircall({ settings: { removeMissingTeamMember: status } });
    const provider = harness.open();
    const [id = ''] = await harness.vendor.addAgents(1);

    await provider.write(member(id, 'revoke'));
    await provider.write(member(id, 'grant'));
    await provider.write(member(id, 'revoke'));
    await provider.write(member(id, 'revoke'));

    expect(harness.vendor.agents().find((agent) => agent.id === id)?.teams).toEqual([]);
    await expectTruth(AIRCALL_FACTS, harness, provider);
  });

  test.each([400, 405, 422] as const)('an owner kept with %i is a refusal', async (ownerDeleteStatus) => {
    await using harness = await startAircall({ settings: { ownerDeleteStatus } });
    const provider = harness.open();
    const providerUserId = harness.vendor.ownerId();

    await expectError(provider.write({ type: 'delete-agent', providerUserId }), 'invalid');

    expect(harness.vendor.ownerId()).toBe(providerUserId);
    await expectTruth(AIRCALL_FACTS, harness, provider);
  });

  test('team rows of deleted people make nobody', async () => {
    await using harness = await startAircall({ settings: { deletedUserTeamRows: 'kept' } });
    const provider = harness.open();
    const [one = '', two = '', three = ''] = await harness.vendor.addAgents(3);
    for (const id of [one, two, three]) await harness.vendor.addMember(id, 'Support');
    for (const id of [one, two]) await provider.write({ type: 'delete-agent', providerUserId: id });
    const before = harness.lines().length;

    const reading = await provider.readAll();

    expect(reading.agents.map(({ providerUserId }) => providerUserId)).toEqual([
      harness.vendor.ownerId(),
      three,
    ]);
    // However many rows there are: the list once more is cheaper than a look at each.
    const lines = harness.lines().slice(before);
    expect(lines.filter((line) => line.startsWith('GET /v2/users?'))).toHaveLength(2);
    expect(lines.filter((line) => line.startsWith('GET /v2/users/'))).toEqual([]);
  });

  test('two teams that differ in case only are told apart, or said to be ambiguous', async () => {
    await using harness = await startAircall({ settings: { teamNameCase: 'sensitive' } });
    const provider = harness.open();
    const [id = ''] = await harness.vendor.addAgents(1);
    await harness.vendor.addTeams(['SUPPORT']);
    const grant = (team: string) =>
      provider.write({ type: 'grant', providerUserId: id, entitlement: { type: 'team', team } });

    await grant('SUPPORT');
    const error = await expectError(grant('support'), 'invalid');

    expect(error.message).toContain('differ from "support" only in case');
    expect(harness.vendor.agents().find((agent) => agent.id === id)?.teams).toEqual(['SUPPORT']);
    await expectTruth(AIRCALL_FACTS, harness, provider);
  });

  test('somebody made unavailable is so; where Aircall refuses that or the role, the other is written all the same', async () => {
    await using harness = await startAircall();
    const [providerUserId = ''] = await harness.vendor.addAgents(1);
    const provider = harness.open();
    const fields = { role: 'agent', availability: 'unavailable' } as const;
    await provider.write({ type: 'update-agent', providerUserId, fields });
    const shown = () => harness.sandbox.snapshot().users.find(({ id }) => String(id) === providerUserId);
    expect(shown()?.availabilityStatus).toBe('unavailable');

    await harness.sandbox.faults.set([
      { kind: 'error', status: 400, body: { error: 'unknown field' }, match: { method: 'PUT' }, nth: 1 },
    ]);
    const back = { role: 'admin', availability: 'available' } as const;
    const outcome = await provider.write({ type: 'update-agent', providerUserId, fields: back });
    expect(outcome.result).toBe('applied');
    expect(shown()?.availabilityStatus).toBe('unavailable');

    await harness.sandbox.faults.set([
      { kind: 'error', status: 400, body: { error: 'unknown role' }, match: { method: 'PUT' }, times: 2 },
    ]);
    const write = provider.write({
      type: 'update-agent',
      providerUserId,
      fields: { ...back, role: 'agent' },
    });
    expect((await expectError(write, 'invalid')).message).toContain('unknown role');
    expect(shown()?.availabilityStatus).toBe('available');
    await expectTruth(AIRCALL_FACTS, harness, provider);
  });

  test('the e-mail is left alone unless the settings say that Aircall changes it', async () => {
    await using harness = await startAircall();
    const [providerUserId = ''] = await harness.vendor.addAgents(1);
    const change = { type: 'update-agent', providerUserId, fields: { email: 'new@example.com' } } as const;
    const provider = harness.open();

    await expectError(provider.write(change), 'capability');
    expect(harness.requests()).toEqual([]);
    await harness.open({ config: { canWriteEmail: true } }).write(change);

    expect(harness.vendor.agents().find(({ id }) => id === providerUserId)?.email).toBe('new@example.com');
    await expectTruth(AIRCALL_FACTS, harness, provider);
  });

  test('an e-mail that Aircall silently keeps is not reported as changed', async () => {
    await using harness = await startAircall({ settings: { emailWrite: 'ignored' } });
    const [providerUserId = ''] = await harness.vendor.addAgents(1);
    const provider = harness.open({ config: { canWriteEmail: true } });
    const fields = { email: 'new@example.com' };

    await expectError(provider.write({ type: 'update-agent', providerUserId, fields }), 'capability');

    await expectTruth(AIRCALL_FACTS, harness, provider);
  });

  test('roles go out under the names that the account settings give them', async () => {
    await using harness = await startAircall({ settings: { allowedRoleIds: ['r1', 'r2', 'r9'] } });
    const config = { roleIds: { agent: ['r1'], supervisor: ['r2'], admin: ['r9'] }, inviterUserId: 1 };
    const inviterUserId = Number(harness.vendor.ownerId());
    const provider = harness.open({ config: { ...config, inviterUserId } });

    await provider.write(createAda);

    const created = harness.sandbox.snapshot().users.find((user) => user.email === ada.email);
    expect(created?.roleIds).toEqual(['r9']);
    await expectTruth(AIRCALL_FACTS, harness, provider);
  });

  test('with roles switched off none is written', async () => {
    await using harness = await startAircall({ settings: { allowedRoleIds: ['unknown'] } });
    const provider = harness.open({ config: { canWriteRole: false } });

    const { providerId } = await provider.write(createAda);
    const update = {
      type: 'update-agent',
      providerUserId: providerId ?? '',
      fields: { role: 'admin' },
    } as const;
    await expectError(provider.write(update), 'capability');

    await expectTruth(AIRCALL_FACTS, harness, provider);
  });

  test('a bare "Not Found" means a missing user only where the settings say so', async () => {
    await using harness = await startAircall();
    const body = { message: 'Not Found' };
    await harness.inject({ on: 'find-agent', type: 'error', status: 404, body });
    const ref = { by: 'email', email: ada.email } as const;

    await expectError(harness.open().findAgent(ref), 'contract');
    expect(await harness.open({ config: { acceptBare404: true } }).findAgent(ref)).toBeNull();

    expectFaults(harness, 2);
    await expectTruth(AIRCALL_FACTS, harness, harness.open());
  });
});

describe('the limit headers of Aircall', () => {
  test.each([
    { rateLimitResetUnit: 'seconds', retryAfter: 'absent', precisionMs: 1_000 },
    { rateLimitResetUnit: 'milliseconds', retryAfter: 'absent', precisionMs: 0 },
    { rateLimitResetUnit: 'seconds', retryAfter: 'seconds', precisionMs: 1_000 },
    { rateLimitResetUnit: 'seconds', retryAfter: 'http-date', precisionMs: 1_000 },
  ] as const)('$rateLimitResetUnit, Retry-After $retryAfter', async ({ precisionMs, ...settings }) => {
    const now = 1_760_000_000_250;
    await using harness = await startAircall({
      settings: { ...settings, requestsPerMinute: 2 },
      now: () => now,
    });
    const provider = harness.open();
    await provider.validate();

    const error = await expectError(provider.validate(), 'rateLimited');

    const retryAt = error.retryAt?.getTime() ?? 0;
    expect(Math.abs(retryAt - (now + 60_000))).toBeLessThanOrEqual(precisionMs);
    expect(harness.signals()).toMatchObject([{ limitPerMinute: 2, remaining: 0, retryAt }]);
  });

  test('are heard on ordinary answers too, where they come', async () => {
    await using harness = await startAircall({
      settings: { rateLimitHeaders: 'always', requestsPerMinute: 120 },
    });
    const provider = harness.open();

    await provider.validate();

    expect(harness.signals()).toMatchObject([
      { limitPerMinute: 120, remaining: 119 },
      { limitPerMinute: 120, remaining: 118 },
    ]);
  });
});

describe('who is on a number', () => {
  async function withCallers() {
    const harness = await startAircall();
    const [viaTeam = '', direct = '', nobody = ''] = await harness.vendor.addAgents(3);
    await harness.vendor.addMember(viaTeam, 'Support');
    const numberId = harness.numberIds['Spare'] ?? 0;
    await harness.sandbox.dashboard.setRingTo({ numberId, userIds: [Number(direct)] });
    return { harness, viaTeam, direct, nobody };
  }

  test('is read for the whole account, one request a number', async () => {
    const { harness, viaTeam, direct, nobody } = await withCallers();
    await using _ = harness;
    const provider = harness.open();

    const reading = await provider.readAll();

    const held = new Map(reading.agents.map((agent) => [agent.providerUserId, agent.numbers]));
    expect(held.get(viaTeam)).toEqual([{ number: '+33176111111', kind: 'assigned' }]);
    expect(held.get(direct)).toEqual([{ number: '+442079460000', kind: 'assigned' }]);
    expect(held.get(nobody)).toEqual([]);
    expect(reading.numbers.map(({ number, name }) => ({ number, name }))).toEqual([
      { number: '+33176111111', name: 'Main' },
      { number: '+442079460000', name: 'Spare' },
    ]);
    expect(harness.lines().filter((line) => /^GET \/v1\/numbers\/\d+$/.test(line))).toHaveLength(2);
    await expectTruth(AIRCALL_FACTS, harness, provider);
  });

  test.each([{ readNumberUsers: 'never' }, { numberReadsMax: 1 }])(
    'is unknown, not nothing, with %o',
    async (config) => {
      const { harness } = await withCallers();
      await using _ = harness;
      const provider = harness.open({ config });

      const reading = await provider.readAll();

      expect(reading.agents.map(({ numbers }) => numbers)).toEqual(reading.agents.map(() => null));
      expect(harness.lines().some((line) => /^GET \/v1\/numbers\/\d+$/.test(line))).toBe(false);
      await expectTruth(AIRCALL_FACTS, harness, provider);
    },
  );

  test('has the kind that the settings say', async () => {
    const { harness, direct } = await withCallers();
    await using _ = harness;
    const provider = harness.open({ config: { numberUsersKind: 'call_flow' } });

    const agent = (await provider.readAll()).agents.find(({ providerUserId }) => providerUserId === direct);

    expect(agent?.numbers).toEqual([{ number: '+442079460000', kind: 'call_flow' }]);
    await expectTruth(AIRCALL_FACTS, harness, provider);
  });

  test('a number that cannot be asked spoils the whole reading', async () => {
    const { harness } = await withCallers();
    await using _ = harness;
    await harness.sandbox.faults.set([
      {
        kind: 'error',
        status: 404,
        body: { error: 'Not Found' },
        match: { path: '^/v1/numbers/\\d+$' },
      },
    ]);

    await expectError(harness.open().readAll(), 'notFound');

    expectFaults(harness, 1);
  });
});

describe('the calls of a person', () => {
  const now = 1_760_000_000_000;

  async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
    const all: Item[] = [];
    for await (const item of items) all.push(item);
    return all;
  }

  async function withCalls(count: number, settings = {}, spacingSeconds = 60) {
    const harness = await startAircall({ settings, now: () => now });
    const [id = '', other = ''] = await harness.vendor.addAgents(2);
    const numberId = harness.numberIds['Main'] ?? 0;
    const { callIds } = await harness.sandbox.dashboard.addCalls({
      count,
      numberId,
      userId: Number(id),
      spacingSeconds,
    });
    await harness.sandbox.dashboard.addCalls({ count: 3, numberId, userId: Number(other) });
    return { harness, id, callIds: callIds.map(String) };
  }

  test('are listed oldest first, each once, with what a manifest needs', async () => {
    const { harness, id, callIds } = await withCalls(120);
    await using _ = harness;

    const calls = await collect(harness.open().calls!({ providerUserId: id, from: 0, to: now }));

    expect(calls.map(({ callId }) => callId)).toEqual(callIds);
    expect(calls[0]).toMatchObject({
      numberDigits: '+33176111111',
      durationSeconds: 30,
      voicemailUrl: null,
      recordingUrl: expect.stringMatching(/^http/),
    });
    expect(calls[1]?.startedAt).toBe((calls[0]?.startedAt ?? 0) + 60_000);
  });

  test.each(['capped', 'real'] as const)(
    'are complete beyond what one query shows (total %s)',
    async (callTotal) => {
      const { harness, id, callIds } = await withCalls(730, { callQueryLimit: 100, callTotal }, 1);
      await using _ = harness;
      const provider = harness.open({ config: { callsPerQueryMax: 100 } });

      const calls = await collect(provider.calls!({ providerUserId: id, from: 0, to: now }));

      expect(calls.map(({ callId }) => callId)).toEqual(callIds);
    },
  );

  test('more in one second than a query shows is an error, never a shorter list', async () => {
    const { harness, id } = await withCalls(120, { callQueryLimit: 100 }, 0);
    await using _ = harness;
    const provider = harness.open({ config: { callsPerQueryMax: 100 } });

    await expectError(collect(provider.calls!({ providerUserId: id, from: 0, to: now })), 'contract');
  });

  test('are asked for within the vendor’s reach only', async () => {
    const { harness, id } = await withCalls(3);
    await using _ = harness;
    const provider = harness.open({ config: { callHistoryDays: 10 } });

    await collect(provider.calls!({ providerUserId: id, from: 0, to: now }));
    const none = await collect(provider.calls!({ providerUserId: id, from: 0, to: 1_000 }));

    const [line = ''] = harness.lines();
    const from = Number(new URLSearchParams(line.split('?')[1]).get('from'));
    expect(from).toBe(now / 1000 - 10 * 86_400);
    expect(none).toEqual([]);
    expect(harness.lines()).toHaveLength(1);
  });
});
