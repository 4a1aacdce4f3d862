import { expect } from 'vitest';
import { casesOf } from '../cases-of.js';
import { expectError, expectFaults, expectTruth } from '../expect.js';
import type { ContractSubject } from '../harness.js';

/** Every body with which the vendor refuses, told apart. */
export function errorCases(subject: ContractSubject): void {
  const { facts } = subject;
  const { describe, test } = casesOf(subject);
  describe('errors', () => {
    test.each(facts.refusals)('a write answered $status $body is $kind', async ({ status, body, kind }) => {
      await using harness = await subject.start();
      const provider = harness.open();
      const [providerUserId = ''] = await harness.vendor.addAgents(1);
      await harness.inject({ on: 'update-agent', type: 'error', status, body });
      const before = harness.vendor.agents();

      const error = await expectError(
        provider.write({ type: 'update-agent', providerUserId, fields: { givenName: 'Eve' } }),
        kind,
      );

      expectFaults(harness, 1);
      expect(error.message.length).toBeLessThan(500);
      expect(JSON.stringify(error.fields)).not.toContain(providerUserId);
      expect(harness.vendor.agents()).toEqual(before);
      await expectTruth(facts, harness, provider);
    });

    test.each(facts.refusals)('a reading answered $status $body fails', async ({ status, body, kind }) => {
      await using harness = await subject.start();
      const provider = harness.open();
      await harness.inject({ on: 'list-teams', type: 'error', status, body });

      await expectError(provider.readAll(), kind);

      expectFaults(harness, 1);
      await expectTruth(facts, harness, provider);
    });

    test("shows the vendor's own words, on one line and not all of a long page", async () => {
      await using harness = await subject.start();
      const provider = harness.open();
      const [providerUserId = ''] = await harness.vendor.addAgents(1);
      const answer = facts.refusalSaying('Invalid\n\u0007name', `Use letters. ${'x'.repeat(5_000)}`);
      await harness.inject({ on: 'update-agent', type: 'error', ...answer });
      const operation = { type: 'update-agent', providerUserId, fields: { givenName: 'Eve' } } as const;

      const error = await expectError(provider.write(operation), 'invalid');

      expectFaults(harness, 1);
      expect(error.message).toMatch(/Invalid name.* Use letters\. xxx/);
      expect(error.message.length).toBeLessThan(500);
      await expectTruth(facts, harness, provider);
    });
  });
}
