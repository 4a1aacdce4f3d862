import { expect } from 'vitest';
import { casesOf } from '../cases-of.js';
import { expectError, expectTruth } from '../expect.js';
import type { ContractSubject } from '../harness.js';

/** What lets Patchbay in, and what happens when it no longer does. */
export function credentialCases(subject: ContractSubject): void {
  const { facts } = subject;
  const { test } = casesOf(subject);
  test('a credential that works tells what it reaches', async () => {
    await using harness = await subject.start();
    const provider = harness.open();

    const reached = await provider.validate();

    expect(reached.companyName).not.toBe('');
    expect(reached.agentCount).toBe(harness.vendor.agents().length);
    await expectTruth(facts, harness, provider);
  });

  test('a revoked credential is said at once, for reads and writes, and asked for only once each', async () => {
    await using harness = await subject.start();
    const provider = harness.open();
    const [providerUserId = ''] = await harness.vendor.addAgents(1);
    const before = harness.vendor.agents();
    await harness.vendor.revokeCredential();

    await expectError(provider.validate(), 'credential');
    await expectError(provider.readAll(), 'credential');
    await expectError(provider.findAgent({ by: 'id', providerUserId }), 'credential');
    await expectError(provider.write({ type: 'delete-agent', providerUserId }), 'credential');

    const asked = harness.requests().length;
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThanOrEqual(4);
    expect(harness.vendor.agents()).toEqual(before);
    await harness.vendor.renewCredential();
    await expectTruth(facts, harness, harness.open());
  });
}
