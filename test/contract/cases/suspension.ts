import { expect } from 'vitest';
import { casesOf } from '../cases-of.js';
import { expectError, expectFaults, expectTruth } from '../expect.js';
import type { ContractSubject, ProviderHarness } from '../harness.js';

function isSuspended(harness: ProviderHarness, providerUserId: string): boolean | undefined {
  return harness.vendor.agents().find(({ id }) => id === providerUserId)?.isSuspended;
}

/** The real suspend, where the vendor has one. */
export function suspensionCases(subject: ContractSubject): void {
  const { facts } = subject;
  const { describe, test } = casesOf(subject);
  describe.runIf(facts.capabilities.suspend)('suspending an agent', () => {
    test('keeps exactly this person out, until resumed; repeats change nothing', async () => {
      await using harness = await subject.start();
      const provider = harness.open();
      const [leaver = '', other = ''] = await harness.vendor.addAgents(2);

      await provider.write({ type: 'suspend-agent', providerUserId: leaver });
      await provider.write({ type: 'suspend-agent', providerUserId: leaver });
      expect([leaver, other].map((id) => isSuspended(harness, id))).toEqual([true, false]);
      const found = await provider.findAgent({ by: 'id', providerUserId: leaver });
      expect(found?.status).toBe('suspended');
      await expectTruth(facts, harness, provider);

      await provider.write({ type: 'resume-agent', providerUserId: leaver });
      await provider.write({ type: 'resume-agent', providerUserId: leaver });
      expect([leaver, other].map((id) => isSuspended(harness, id))).toEqual([false, false]);
      await expectTruth(facts, harness, provider);
    });

    test('settles after a lost answer', async () => {
      await using harness = await subject.start();
      const provider = harness.open();
      const [providerUserId = ''] = await harness.vendor.addAgents(1);
      await harness.inject({ on: 'suspend-agent', nth: 1, type: 'lost-response' });

      await expectError(provider.write({ type: 'suspend-agent', providerUserId }), 'unavailable');
      await provider.write({ type: 'suspend-agent', providerUserId });

      expectFaults(harness, 1);
      expect(isSuspended(harness, providerUserId)).toBe(true);
      await expectTruth(facts, harness, provider);
    });

    test('of a person who is gone says so, and brings nobody back', async () => {
      await using harness = await subject.start();
      const provider = harness.open();
      const [providerUserId = ''] = await harness.vendor.addAgents(1);
      await harness.vendor.removeAgent(providerUserId);

      await expectError(provider.write({ type: 'suspend-agent', providerUserId }), 'notFound');
      await expectError(provider.write({ type: 'resume-agent', providerUserId }), 'notFound');

      expect(harness.vendor.agents().some(({ id }) => id === providerUserId)).toBe(false);
      await expectTruth(facts, harness, provider);
    });
  });
}
