import { expect } from 'vitest';
import { casesOf } from '../cases-of.js';
import { expectError, expectFaults, expectTruth } from '../expect.js';
import type { ContractSubject } from '../harness.js';

/** Deleting people for good. */
export function deletionCases(subject: ContractSubject): void {
  const { facts } = subject;
  const { describe, test } = casesOf(subject);
  describe.runIf(facts.capabilities.delete === 'permanent')('deleting an agent', () => {
    test('removes exactly this person, and is "already" when repeated', async () => {
      await using harness = await subject.start();
      const provider = harness.open();
      const [leaver = '', ...others] = await harness.vendor.addAgents(3);

      const first = await provider.write({ type: 'delete-agent', providerUserId: leaver });
      const again = await provider.write({ type: 'delete-agent', providerUserId: leaver });

      expect(first).toEqual({ result: 'applied', providerId: null });
      expect(again).toEqual({ result: 'already', providerId: null });
      const remaining = [harness.vendor.ownerId(), ...others];
      expect(harness.vendor.agents().map(({ id }) => id)).toEqual(remaining);
      await expectTruth(facts, harness, provider);
    });

    test('is "already" after a deletion whose answer was lost', async () => {
      await using harness = await subject.start();
      const provider = harness.open();
      const [providerUserId = ''] = await harness.vendor.addAgents(1);
      await harness.inject({ on: 'delete-agent', nth: 1, type: 'lost-response' });

      await expectError(provider.write({ type: 'delete-agent', providerUserId }), 'unavailable');
      const repeated = await provider.write({ type: 'delete-agent', providerUserId });

      expectFaults(harness, 1);
      expect(repeated).toEqual({ result: 'already', providerId: null });
      await expectTruth(facts, harness, provider);
    });

    test('does not hide that the vendor keeps an owner', async () => {
      await using harness = await subject.start();
      const provider = harness.open();
      const providerUserId = harness.vendor.ownerId();

      const error = await expectError(provider.write({ type: 'delete-agent', providerUserId }), 'invalid');

      expect(error.message).toMatch(/owner/i);
      expect(harness.vendor.ownerId()).toBe(providerUserId);
      await expectTruth(facts, harness, provider);
    });

    test.each(facts.falselyGone)(
      'does not believe $status while the person is still there',
      async (answer) => {
        await using harness = await subject.start();
        const provider = harness.open();
        const [providerUserId = ''] = await harness.vendor.addAgents(1);
        await harness.inject({ on: 'delete-agent', type: 'error', ...answer });

        await expectError(provider.write({ type: 'delete-agent', providerUserId }), 'contract');

        expectFaults(harness, 1);
        expect(harness.vendor.agents().map(({ id }) => id)).toContain(providerUserId);
        await expectTruth(facts, harness, provider);
      },
    );

    test.each(['', '.', '..'])('never addresses more than one person (id "%s")', async (providerUserId) => {
      await using harness = await subject.start();
      const provider = harness.open();
      const before = harness.vendor.agents();

      await expectError(provider.write({ type: 'delete-agent', providerUserId }), 'bug');

      expect(harness.requests()).toEqual([]);
      expect(harness.vendor.agents()).toEqual(before);
      await expectTruth(facts, harness, provider);
    });
  });
}
