import { expect } from 'vitest';
import { casesOf } from '../cases-of.js';
import { ACCESS_KINDS, type AccessKind, type NumberAccess } from '../../../src/domain/entitlement.js';
import { expectError, expectFaults, expectTruth } from '../expect.js';
import type { ContractSubject, ProviderHarness } from '../harness.js';

function numbersOf(harness: ProviderHarness, providerUserId: string): readonly NumberAccess[] {
  return harness.vendor.agents().find(({ id }) => id === providerUserId)?.numbers ?? [];
}

function writes(providerUserId: string, number: string, kind: AccessKind) {
  const entitlement = { type: 'number', number, kind } as const;
  return {
    grant: { type: 'grant', providerUserId, entitlement },
    revoke: { type: 'revoke', providerUserId, entitlement },
  } as const;
}

async function withPerson(subject: ContractSubject, kind: AccessKind) {
  const harness = await subject.start();
  const [providerUserId = ''] = await harness.vendor.addAgents(2);
  const [number = '', second = ''] = harness.vendor.numbers();
  const provider = harness.open();
  return { harness, provider, providerUserId, number, second, ...writes(providerUserId, number, kind) };
}

/** Number access of the kinds that the vendor's API gives. */
export function numberCases(subject: ContractSubject): void {
  const { facts } = subject;
  const { describe, test } = casesOf(subject);
  const kinds = ACCESS_KINDS.filter((kind) => facts.capabilities.numberAccess[kind] === 'api');
  describe.runIf(kinds.length > 0).each(kinds)('number access (%s)', (kind) => {
    test('is given and taken once; repeats are "already"', async () => {
      const { harness, provider, providerUserId, number, grant, revoke } = await withPerson(subject, kind);
      await using _ = harness;

      const given = await provider.write(grant);
      const givenAgain = await provider.write(grant);
      expect(numbersOf(harness, providerUserId)).toEqual([{ number, kind }]);
      await expectTruth(facts, harness, provider);
      const taken = await provider.write(revoke);
      const takenAgain = await provider.write(revoke);

      expect([given, givenAgain, taken, takenAgain].map(({ result }) => result)).toEqual([
        'applied',
        'already',
        'applied',
        'already',
      ]);
      expect(numbersOf(harness, providerUserId)).toEqual([]);
      await expectTruth(facts, harness, provider);
    });

    test('settles after a lost answer, in both directions', async () => {
      const { harness, provider, providerUserId, number, grant, revoke } = await withPerson(subject, kind);
      await using _ = harness;

      await harness.inject({ on: 'grant-number', nth: 1, type: 'lost-response' });
      await expectError(provider.write(grant), 'unavailable');
      expectFaults(harness, 1);
      await harness.clearFaults();
      expect((await provider.write(grant)).result).toBe('already');
      expect(numbersOf(harness, providerUserId)).toEqual([{ number, kind }]);

      await harness.inject({ on: 'revoke-number', nth: 1, type: 'lost-response' });
      await expectError(provider.write(revoke), 'unavailable');
      expectFaults(harness, 2);
      await harness.clearFaults();
      expect((await provider.write(revoke)).result).toBe('already');
      expect(numbersOf(harness, providerUserId)).toEqual([]);
      await expectTruth(facts, harness, provider);
    });

    test('leaves other numbers of the person alone', async () => {
      const { harness, provider, providerUserId, second, grant, revoke } = await withPerson(subject, kind);
      await using _ = harness;
      await provider.write(grant);
      await provider.write(writes(providerUserId, second, kind).grant);

      await provider.write(revoke);

      expect(numbersOf(harness, providerUserId)).toEqual([{ number: second, kind }]);
      await expectTruth(facts, harness, provider);
    });

    test('of a number that the account does not have is refused, and nothing is sent for it', async () => {
      const { harness, provider, providerUserId } = await withPerson(subject, kind);
      await using _ = harness;
      const before = harness.vendor.agents();

      const error = await provider.write(writes(providerUserId, '+33199999999', kind).grant).then(
        () => null,
        (thrown: { readonly kind?: unknown }) => thrown.kind,
      );

      expect(['notFound', 'invalid']).toContain(error);
      expect(harness.requests().filter(({ method }) => method !== 'GET')).toEqual([]);
      expect(harness.vendor.agents()).toEqual(before);
      await expectTruth(facts, harness, provider);
    });
  });
}
