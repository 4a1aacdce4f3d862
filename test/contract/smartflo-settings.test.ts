import { describe, expect, test } from 'vitest';
import { expectError } from './expect.js';
import { OWNER, startSmartflo, type SmartfloHarness } from './smartflo-harness.js';

const ada = { email: 'ada@example.com', givenName: 'Ada', familyName: 'Lovelace' } as const;
const createAda = { type: 'create-agent', profile: ada, role: 'supervisor' } as const;

function personOf({ sandbox }: SmartfloHarness, email: string = ada.email) {
  const person = sandbox.snapshot().users.find((user) => user.email === email);
  if (person === undefined) throw new Error(`there is no ${email}`);
  return person;
}

function posted(harness: SmartfloHarness, path: string): number {
  return harness.requests().filter((request) => request.path === path && request.method === 'POST').length;
}

describe('signing in to Smartflo', () => {
  test('a login works like a token, and says how long its password lives', async () => {
    await using harness = await startSmartflo();
    const provider = harness.open({ secrets: OWNER });

    const facts = await provider.validate();
    await provider.readAll();

    expect(facts.details['passwordDaysLeft']).toBe(90);
    expect(posted(harness, '/v1/auth/login')).toBe(1);
    expect(harness.taken()).toBe(harness.requests().length);
  });

  test('a refused login is sent once, however often the provider is asked', async () => {
    await using harness = await startSmartflo();
    const provider = harness.open({ secrets: { ...OWNER, password: 'wrong' } });

    const error = await expectError(provider.validate(), 'credential');
    await expectError(provider.readAll(), 'credential');
    await expectError(provider.write(createAda), 'credential');

    expect(error.message).toMatch(/not tried again.*locks/u);
    expect(error.message).not.toContain('wrong');
    expect(harness.lines()).toEqual(['POST /v1/auth/login']);
  });

  test('a login whose token ended is renewed once; a second refusal stands', async () => {
    let now = Date.now();
    await using harness = await startSmartflo({ settings: { sessionSeconds: 60 }, now: () => now });
    const provider = harness.open({ secrets: OWNER });
    await provider.validate();

    now += 61_000;
    await provider.validate();
    expect(posted(harness, '/v1/auth/login')).toBe(2);
    now += 61_000;
    await expectError(provider.validate(), 'credential');

    expect(posted(harness, '/v1/auth/login')).toBe(2);
  });

  test('an outage of the login says nothing about the login', async () => {
    await using harness = await startSmartflo();
    await harness.sandbox.dashboard.setBlocked({ userId: personOf(harness, OWNER.email).id, webLogin: true });
    const provider = harness.open({ secrets: OWNER });
    await expectError(provider.validate(), 'credential');

    expect(posted(harness, '/v1/auth/login')).toBe(1);
  });
});

describe('a new Smartflo user', () => {
  test('has agent, web login, role, login id = e-mail and a password that nobody knows', async () => {
    await using harness = await startSmartflo();
    const provider = harness.open();

    await provider.write(createAda);

    expect(personOf(harness)).toMatchObject({
      loginId: ada.email,
      hasWebLogin: true,
      roleName: 'Supervisor',
      agent: { isBlocked: false },
      number: '9000000000',
    });
    const guesses = ['x', 'password', ada.email];
    for (const password of guesses) {
      const secrets = { email: ada.email, password };
      await expectError(harness.open({ secrets }).validate(), 'credential');
    }
  });

  test('is not made without a phone number, and the message says where to enter one', async () => {
    await using harness = await startSmartflo();
    const provider = harness.open({ config: { fallbackNumber: null } });

    const error = await expectError(provider.write(createAda), 'invalid');

    expect(error.message).toContain('fallbackNumber');
    expect(posted(harness, '/v1/user')).toBe(0);
  });

  test('gets settings of rules with the create and by updates, and shows them', async () => {
    await using harness = await startSmartflo({ settings: { patchAlso: ['time_group'] } });
    await harness.sandbox.dashboard.addTimeGroup({ name: 'Days' });
    await harness.sandbox.dashboard.addAgentGroup({ name: 'Gold' });
    await harness.sandbox.dashboard.addAgentGroup({ name: 'Blue' });
    const provider = harness.open();
    const settings = {
      designation: 'Lead',
      number: '9876543210',
      loginBasedCalling: 'true',
      cdrVisibility: 'own',
      timeGroup: '7001',
      agentGroups: 'Blue, Gold',
      routeCallsThrough: 'both',
      extension: 'true',
    };

    const { providerId } = await provider.write({ ...createAda, settings });
    const providerUserId = providerId ?? '';
    const made = await provider.findAgent({ by: 'id', providerUserId });
    await provider.write({
      type: 'update-agent',
      providerUserId,
      fields: { settings: { designation: 'Head', cdrVisibility: 'all' } },
    });
    const changed = await provider.findAgent({ by: 'id', providerUserId });

    expect(made?.settings).toMatchObject(settings);
    expect(changed?.settings).toMatchObject({ ...settings, designation: 'Head', cdrVisibility: 'all' });
    expect(personOf(harness)).toMatchObject({ number: '9876543210', name: 'Ada Lovelace' });
  });
});

describe('what Smartflo leaves open', () => {
  test.each(['/v1/roles', '/v1/user_roles'] as const)('roles are found at %s', async (rolesRoute) => {
    await using harness = await startSmartflo({ settings: { roleRoutes: [rolesRoute] } });
    await harness.open({ config: { rolesRoute } }).write(createAda);
    expect(personOf(harness).roleName).toBe('Supervisor');
  });

  test('a role that cannot be found is asked for, and nobody is made', async () => {
    await using harness = await startSmartflo({ settings: { roleRoutes: [] } });
    const error = await expectError(harness.open().write(createAda), 'invalid');

    expect(error.message).toContain('roleIds.supervisor');
    expect(posted(harness, '/v1/user')).toBe(0);

    const roleIds = { agent: null, supervisor: 42, admin: null };
    await harness.open({ config: { roleIds } }).write(createAda);
    expect(personOf(harness).roleName).toBe('Supervisor');
  });

  test('a block that was accepted and not done is said', async () => {
    await using harness = await startSmartflo({ settings: { blockAnswer: 'ignored' } });
    const provider = harness.open();
    const { providerId } = await provider.write(createAda);

    const error = await expectError(
      provider.write({ type: 'suspend-agent', providerUserId: providerId ?? '' }),
      'capability',
    );

    expect(error.message).toMatch(/did not do it/u);
  });

  test.each([
    { agent: true, webLogin: false },
    { agent: false, webLogin: true },
  ])('half a block ($agent, $webLogin) is none', async (blocked) => {
    await using harness = await startSmartflo();
    const provider = harness.open();
    const [id = ''] = await harness.vendor.addAgents(1);
    await harness.sandbox.dashboard.setBlocked({ userId: Number(id), ...blocked });

    expect((await provider.findAgent({ by: 'id', providerUserId: id }))?.status).toBe('active');
    expect((await provider.readAll()).agents.find((one) => one.providerUserId === id)?.status).toBe('active');
    const outcome = await provider.write({ type: 'suspend-agent', providerUserId: id });

    expect(outcome.result).toBe('applied');
    expect((await provider.findAgent({ by: 'id', providerUserId: id }))?.status).toBe('suspended');
  });

  test.each(['text', 'number'] as const)('ids are one kind to us, as %s to Smartflo', async (userIdType) => {
    await using harness = await startSmartflo({ settings: { userIdType } });
    const provider = harness.open();
    const [id = ''] = await harness.vendor.addAgents(1);

    const { agents } = await provider.readAll();
    const found = await provider.findAgent({ by: 'id', providerUserId: id });

    expect(agents.map(({ providerUserId }) => providerUserId)).toContain(id);
    expect(found?.providerUserId).toBe(id);
    expect((await provider.write(createAda)).providerId).toBe(String(personOf(harness).id));
  });

  test('an address that is not the login id costs one look, once', async () => {
    await using harness = await startSmartflo();
    const email = 'grown@example.com';
    await harness.sandbox.dashboard.addUser({ email, name: 'Grown Wild', loginId: 'wild1' });
    const provider = harness.open();

    const looks = () => harness.lines().filter((line) => /GET \/v1\/user\/\d/u.test(line)).length;

    const read = await provider.readAll();
    await provider.readAll();

    expect(read.agents.map((agent) => agent.email)).toContain(email);
    expect(looks()).toBe(1);
    expect((await provider.findAgent({ by: 'email', email }))?.email).toBe(email);
    // Who is found is looked at whole.
    expect(looks()).toBe(2);
  });

  test('caller ids are read with each person where there are few, and told apart from none where not', async () => {
    await using harness = await startSmartflo();
    const [id = ''] = await harness.vendor.addAgents(1);
    const numberId = harness.numberIds['Main'] ?? 0;
    await harness.sandbox.dashboard.setCallerIds({ userId: Number(id), numberIds: [numberId] });

    const [few, many] = await Promise.all(
      [10, 0].map(async (userReadsMax) =>
        (await harness.open({ config: { userReadsMax } }).readAll()).agents.find(
          (agent) => agent.providerUserId === id,
        ),
      ),
    );

    expect(few?.numbers).toEqual([{ number: '+918065485979', kind: 'outbound' }]);
    expect(few?.unreadKinds).toBeUndefined();
    expect(many).toMatchObject({ numbers: [], unreadKinds: ['outbound'] });
  });

  test('hidden caller ids are never overwritten', async () => {
    await using harness = await startSmartflo({ settings: { callerIdsInUser: 'hidden' } });
    const [id = ''] = await harness.vendor.addAgents(1);
    const [main = 0, spare = 0] = Object.values(harness.numberIds);
    await harness.sandbox.dashboard.setCallerIds({ userId: Number(id), numberIds: [main] });
    const entitlement = { type: 'number', number: '+918065485980', kind: 'outbound' } as const;

    await expectError(harness.open().write({ type: 'grant', providerUserId: id, entitlement }), 'capability');

    const callerIds = harness.sandbox.snapshot().users.find((user) => String(user.id) === id)?.callerIds;
    expect(callerIds).toEqual([main]);
    expect(callerIds).not.toContain(spare);
  });

  test('a number that leads elsewhere is not taken, unless the account says so', async () => {
    await using harness = await startSmartflo();
    const [id = ''] = await harness.vendor.addAgents(1);
    const numberId = harness.numberIds['Main'] ?? 0;
    await harness.sandbox.dashboard.setDestination({ numberId, destination: 'ivr||7' });
    const entitlement = { type: 'number', number: '+918065485979', kind: 'assigned' } as const;
    const grant = { type: 'grant', providerUserId: id, entitlement } as const;

    await expectError(harness.open().write(grant), 'invalid');
    expect(harness.sandbox.snapshot().numbers[0]?.destination).toBe('ivr||7');
    await harness.open({ config: { takeNumbers: 'always' } }).write(grant);

    expect(harness.sandbox.snapshot().numbers[0]?.destination).toMatch(/^agent\|\|/u);
  });

  test('members whose list shows no extension are looked up', async () => {
    await using harness = await startSmartflo({ settings: { departmentAgentId: 'row' } });
    const [one = '', two = ''] = await harness.vendor.addAgents(2);
    await harness.vendor.addMember(one, 'Support');
    const provider = harness.open({ config: { memberExtension: 'looked-up' } });

    await provider.write({
      type: 'grant',
      providerUserId: two,
      entitlement: { type: 'team', team: 'Support' },
    });

    const members = harness.vendor.agents().filter(({ teams }) => teams.includes('Support'));
    expect(members.map(({ id }) => id)).toEqual([one, two]);
  });
});

describe('a department that others write as well', () => {
  test('keeps everybody when many memberships are written at once', async () => {
    await using harness = await startSmartflo();
    const provider = harness.open();
    const ids = await harness.vendor.addAgents(8);
    const entitlement = { type: 'team', team: 'Support' } as const;

    await Promise.all(
      ids.map((providerUserId) => provider.write({ type: 'grant', providerUserId, entitlement })),
    );

    const members = harness.vendor.agents().filter(({ teams }) => teams.includes('Support'));
    expect(members.map(({ id }) => id)).toEqual(ids);
  });

  test.each(['listed', 'looked-up'] as const)(
    'is read right before it is written, with nothing asked in between: extensions %s',
    async (memberExtension) => {
      await using harness = await startSmartflo({
        settings: { departmentAgentId: memberExtension === 'listed' ? 'intercom' : 'row' },
      });
      const [newcomer = '', late = '', ...others] = await harness.vendor.addAgents(6);
      for (const id of others) await harness.vendor.addMember(id, 'Support');
      const departmentId = harness.departmentIds['Support'] ?? 0;
      let lookUps = 0;
      const provider = harness.open({
        config: { memberExtension },
        // Somebody in the portal, while the last of the members is looked up.
        async beforeRequest(_call, _count, request) {
          if (!(request?.url ?? '').includes('/v1/user/')) return;
          lookUps += 1;
          if (memberExtension === 'listed' || lookUps !== others.length) return;
          await harness.sandbox.dashboard.setMember({ departmentId, userId: Number(late), isMember: true });
        },
      });

      await provider.write({
        type: 'grant',
        providerUserId: newcomer,
        entitlement: { type: 'team', team: 'Support' },
      });

      const paths = harness.lines().map((line) => line.split('?', 1)[0] ?? '');
      const written = paths.findIndex((path) => path.startsWith('PUT'));
      if (memberExtension === 'listed') expect(paths[written - 1]).toBe('GET /v1/departments');
      const members = harness.vendor.agents().filter(({ teams }) => teams.includes('Support'));
      const expected = memberExtension === 'listed' ? [newcomer, ...others] : [newcomer, late, ...others];
      expect(members.map(({ id }) => id)).toEqual(expected);
    },
  );

  test('is written again when somebody undid it in between', async () => {
    await using harness = await startSmartflo();
    const [one = '', two = ''] = await harness.vendor.addAgents(2);
    const departmentId = harness.departmentIds['Support'] ?? 0;
    let wasUndone = false;
    const provider = harness.open({
      async beforeRequest(call) {
        const isMember = harness.vendor
          .agents()
          .find(({ id }) => id === one)
          ?.teams.includes('Support');
        if (call !== 'list-teams' || isMember !== true || wasUndone) return;
        wasUndone = true;
        await harness.sandbox.dashboard.setMember({ departmentId, userId: Number(one), isMember: false });
        await harness.sandbox.dashboard.setMember({ departmentId, userId: Number(two), isMember: true });
      },
    });

    await provider.write({
      type: 'grant',
      providerUserId: one,
      entitlement: { type: 'team', team: 'Support' },
    });

    expect(wasUndone).toBe(true);
    const members = harness.vendor.agents().filter(({ teams }) => teams.includes('Support'));
    expect(members.map(({ id }) => id)).toEqual([one, two]);
  });
});

test('the calls of one person come oldest first, each once, with their recordings', async () => {
  const at = Date.parse('2026-11-20T10:00:00Z');
  await using harness = await startSmartflo({ now: () => at });
  const [one = '', two = ''] = await harness.vendor.addAgents(2);
  const numberId = harness.numberIds['Main'] ?? 0;
  const day = 86_400_000;
  const common = { numberId, spacingSeconds: 3600, durationSeconds: 60 };
  await harness.sandbox.dashboard.addCalls({
    ...common,
    userId: Number(one),
    count: 7,
    startedAt: at - 90 * day,
  });
  await harness.sandbox.dashboard.addCalls({ ...common, userId: Number(one), count: 5, startedAt: at - day });
  await harness.sandbox.dashboard.addCalls({ ...common, userId: Number(two), count: 3, startedAt: at - day });
  const provider = harness.open({ config: { callsPerPage: 2 } });

  const calls = [];
  for await (const call of provider.calls!({ providerUserId: one, from: at - 120 * day, to: at })) {
    calls.push(call);
  }

  expect(calls).toHaveLength(12);
  const starts = calls.map(({ startedAt }) => startedAt);
  expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  expect(starts[0]).toBe(at - 90 * day);
  expect(new Set(calls.map(({ callId }) => callId)).size).toBe(12);
  expect(calls[0]).toMatchObject({ numberDigits: '+918065485979', durationSeconds: 60 });
  const recording = await fetch(calls[0]?.recordingUrl ?? '');
  expect((await recording.arrayBuffer()).byteLength).toBe(16_384);
});
