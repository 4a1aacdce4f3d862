import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'vitest';
import { casesOf } from '../cases-of.js';
import { expectError, expectFaults, expectTruth } from '../expect.js';
import type { ContractSubject } from '../harness.js';

/** Lists that move, break or mislead while they are read. */
export function listCases(subject: ContractSubject): void {
  const { facts } = subject;
  const { describe, test } = casesOf(subject);
  const isNumbered = facts.paging === 'numbers';
  describe('a list', () => {
    test.each([
      { change: 'insert', nth: 1 },
      { change: 'insert', nth: 2 },
      { change: 'remove', nth: 1 },
      { change: 'remove', nth: 2 },
    ] as const)('misses nobody when the list moves ($change after page $nth)', async ({ change, nth }) => {
      await using harness = await subject.start();
      const provider = harness.open();
      await harness.vendor.addAgents(2 * facts.pageSize + 10);
      const stayed = harness.vendor.agents().map(({ id }) => id);
      await harness.inject({ on: 'list-agents', nth, type: 'list-moves', change });

      const reading = await provider.readAll();

      expectFaults(harness, 1);
      const read = new Set(reading.agents.map(({ providerUserId }) => providerUserId));
      const present = harness.vendor.agents().map(({ id }) => id);
      expect(stayed.filter((id) => present.includes(id) && !read.has(id))).toEqual([]);
      expect(read.size).toBe(reading.agents.length);
      await expectTruth(facts, harness, provider);
    });

    test.runIf(facts.capabilities.createTeam)(
      'misses no team member when one goes and one comes between two pages',
      async () => {
        await using harness = await subject.start();
        await harness.vendor.addAgents(2 * facts.pageSize);
        const [, first = '', ...others] = harness.vendor.agents().map(({ id }) => id);
        const slipped = others[facts.pageSize - 2] ?? '';
        await harness.vendor.addMember(slipped, harness.vendor.teams()[0] ?? '');
        // The total stays, and the first of page two slips onto page one, which has been read.
        const provider = harness.open({
          async beforeRequest(_call, count) {
            if (count !== 2) return;
            await harness.vendor.removeAgent(first);
            await harness.vendor.invite('new@example.com');
          },
        });

        const reading = await provider.readAll();

        expect(reading.agents.map(({ providerUserId }) => providerUserId)).toContain(slipped);
        await expectTruth(facts, harness, provider);
      },
    );

    test.runIf(isNumbered)('gives up when the list never holds still', async () => {
      await using harness = await subject.start();
      const provider = harness.open();
      await harness.vendor.addAgents(2 * facts.pageSize);
      await harness.inject({ on: 'list-agents', type: 'list-moves', change: 'remove' });

      await expectError(provider.readAll(), 'unavailable');

      expect(harness.requests().every((request) => request.isFaulted)).toBe(true);
      expect(harness.requests().length).toBeGreaterThan(0);
      await expectTruth(facts, harness, provider);
    });

    test.runIf(isNumbered)('reads on when a growing list is confirmed by a second look', async () => {
      await using harness = await subject.start();
      const provider = harness.open();
      await harness.vendor.addAgents(2 * facts.pageSize);
      await harness.inject({ on: 'list-agents', type: 'list-moves', change: 'insert' });

      const reading = await provider.readAll();

      const firstSeen = harness.requests().length;
      expect(firstSeen).toBeGreaterThan(0);
      expect(reading.agents.length).toBeGreaterThan(2 * facts.pageSize);
      await expectTruth(facts, harness, provider);
    });

    test.each(facts.lists.flatMap(({ on, defects }) => defects.map((defect) => ({ on, defect }))))(
      'is an error, never a shorter list: $defect in $on',
      async ({ on, defect }) => {
        await using harness = await subject.start();
        const provider = harness.open();
        await harness.vendor.addAgents(facts.pageSize + 1);
        await harness.inject({ on, type: 'bad-page', defect });

        await expectError(provider.readAll(), 'contract');

        expect(harness.requests().some((request) => request.isFaulted)).toBe(true);
        await expectTruth(facts, harness, provider);
      },
    );

    test.runIf(isNumbered).each(['empty-page', 'short-page'] as const)(
      'looks again after one %s',
      async (defect) => {
        await using harness = await subject.start();
        const provider = harness.open();
        await harness.vendor.addAgents(facts.pageSize + 1);
        await harness.inject({ on: 'list-agents', nth: 2, type: 'bad-page', defect });

        const reading = await provider.readAll();

        expectFaults(harness, 1);
        expect(reading.agents).toHaveLength(harness.vendor.agents().length);
        await expectTruth(facts, harness, provider);
      },
    );

    test.runIf(facts.linksPages)('no answer leads the credential to another host', async () => {
      await using harness = await subject.start();
      await using stranger = await startStranger();
      const provider = harness.open();
      await harness.vendor.addAgents(facts.pageSize + 1);
      await harness.inject({ on: 'list-agents', nth: 1, type: 'foreign-link', link: stranger.url });

      const reading = await provider.readAll();

      expectFaults(harness, 1);
      expect(reading.agents).toHaveLength(harness.vendor.agents().length);
      expect(stranger.visits()).toBe(0);
      await expectTruth(facts, harness, provider);
    });
  });
}

/** A server that a credential must never reach. */
async function startStranger() {
  let visits = 0;
  const server: Server = createServer((_request, response) => {
    visits += 1;
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v2/users?page=2`,
    visits: () => visits,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
