import { expect } from 'vitest';
import { casesOf } from '../cases-of.js';
import type { ProviderWrite } from '../../../src/providers/port.js';
import { expectError, expectFaults, expectTruth } from '../expect.js';
import { ACCESS_KINDS, ROLES } from '../../../src/domain/entitlement.js';
import type { ContractSubject, ProviderHarness, VendorAgent } from '../harness.js';

const ada = { email: 'ada@example.com', givenName: 'Ada', familyName: 'Lovelace' } as const;
const createAda = { type: 'create-agent', profile: ada, role: 'supervisor' } as const;

function withEmail(harness: ProviderHarness, email: string): readonly VendorAgent[] {
  return harness.vendor.agents().filter((agent) => agent.email.toLowerCase() === email.toLowerCase());
}

/** Creating and changing people. */
export function agentCases(subject: ContractSubject): void {
  const { facts } = subject;
  const { describe, test } = casesOf(subject);
  describe('creating an agent', () => {
    test('invites the person once, with name and role', async () => {
      await using harness = await subject.start();
      const provider = harness.open();

      const outcome = await provider.write(createAda);

      const [agent, ...others] = withEmail(harness, ada.email);
      expect(others).toEqual([]);
      expect(outcome).toEqual({ result: 'applied', providerId: agent?.id });
      expect(agent).toMatchObject({ name: 'Ada Lovelace', isOwner: false, teams: [] });
      if (facts.capabilities.writeRole) expect(agent?.role).toBe('supervisor');
      await expectTruth(facts, harness, provider);
    });

    test('is "already" when repeated, in whatever case the address is written', async () => {
      await using harness = await subject.start();
      const provider = harness.open();
      const first = await provider.write(createAda);

      const again = await provider.write(createAda);
      const shouted = await provider.write({ ...createAda, profile: { ...ada, email: 'ADA@Example.com' } });

      expect(again).toEqual({ result: 'already', providerId: first.providerId });
      expect(shouted).toEqual(again);
      // Not left to the vendor to refuse: it might not.
      expect(harness.requests().filter(({ method }) => method !== 'GET')).toHaveLength(1);
      expect(withEmail(harness, ada.email)).toHaveLength(1);
      await expectTruth(facts, harness, provider);
    });

    test.each([{ type: 'lost-response' }, { type: 'error', status: 502, applies: true }] as const)(
      'never makes a second person after a create whose answer was lost ($type)',
      async (fault) => {
        await using harness = await subject.start();
        const provider = harness.open();
        await harness.inject({ on: 'create-agent', nth: 1, ...fault });

        await expectError(provider.write(createAda), 'unavailable');
        const repeated = await provider.write(createAda);

        expectFaults(harness, 1);
        const [agent, ...others] = withEmail(harness, ada.email);
        expect(others).toEqual([]);
        expect(repeated).toEqual({ result: 'already', providerId: agent?.id });
        await expectTruth(facts, harness, provider);
      },
    );

    test('finds a person who was invited between the look-up and the create', async () => {
      await using harness = await subject.start();
      const provider = harness.open({
        async beforeRequest(call) {
          if (call === 'create-agent') await harness.vendor.invite(ada.email);
        },
      });

      const outcome = await provider.write(createAda);

      const [agent, ...others] = withEmail(harness, ada.email);
      expect(others).toEqual([]);
      expect(outcome).toEqual({ result: 'already', providerId: agent?.id });
      await expectTruth(facts, harness, harness.open());
    });

    test('creates nobody while it cannot be known whether the person exists', async () => {
      await using harness = await subject.start();
      const provider = harness.open();
      await harness.inject({ on: facts.looksUpBy, type: 'error', ...facts.strangeNotFound });

      await expectError(provider.write(createAda), 'contract');

      expectFaults(harness, 1);
      expect(withEmail(harness, ada.email)).toEqual([]);
      await expectTruth(facts, harness, provider);
    });

    const refusesEmoji = !facts.definition.limits.emojiInNames;
    test.runIf(refusesEmoji)(
      'says what is wrong with a name that the vendor refuses, and creates nobody',
      async () => {
        await using harness = await subject.start();
        const provider = harness.open();
        const profile = { ...ada, givenName: 'Ada 🎉' };

        const error = await expectError(provider.write({ ...createAda, profile }), 'invalid');

        expect(error.message).toMatch(/emoji/i);
        expect(withEmail(harness, ada.email)).toEqual([]);
        await expectTruth(facts, harness, provider);
      },
    );
  });

  describe('changing an agent', () => {
    test('writes only what is named', async () => {
      await using harness = await subject.start();
      const provider = harness.open();
      const providerUserId = (await provider.write(createAda)).providerId ?? '';

      const renamed = await provider.write({
        type: 'update-agent',
        providerUserId,
        fields: { familyName: 'King' },
      });

      expect(renamed).toEqual({ result: 'applied', providerId: null });
      expect(withEmail(harness, ada.email)).toMatchObject([{ name: 'Ada King' }]);
      if (facts.capabilities.writeRole) expect(withEmail(harness, ada.email)[0]?.role).toBe('supervisor');
      await expectTruth(facts, harness, provider);
    });

    test('sends nothing when nothing is named', async () => {
      await using harness = await subject.start();
      const provider = harness.open();
      const operation = {
        type: 'update-agent',
        providerUserId: harness.vendor.ownerId(),
        fields: {},
      } as const;

      const outcome = await provider.write(operation);

      expect(outcome).toEqual({ result: 'already', providerId: null });
      expect(harness.requests()).toEqual([]);
      await expectTruth(facts, harness, provider);
    });

    const roles = facts.capabilities.writeRole ? ROLES : [];
    test.each(roles)('gives the role %s, repeatably', async (role) => {
      await using harness = await subject.start();
      const provider = harness.open();
      const [providerUserId = ''] = await harness.vendor.addAgents(1);

      await provider.write({ type: 'update-agent', providerUserId, fields: { role } });
      await provider.write({ type: 'grant', providerUserId, entitlement: { type: 'role', role } });

      expect(harness.vendor.agents().find(({ id }) => id === providerUserId)?.role).toBe(role);
      await expectTruth(facts, harness, provider);
    });

    test('says that the agent is gone, and brings nobody back', async () => {
      await using harness = await subject.start();
      const provider = harness.open();
      const [providerUserId = ''] = await harness.vendor.addAgents(1);
      await provider.write({ type: 'delete-agent', providerUserId });

      await expectError(
        provider.write({ type: 'update-agent', providerUserId, fields: { givenName: 'Eve' } }),
        'notFound',
      );

      expect(harness.vendor.agents().some(({ id }) => id === providerUserId)).toBe(false);
      await expectTruth(facts, harness, provider);
    });

    test('does not hide that the outcome of a change is unknown', async () => {
      await using harness = await subject.start();
      const provider = harness.open();
      const [providerUserId = ''] = await harness.vendor.addAgents(1);
      const operation = { type: 'update-agent', providerUserId, fields: { givenName: 'Eve' } } as const;
      await harness.inject({ on: 'update-agent', nth: 1, type: 'lost-response' });

      await expectError(provider.write(operation), 'unavailable');
      await provider.write(operation);

      expectFaults(harness, 1);
      expect(harness.vendor.agents().find(({ id }) => id === providerUserId)?.name).toMatch(/^Eve /);
      await expectTruth(facts, harness, provider);
    });
  });

  test('what the vendor cannot do is said, not tried', async () => {
    await using harness = await subject.start();
    const provider = harness.open();
    const { suspend, writeOwner, createTeam, numberAccess, writes } = facts.capabilities;
    // Whoever does the work by hand is asked to look whether a leaver is shut out.
    const parks = suspend || writes === 'manual';
    const providerUserId = harness.vendor.ownerId();
    const [number = ''] = harness.vendor.numbers();
    const entitlements = [
      ...(writeOwner ? [] : [{ type: 'owner' } as const]),
      ...ACCESS_KINDS.filter((kind) => numberAccess[kind] !== 'api').map(
        (kind) => ({ type: 'number', number, kind }) as const,
      ),
    ];
    const impossible: readonly ProviderWrite[] = [
      ...(parks ? [] : [{ type: 'suspend-agent', providerUserId } as const]),
      ...(suspend ? [] : [{ type: 'resume-agent', providerUserId } as const]),
      ...(createTeam ? [] : [{ type: 'create-team', team: 'Sales' } as const]),
      ...entitlements.map((entitlement) => ({ type: 'grant', providerUserId, entitlement }) as const),
      ...entitlements.map((entitlement) => ({ type: 'revoke', providerUserId, entitlement }) as const),
      { type: 'revoke', providerUserId, entitlement: { type: 'role', role: 'admin' } },
    ];

    for (const operation of impossible) await expectError(provider.write(operation), 'capability');

    expect(harness.requests()).toEqual([]);
    await expectTruth(facts, harness, provider);
  });
}
