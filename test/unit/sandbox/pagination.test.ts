import { describe, expect, test } from 'vitest';

import { openSandbox, START_MS } from './support.js';

async function withUsers(count: number) {
  const fixture = await openSandbox();
  await fixture.sandbox.dashboard.addUsers({ count });
  return fixture;
}

describe('pages', () => {
  test('are 20 long, counted from 1, and linked until the last', async () => {
    const { call, url } = await withUsers(44);

    const first = await call('GET', '/v2/users');
    expect(first.body.users).toHaveLength(20);
    expect(first.body.meta).toEqual({
      count: 20,
      total: 45,
      current_page: 1,
      per_page: 20,
      next_page_link: `${url}/v2/users?page=2&per_page=20`,
      previous_page_link: null,
    });

    const second = await call('GET', first.body.meta.next_page_link);
    const third = await call('GET', second.body.meta.next_page_link);
    expect(third.body.meta).toMatchObject({
      count: 5,
      next_page_link: null,
      previous_page_link: `${url}/v2/users?page=2&per_page=20`,
    });
    const ids = [first, second, third].flatMap(({ body }) =>
      body.users.map((user: { id: number }) => user.id),
    );
    expect(new Set(ids).size).toBe(45);
  });

  test.each(['0', '51', '-1', 'x', '1.5', ''])(
    'per_page=%s is 400 in the application form',
    async (perPage) => {
      const { call } = await openSandbox();

      const { status, body } = await call('GET', `/v2/users?per_page=${perPage}`);

      expect([status, Object.keys(body)]).toEqual([400, ['error', 'troubleshoot']]);
    },
  );

  test('per_page reaches from 1 to 50', async () => {
    const { call } = await withUsers(60);

    expect((await call('GET', '/v2/users?per_page=50')).body.users).toHaveLength(50);
    expect((await call('GET', '/v2/users?per_page=1')).body.users).toHaveLength(1);
  });

  test('a page beyond the end is empty and ends the listing', async () => {
    const { call } = await openSandbox();

    const { status, body } = await call('GET', '/v2/users?page=9');

    expect([status, body.users, body.meta.next_page_link]).toEqual([200, [], null]);
  });

  test('an exactly full last page has no next link', async () => {
    const { call } = await withUsers(19);

    expect((await call('GET', '/v2/users')).body.meta).toMatchObject({ count: 20, next_page_link: null });
  });

  test('links keep the rest of the query', async () => {
    const { call } = await withUsers(5);

    const { body } = await call('GET', '/v2/users?per_page=2&order=desc');

    expect(body.meta.next_page_link).toContain('order=desc');
  });
});

describe('order and time', () => {
  test('desc starts with the newest and covers the same rows', async () => {
    const { call } = await withUsers(4);
    const idsOf = async (query: string): Promise<number[]> =>
      (await call('GET', `/v2/users?${query}`)).body.users.map((user: { id: number }) => user.id);

    const ascending = await idsOf('per_page=50');
    const pages = [await idsOf('per_page=3&order=desc'), await idsOf('per_page=3&order=desc&page=2')];

    expect(pages.flat()).toEqual(ascending.toReversed());
    expect(await call('GET', '/v2/users?order=sideways')).toMatchObject({ status: 400 });
  });

  test('teams take an order but no time window', async () => {
    const { call } = await openSandbox();

    const { body } = await call('GET', '/v1/teams?order=desc&from=9999999999');

    expect(body.teams.map((team: { name: string }) => team.name)).toEqual(['Sales', 'Support']);
  });

  test('from and to are seconds and inclusive', async () => {
    const { call, sandbox, createUser } = await openSandbox();
    await sandbox.dashboard.advanceClock({ ms: 10_000 });
    await createUser('ada@example.com');
    const second = START_MS / 1000;
    const total = async (query: string): Promise<number> =>
      (await call('GET', `/v2/users?${query}`)).body.meta.total;

    expect(await total(`to=${second}`)).toBe(1);
    expect(await total(`from=${second + 10}`)).toBe(1);
    expect(await total(`from=${second}&to=${second + 10}`)).toBe(2);
    expect(await total(`from=${second + 11}`)).toBe(0);
    expect(await call('GET', '/v2/users?from=yesterday')).toMatchObject({ status: 400 });
  });
});
