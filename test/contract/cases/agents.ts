import { describe, expect, test } from 'vitest';
import { expectError, expectFaults, expectTruth } from '../expect.js';
import type { ProviderHarness, StartHarness, VendorAgent } from '../harness.js';

const ada = { email: 'ada@example.com', givenName: 'Ada', familyName: 'Lovelace' } as const;
const createAda = { type: 'create-agent', profile: ada, role: 'supervisor' } as const;

function withEmail(harness: ProviderHarness, email: string): readonly VendorAgent[] {
  return harness.vendor.agents().filter((agent) => agent.email.toLowerCase() === email.toLowerCase());
}

/** Creating, changing and deleting people. */
export function agentCases(start: StartHarness): void {
  describe('creating an agent', () => {
    test('invites the person once, with name and role', async () => {
      await using harness = await start();
      const provider = harness.open();

      const outcome = await provider.write(createAda);

      const [agent, ...others] = withEmail(harness, ada.email);
      expect(others).toEqual([]);
      expect(outcome).toEqual({ result: 'applied', providerId: agent?.id });
      expect(agent).toMatchObject({ name: 'Ada Lovelace', role: 'supervisor', isOwner: false, teams: [] });
      await expectTruth(harness, provider);
    });

    test('is "already" when repeated, in whatever case the address is written', async () => {
      await using harness = await start();
      const provider = harness.open();
      const first = await provider.write(createAda);

      const again = await provider.write(createAda);
      const shouted = await provider.write({ ...createAda, profile: { ...ada, email: 'ADA@Example.com' } });

      expect(again).toEqual({ result: 'already', providerId: first.providerId });
      expect(shouted).toEqual(again);
      // Not left to the vendor to refuse: it might not.
      expect(harness.requests().filter(({ method }) => method !== 'GET')).toHaveLength(1);
      expect(withEmail(harness, ada.email)).toHaveLength(1);
      await expectTruth(harness, provider);
    });

    test.each([{ type: 'lost-response' }, { type: 'error', status: 502, applies: true }] as const)(
      'never makes a second person after a create whose answer was lost ($type)',
      async (fault) => {
        await using harness = await start();
        const provider = harness.open();
        await harness.inject({ on: 'create-agent', nth: 1, ...fault });

        await expectError(provider.write(createAda), 'unavailable');
        const repeated = await provider.write(createAda);

        expectFaults(harness, 1);
        const [agent, ...others] = withEmail(harness, ada.email);
        expect(others).toEqual([]);
        expect(repeated).toEqual({ result: 'already', providerId: agent?.id });
        await expectTruth(harness, provider);
      },
    );

    test('finds a person who was invited between the look-up and the create', async () => {
      await using harness = await start();
      const provider = harness.open();
      const { providerId } = await provider.write(createAda);
      const missing = { status: 404, body: { error: 'Not Found', troubleshoot: 'No such user' } } as const;
      await harness.inject({ on: 'find-agent', nth: 1, type: 'error', ...missing });

      const outcome = await provider.write(createAda);

      expectFaults(harness, 1);
      expect(outcome).toEqual({ result: 'already', providerId });
      expect(withEmail(harness, ada.email)).toHaveLength(1);
      await expectTruth(harness, provider);
    });

    test('creates nobody while it cannot be known whether the person exists', async () => {
      await using harness = await start();
      const provider = harness.open();
      await harness.inject({ on: 'find-agent', type: 'error', status: 404, body: { message: 'Not Found' } });

      await expectError(provider.write(createAda), 'contract');

      expectFaults(harness, 1);
      expect(withEmail(harness, ada.email)).toEqual([]);
      await expectTruth(harness, provider);
    });

    test('says what is wrong with a name that the vendor refuses, and creates nobody', async () => {
      await using harness = await start();
      const provider = harness.open();
      const profile = { ...ada, givenName: 'Ada 🎉' };

      const error = await expectError(provider.write({ ...createAda, profile }), 'invalid');

      expect(harness.definition.limits.emojiInNames).toBe(false);
      expect(error.message).toMatch(/emoji/i);
      expect(withEmail(harness, ada.email)).toEqual([]);
      await expectTruth(harness, provider);
    });
  });

  describe('changing an agent', () => {
    test('writes only what is named', async () => {
      await using harness = await start();
      const provider = harness.open();
      const providerUserId = (await provider.write(createAda)).providerId ?? '';

      const renamed = await provider.write({
        type: 'update-agent',
        providerUserId,
        fields: { familyName: 'King' },
      });

      expect(renamed).toEqual({ result: 'applied', providerId: null });
      expect(withEmail(harness, ada.email)).toMatchObject([{ name: 'Ada King', role: 'supervisor' }]);
      await expectTruth(harness, provider);
    });

    test('sends nothing when nothing is named', async () => {
      await using harness = await start();
      const provider = harness.open();
      const operation = {
        type: 'update-agent',
        providerUserId: harness.vendor.ownerId(),
        fields: {},
      } as const;

      const outcome = await provider.write(operation);

      expect(outcome).toEqual({ result: 'already', providerId: null });
      expect(harness.requests()).toEqual([]);
      await expectTruth(harness, provider);
    });

    test.each(['agent', 'supervisor', 'admin'] as const)('gives the role %s, repeatably', async (role) => {
      await using harness = await start();
      const provider = harness.open();
      const [providerUserId = ''] = await harness.vendor.addAgents(1);

      await provider.write({ type: 'update-agent', providerUserId, fields: { role } });
      await provider.write({ type: 'grant', providerUserId, entitlement: { type: 'role', role } });

      expect(harness.vendor.agents().find(({ id }) => id === providerUserId)?.role).toBe(role);
      await expectTruth(harness, provider);
    });

    test('says that the agent is gone, and brings nobody back', async () => {
      await using harness = await start();
      const provider = harness.open();
      const [providerUserId = ''] = await harness.vendor.addAgents(1);
      await provider.write({ type: 'delete-agent', providerUserId });

      await expectError(
        provider.write({ type: 'update-agent', providerUserId, fields: { givenName: 'Eve' } }),
        'notFound',
      );

      expect(harness.vendor.agents().some(({ id }) => id === providerUserId)).toBe(false);
      await expectTruth(harness, provider);
    });

    test('does not hide that the outcome of a change is unknown', async () => {
      await using harness = await start();
      const provider = harness.open();
      const [providerUserId = ''] = await harness.vendor.addAgents(1);
      const operation = { type: 'update-agent', providerUserId, fields: { givenName: 'Eve' } } as const;
      await harness.inject({ on: 'update-agent', nth: 1, type: 'lost-response' });

      await expectError(provider.write(operation), 'unavailable');
      await provider.write(operation);

      expectFaults(harness, 1);
      expect(harness.vendor.agents().find(({ id }) => id === providerUserId)?.name).toMatch(/^Eve /);
      await expectTruth(harness, provider);
    });
  });

  describe('deleting an agent', () => {
    test('removes exactly this person, and is "already" when repeated', async () => {
      await using harness = await start();
      const provider = harness.open();
      const [leaver = '', ...others] = await harness.vendor.addAgents(3);

      const first = await provider.write({ type: 'delete-agent', providerUserId: leaver });
      const again = await provider.write({ type: 'delete-agent', providerUserId: leaver });

      expect(first).toEqual({ result: 'applied', providerId: null });
      expect(again).toEqual({ result: 'already', providerId: null });
      const remaining = [harness.vendor.ownerId(), ...others];
      expect(harness.vendor.agents().map(({ id }) => id)).toEqual(remaining);
      await expectTruth(harness, provider);
    });

    test('is "already" after a deletion whose answer was lost', async () => {
      await using harness = await start();
      const provider = harness.open();
      const [providerUserId = ''] = await harness.vendor.addAgents(1);
      await harness.inject({ on: 'delete-agent', nth: 1, type: 'lost-response' });

      await expectError(provider.write({ type: 'delete-agent', providerUserId }), 'unavailable');
      const repeated = await provider.write({ type: 'delete-agent', providerUserId });

      expectFaults(harness, 1);
      expect(repeated).toEqual({ result: 'already', providerId: null });
      await expectTruth(harness, provider);
    });

    test('does not hide that the vendor keeps an owner', async () => {
      await using harness = await start();
      const provider = harness.open();
      const providerUserId = harness.vendor.ownerId();

      const error = await expectError(provider.write({ type: 'delete-agent', providerUserId }), 'invalid');

      expect(error.message).toMatch(/owner/i);
      expect(harness.vendor.ownerId()).toBe(providerUserId);
      await expectTruth(harness, provider);
    });

    test.each([
      { status: 404, body: { message: 'Not Found' } },
      { status: 404, body: { error: 'Not Found', troubleshoot: 'No such user' } },
      { status: 410, body: {} },
    ])('does not believe $status while the person is still there', async (answer) => {
      await using harness = await start();
      const provider = harness.open();
      const [providerUserId = ''] = await harness.vendor.addAgents(1);
      await harness.inject({ on: 'delete-agent', type: 'error', ...answer });

      await expectError(provider.write({ type: 'delete-agent', providerUserId }), 'contract');

      expectFaults(harness, 1);
      expect(harness.vendor.agents().map(({ id }) => id)).toContain(providerUserId);
      await expectTruth(harness, provider);
    });

    test.each(['', '.', '..'])('never addresses more than one person (id "%s")', async (providerUserId) => {
      await using harness = await start();
      const provider = harness.open();
      const before = harness.vendor.agents();

      await expectError(provider.write({ type: 'delete-agent', providerUserId }), 'bug');

      expect(harness.requests()).toEqual([]);
      expect(harness.vendor.agents()).toEqual(before);
      await expectTruth(harness, provider);
    });
  });

  test('what the vendor cannot do is said, not tried', async () => {
    await using harness = await start();
    const provider = harness.open();
    const { suspend, writeOwner, numberAccess } = harness.definition.capabilities;
    const providerUserId = harness.vendor.ownerId();
    const number = { type: 'number', number: '+33176111111', kind: 'assigned' } as const;
    const impossible = [
      ...(suspend ? [] : [{ type: 'suspend-agent', providerUserId } as const]),
      ...(suspend ? [] : [{ type: 'resume-agent', providerUserId } as const]),
      ...(writeOwner ? [] : [{ type: 'grant', providerUserId, entitlement: { type: 'owner' } } as const]),
      ...(writeOwner ? [] : [{ type: 'revoke', providerUserId, entitlement: { type: 'owner' } } as const]),
      ...(numberAccess.assigned === 'api'
        ? []
        : [{ type: 'grant', providerUserId, entitlement: number } as const]),
      ...(numberAccess.assigned === 'api'
        ? []
        : [{ type: 'revoke', providerUserId, entitlement: number } as const]),
      { type: 'revoke', providerUserId, entitlement: { type: 'role', role: 'admin' } } as const,
    ];

    for (const operation of impossible) await expectError(provider.write(operation), 'capability');

    expect(harness.requests()).toEqual([]);
    await expectTruth(harness, provider);
  });
}
