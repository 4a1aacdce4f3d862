import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isAppError } from '../../../../src/domain/errors.js';
import type { HttpRequest } from '../../../../src/providers/port.js';
import { scripted } from './scripted.js';

interface Item {
  readonly id: number;
}

function page(key: string, items: readonly Item[], request: HttpRequest) {
  const { searchParams } = new URL(request.url);
  const number = Number(searchParams.get('page'));
  const perPage = Number(searchParams.get('per_page'));
  const shown = items.slice((number - 1) * perPage, number * perPage);
  const meta = { count: shown.length, total: items.length, current_page: number, per_page: perPage };
  return { [key]: shown, meta };
}

function person(id: number) {
  return { id, email: `person${id}@example.com`, name: `Person ${id}` };
}

/** A company of people only; `users` answers their list. */
function company(users: (request: HttpRequest) => object) {
  return scripted((request) => {
    const { pathname } = new URL(request.url);
    if (pathname === '/v2/users') return users(request);
    if (pathname === '/v1/company') return { company: { name: 'Acme', users_count: 3 } };
    return page(pathname.slice('/v1/'.length), [], request);
  });
}

test('an empty list is not believed while the company has users', async () => {
  const { provider, sent } = company((request) => page('users', [], request));

  await expect(provider.readAll()).rejects.toMatchObject({ kind: 'contract' });

  expect(sent.map(({ url }) => new URL(url).pathname)).toEqual(['/v2/users', '/v1/company']);
});

test('one malformed person spoils the list', async () => {
  for (const bad of [
    { id: 2, name: 'No address' },
    { id: 2, email: 'nobody', name: 'Not an address' },
    { id: 2, email: 'x@example.com', name: null },
    { id: 2.5, email: 'x@example.com', name: 'Half' },
    { email: 'x@example.com', name: 'No id' },
    null,
  ]) {
    const { provider } = company((request) => page('users', [person(1), bad as Item, person(3)], request));

    await expect(provider.readAll()).rejects.toMatchObject({ kind: 'contract' });
  }
});

test('pages that repeat what was shown are not taken for new people', async () => {
  const people = Array.from({ length: 100 }, (_, index) => person(index + 1));
  const { provider } = company((request) => {
    const answer = page('users', people, request);
    const firstPage = people.slice(0, 50);
    return { ...answer, users: firstPage };
  });

  await expect(provider.readAll()).rejects.toMatchObject({ kind: 'unavailable' });
});

test('a vendor that shows fewer a page than asked for is followed', async () => {
  const people = Array.from({ length: 45 }, (_, index) => person(index + 1));
  const { provider } = company((request) => {
    const number = Number(new URL(request.url).searchParams.get('page'));
    const meta = { total: 45, current_page: number, per_page: 20 };
    return { users: people.slice((number - 1) * 20, number * 20), meta };
  });

  expect((await provider.readAll()).agents).toHaveLength(45);
});

/** Before each request for a page: ids that go, and how many come. */
type Moves = readonly { readonly gone?: readonly number[]; readonly come?: number }[];

async function readWhile(moves: Moves) {
  let people = Array.from({ length: 100 }, (_, index) => person(index + 1));
  let nextId = 10_000;
  const script = [...moves];
  const { provider, sent } = company((request) => {
    const { gone = [], come = 0 } = script.shift() ?? {};
    people = people.filter(({ id }) => !gone.includes(id));
    people = [...people, ...Array.from({ length: come }, () => person(nextId++))];
    return page('users', people, request);
  });
  const reading = await provider.readAll();
  const pages = sent.filter(({ url }) => url.includes('/v2/users?'));
  return { ids: reading.agents.map(idOf), pages };
}

test('a removal that hides behind newcomers costs a second look and nobody', async () => {
  const { ids, pages } = await readWhile([{}, { gone: [1], come: 2 }]);

  // Person 51 slipped onto page one, which had been read.
  expect(ids).toContain('51');
  expect(ids).not.toContain('1');
  expect(pages).toHaveLength(3 + 3);
});

test('of two looks at a growing list the first has to be in the second', async () => {
  const growing = { come: 1 };
  const { ids } = await readWhile([
    ...[{}, { gone: [1], come: 2 }, {}],
    ...[{ come: 1 }, { gone: [2], come: 2 }, {}],
    ...[{}, growing, {}],
    ...[{}, growing, {}],
  ]);

  expect(ids).toContain('51');
  expect(ids).toContain('52');
  expect(ids).not.toContain('2');
});

test('a team without its members is an error, not an empty team', async () => {
  const { provider } = scripted((request) => {
    const { pathname } = new URL(request.url);
    if (pathname === '/v2/users') return page('users', [person(1)], request);
    if (pathname === '/v1/teams') return page('teams', [{ id: 3, name: 'Sales' } as Item], request);
    return page('numbers', [], request);
  });

  await expect(provider.readAll()).rejects.toMatchObject({ kind: 'contract' });
});

test('a number without its users is an error, not "nobody"', async () => {
  const { provider } = scripted((request) => {
    const { pathname } = new URL(request.url);
    if (pathname === '/v2/users') return page('users', [person(1)], request);
    if (pathname === '/v1/teams') return page('teams', [], request);
    const number = { id: 5, digits: '+33 1', name: 'Main' };
    return pathname === '/v1/numbers' ? page('numbers', [number], request) : { number };
  });

  await expect(provider.readAll()).rejects.toMatchObject({ kind: 'contract' });
});

/** What happens to the list before each request for a page. */
const step = fc.record({ remove: fc.option(fc.nat({ max: 400 })), append: fc.nat({ max: 3 }) });

test.each([
  ['go', { remove: true, append: false }],
  ['come', { remove: false, append: true }],
] as const)('whoever stays is read, or nothing is, while others %s', async (_name, moves) => {
  let finished = 0;
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 260 }), fc.array(step, { maxLength: 12 }), async (size, steps) => {
      let people = Array.from({ length: size + 1 }, (_, index) => person(index + 1));
      let nextId = 10_000;
      const script = [...steps];
      const { provider } = company((request) => {
        const { remove = null, append = 0 } = script.shift() ?? {};
        if (moves.remove && remove !== null && people.length > 1) people = people.toSpliced(remove, 1);
        if (moves.append) people = [...people, ...Array.from({ length: append }, () => person(nextId++))];
        return page('users', people, request);
      });
      const before = people;

      const reading = await provider.readAll().catch((error: unknown) => error);

      if (isAppError(reading, 'unavailable')) return;
      if (reading instanceof Error) throw reading;
      finished += 1;
      const read = new Set((reading as { agents: { providerUserId: string }[] }).agents.map(idOf));
      const stayed = before.filter(({ id }) => people.some((other) => other.id === id));
      expect(stayed.filter(({ id }) => !read.has(String(id)))).toEqual([]);
    }),
    { numRuns: 200 },
  );
  expect(finished).toBeGreaterThan(20);
});

function idOf(agent: { readonly providerUserId: string }): string {
  return agent.providerUserId;
}

test('a reading tells after every page how far it is', async () => {
  const people = Array.from({ length: 120 }, (_, index) => person(index + 1));
  const { provider } = company((request) => page('users', people, request));
  const told: string[] = [];

  await provider.readAll(({ what, done, total }) => told.push(`${what} ${done}/${total}`));

  expect(told).toEqual(['users 50/120', 'users 100/120', 'users 120/120', 'teams 0/0', 'phone numbers 0/0']);
});
