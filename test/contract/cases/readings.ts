import { expect } from 'vitest';
import { casesOf } from '../cases-of.js';
import { expectError, expectFaults, expectTruth } from '../expect.js';
import type { ContractSubject } from '../harness.js';

/** Snapshots: complete, or an error. */
export function readingCases(subject: ContractSubject): void {
  const { facts } = subject;
  const { describe, test } = casesOf(subject);
  describe('reading the account', () => {
    test.each([-1, 0, 1, 70])('is complete at a page border (%i beyond one page)', async (beyond) => {
      await using harness = await subject.start();
      const provider = harness.open();
      const owners = harness.vendor.agents().length;
      await harness.vendor.addAgents(facts.pageSize + beyond - owners);

      const told: number[] = [];
      const reading = await provider.readAll(({ what, done }) => {
        if (what === 'users') told.push(done);
      });

      const all = facts.pageSize + beyond;
      expect(reading.agents).toHaveLength(all);
      // What people keep by hand is a reading of our own records: there is nothing to wait for.
      const pages = facts.capabilities.writes === 'manual' ? 0 : Math.ceil(all / facts.pageSize);
      const sums = Array.from({ length: pages }, (_, page) => Math.min(all, (page + 1) * facts.pageSize));
      expect(told).toEqual(sums);
      await expectTruth(facts, harness, provider);
    });

    test.runIf(facts.capabilities.createTeam)(
      'holds every team of several pages, with its members',
      async () => {
        await using harness = await subject.start();
        const provider = harness.open();
        const [member = ''] = await harness.vendor.addAgents(1);
        const names = Array.from({ length: facts.pageSize + 5 }, (_, index) => `Team ${index}`);
        await harness.vendor.addTeams(names);
        await harness.vendor.addMember(member, 'Team 0');
        await harness.vendor.addMember(member, `Team ${names.length - 1}`);

        await expectTruth(facts, harness, provider);
        const read = (await provider.readAll()).agents.find((agent) => agent.providerUserId === member);
        expect(read?.teams).toEqual(['Team 0', `Team ${names.length - 1}`]);
      },
    );
  });

  describe('reading some people', () => {
    test('answers those who exist, by id and by address, each once', async () => {
      await using harness = await subject.start();
      const provider = harness.open();
      const [one = '', two = ''] = await harness.vendor.addAgents(3);
      const team = harness.vendor.teams()[0] ?? '';
      if (team !== '') await harness.vendor.addMember(one, team);
      const twoEmail = harness.vendor.agents().find(({ id }) => id === two)?.email ?? '';

      const reading = await provider.readSubjects([
        { by: 'id', providerUserId: one },
        { by: 'email', email: twoEmail.toUpperCase() },
        { by: 'id', providerUserId: two },
        { by: 'id', providerUserId: facts.unknownAgentId },
        { by: 'email', email: 'nobody@example.com' },
      ]);

      expect(reading.scope).toBe('subjects');
      const read = reading.agents.map(({ providerUserId, teams }) => ({ providerUserId, teams }));
      const expected = [
        { providerUserId: one, teams: team === '' ? [] : [team] },
        { providerUserId: two, teams: [] },
      ];
      expect(read).toHaveLength(2);
      expect(read).toEqual(expect.arrayContaining(expected));
      expect(reading.teams.map(({ name }) => name)).toEqual(harness.vendor.teams());
      await expectTruth(facts, harness, provider);
    });

    test('costs a few requests for a few people and pages for many', async () => {
      await using harness = await subject.start();
      const provider = harness.open();
      const ids = await harness.vendor.addAgents(4 * facts.pageSize);
      const byId = ids.map((providerUserId) => ({ by: 'id', providerUserId }) as const);

      const one = await provider.readSubjects(byId.slice(0, 1));
      const costOfOne = harness.requests().length;
      const many = await provider.readSubjects(byId);
      const costOfMany = harness.requests().length - costOfOne;

      expect(one.agents).toHaveLength(1);
      expect(many.agents).toHaveLength(ids.length);
      const inAccount = harness.vendor.agents().length;
      expect(costOfOne).toBe(facts.costs.ofOne);
      expect(costOfMany).toBe(facts.costs.ofMany(ids.length, inAccount));
      await expectTruth(facts, harness, provider);
    });

    test('takes nobody for gone because of an answer it does not know', async () => {
      await using harness = await subject.start();
      const provider = harness.open();
      const [providerUserId = ''] = await harness.vendor.addAgents(1);
      await harness.inject({ on: 'find-agent', type: 'error', ...facts.strangeNotFound });

      await expectError(provider.readSubjects([{ by: 'id', providerUserId }]), 'contract');
      await expectError(provider.findAgent({ by: 'id', providerUserId }), 'contract');

      expectFaults(harness, 2);
      await expectTruth(facts, harness, provider);
    });
  });

  test('finds a person by id and by address, and says when there is none', async () => {
    await using harness = await subject.start();
    const provider = harness.open();
    const [providerUserId = ''] = await harness.vendor.addAgents(1);
    const email = harness.vendor.agents().find(({ id }) => id === providerUserId)?.email ?? '';

    const byId = await provider.findAgent({ by: 'id', providerUserId });
    const byEmail = await provider.findAgent({ by: 'email', email });

    expect(byId).toMatchObject({ providerUserId, email });
    expect(byEmail).toEqual(byId);
    expect(await provider.findAgent({ by: 'id', providerUserId: facts.unknownAgentId })).toBeNull();
    expect(await provider.findAgent({ by: 'email', email: 'nobody@example.com' })).toBeNull();
    await expectTruth(facts, harness, provider);
  });
}
