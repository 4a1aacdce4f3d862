import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { expectError, expectFaults, expectTruth } from '../expect.js';
import type { PageDefect, StartHarness, VendorCall } from '../harness.js';

/** Snapshots: complete, or an error. */
export function readingCases(start: StartHarness): void {
  describe('reading the account', () => {
    test.each([-1, 0, 1, 70])('is complete at a page border (%i beyond one page)', async (beyond) => {
      await using harness = await start();
      const provider = harness.open();
      const owners = harness.vendor.agents().length;
      await harness.vendor.addAgents(harness.pageSize + beyond - owners);

      const reading = await provider.readAll();

      expect(reading.agents).toHaveLength(harness.pageSize + beyond);
      await expectTruth(harness, provider);
    });

    test('holds every team of several pages, with its members', async () => {
      await using harness = await start();
      const provider = harness.open();
      const [member = ''] = await harness.vendor.addAgents(1);
      const names = Array.from({ length: harness.pageSize + 5 }, (_, index) => `Team ${index}`);
      await harness.vendor.addTeams(names);
      await harness.vendor.addMember(member, 'Team 0');
      await harness.vendor.addMember(member, `Team ${names.length - 1}`);

      await expectTruth(harness, provider);
      const read = (await provider.readAll()).agents.find((agent) => agent.providerUserId === member);
      expect(read?.teams).toEqual(['Team 0', `Team ${names.length - 1}`]);
    });

    test.each([
      { change: 'insert', nth: 1 },
      { change: 'insert', nth: 2 },
      { change: 'remove', nth: 1 },
      { change: 'remove', nth: 2 },
    ] as const)('misses nobody when the list moves ($change after page $nth)', async ({ change, nth }) => {
      await using harness = await start();
      const provider = harness.open();
      await harness.vendor.addAgents(2 * harness.pageSize + 10);
      const stayed = harness.vendor.agents().map(({ id }) => id);
      await harness.inject({ on: 'list-agents', nth, type: 'list-moves', change });

      const reading = await provider.readAll();

      expectFaults(harness, 1);
      const read = new Set(reading.agents.map(({ providerUserId }) => providerUserId));
      const present = harness.vendor.agents().map(({ id }) => id);
      expect(stayed.filter((id) => present.includes(id) && !read.has(id))).toEqual([]);
      expect(read.size).toBe(reading.agents.length);
      await expectTruth(harness, provider);
    });

    test('misses no team member when one goes and one comes between two pages', async () => {
      await using harness = await start();
      await harness.vendor.addAgents(2 * harness.pageSize);
      const [, first = '', ...others] = harness.vendor.agents().map(({ id }) => id);
      const slipped = others[harness.pageSize - 2] ?? '';
      await harness.vendor.addMember(slipped, harness.vendor.teams()[0] ?? '');
      // The total stays, and the first of page two slips onto page one, which has been read.
      const provider = harness.open({
        async beforeRequest(count) {
          if (count !== 2) return;
          await harness.vendor.removeAgent(first);
          await harness.vendor.invite('new@example.com');
        },
      });

      const reading = await provider.readAll();

      expect(reading.agents.map(({ providerUserId }) => providerUserId)).toContain(slipped);
      expect(harness.requests().filter(({ path }) => path.endsWith(slipped))).toHaveLength(1);
      await expectTruth(harness, provider);
    });

    test('gives up when the list never holds still', async () => {
      await using harness = await start();
      const provider = harness.open();
      await harness.vendor.addAgents(2 * harness.pageSize);
      await harness.inject({ on: 'list-agents', type: 'list-moves', change: 'remove' });

      await expectError(provider.readAll(), 'unavailable');

      expect(harness.requests().every((request) => request.isFaulted)).toBe(true);
      expect(harness.requests().length).toBeGreaterThan(0);
      await expectTruth(harness, provider);
    });

    test('reads on when a growing list is confirmed by a second look', async () => {
      await using harness = await start();
      const provider = harness.open();
      await harness.vendor.addAgents(2 * harness.pageSize);
      await harness.inject({ on: 'list-agents', type: 'list-moves', change: 'insert' });

      const reading = await provider.readAll();

      const firstSeen = harness.requests().length;
      expect(firstSeen).toBeGreaterThan(0);
      expect(reading.agents.length).toBeGreaterThan(2 * harness.pageSize);
      await expectTruth(harness, provider);
    });

    const lists: readonly VendorCall[] = ['list-agents', 'list-teams', 'list-numbers'];
    const defects: readonly PageDefect[] = [
      'truncated',
      'not-json',
      'missing-list',
      'null-list',
      'null-ids',
      'missing-meta',
      'empty-page',
      'short-page',
    ];
    test.each(lists.flatMap((on) => defects.map((defect) => ({ on, defect }))))(
      'is an error, never a shorter list: $defect in $on',
      async ({ on, defect }) => {
        await using harness = await start();
        const provider = harness.open();
        await harness.vendor.addAgents(harness.pageSize + 1);
        await harness.inject({ on, type: 'bad-page', defect });

        await expectError(provider.readAll(), 'contract');

        expect(harness.requests().some((request) => request.isFaulted)).toBe(true);
        await expectTruth(harness, provider);
      },
    );

    test.each(['empty-page', 'short-page'] as const)('looks again after one %s', async (defect) => {
      await using harness = await start();
      const provider = harness.open();
      await harness.vendor.addAgents(harness.pageSize + 1);
      await harness.inject({ on: 'list-agents', nth: 2, type: 'bad-page', defect });

      const reading = await provider.readAll();

      expectFaults(harness, 1);
      expect(reading.agents).toHaveLength(harness.vendor.agents().length);
      await expectTruth(harness, provider);
    });

    test('no answer leads the credential to another host', async () => {
      await using harness = await start();
      await using stranger = await startStranger();
      const provider = harness.open();
      await harness.vendor.addAgents(harness.pageSize + 1);
      await harness.inject({ on: 'list-agents', nth: 1, type: 'foreign-link', link: stranger.url });

      const reading = await provider.readAll();

      expectFaults(harness, 1);
      expect(reading.agents).toHaveLength(harness.vendor.agents().length);
      expect(stranger.visits()).toBe(0);
      await expectTruth(harness, provider);
    });
  });

  describe('reading some people', () => {
    test('answers those who exist, by id and by address, each once', async () => {
      await using harness = await start();
      const provider = harness.open();
      const [one = '', two = ''] = await harness.vendor.addAgents(3);
      const team = harness.vendor.teams()[0] ?? '';
      await harness.vendor.addMember(one, team);
      const twoEmail = harness.vendor.agents().find(({ id }) => id === two)?.email ?? '';

      const reading = await provider.readSubjects([
        { by: 'id', providerUserId: one },
        { by: 'email', email: twoEmail.toUpperCase() },
        { by: 'id', providerUserId: two },
        { by: 'id', providerUserId: '999999999' },
        { by: 'email', email: 'nobody@example.com' },
      ]);

      expect(reading.scope).toBe('subjects');
      const read = reading.agents.map(({ providerUserId, teams }) => ({ providerUserId, teams }));
      expect(read.toSorted((a, b) => Number(a.providerUserId) - Number(b.providerUserId))).toEqual([
        { providerUserId: one, teams: [team] },
        { providerUserId: two, teams: [] },
      ]);
      expect(reading.teams.map(({ name }) => name)).toEqual(harness.vendor.teams());
      await expectTruth(harness, provider);
    });

    test('costs a few requests for a few people and pages for many', async () => {
      await using harness = await start();
      const provider = harness.open();
      const ids = await harness.vendor.addAgents(4 * harness.pageSize);
      const byId = ids.map((providerUserId) => ({ by: 'id', providerUserId }) as const);

      const one = await provider.readSubjects(byId.slice(0, 1));
      const costOfOne = harness.requests().length;
      const many = await provider.readSubjects(byId);
      const costOfMany = harness.requests().length - costOfOne;

      expect(one.agents).toHaveLength(1);
      expect(many.agents).toHaveLength(ids.length);
      expect(costOfOne).toBe(3);
      expect(costOfMany).toBe(5 + 2);
      await expectTruth(harness, provider);
    });

    test('takes nobody for gone because of an answer it does not know', async () => {
      await using harness = await start();
      const provider = harness.open();
      const [providerUserId = ''] = await harness.vendor.addAgents(1);
      await harness.inject({ on: 'find-agent', type: 'error', status: 404, body: '<h1>Not Found</h1>' });

      await expectError(provider.readSubjects([{ by: 'id', providerUserId }]), 'contract');
      await expectError(provider.findAgent({ by: 'id', providerUserId }), 'contract');

      expectFaults(harness, 2);
      await expectTruth(harness, provider);
    });
  });

  test('finds a person by id and by address, and says when there is none', async () => {
    await using harness = await start();
    const provider = harness.open();
    const [providerUserId = ''] = await harness.vendor.addAgents(1);
    const email = harness.vendor.agents().find(({ id }) => id === providerUserId)?.email ?? '';

    const byId = await provider.findAgent({ by: 'id', providerUserId });
    const byEmail = await provider.findAgent({ by: 'email', email });

    expect(byId).toMatchObject({ providerUserId, email, numbers: null });
    expect(byEmail).toEqual(byId);
    expect(await provider.findAgent({ by: 'id', providerUserId: '999999999' })).toBeNull();
    expect(await provider.findAgent({ by: 'email', email: 'nobody@example.com' })).toBeNull();
    await expectTruth(harness, provider);
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
