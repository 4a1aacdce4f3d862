import { afterAll, beforeAll, expect, test } from 'vitest';
import { AppError } from '../../../src/domain/errors.js';
import { TOKEN_CACHE_MS } from '../../../src/directory/access.js';
import { makeUserDirectory } from '../../../src/directory/users.js';
import { openDatabase } from '../../../src/store/database.js';
import { makeDirectoryStore } from '../../../src/store/directory/store.js';
import { serveScim, startScim, type ScimClient, type ScimFixture } from '../../support/scim.js';

const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';

let fixture: ScimFixture;
let client: ScimClient;
let id: string;

beforeAll(async () => {
  fixture = await startScim();
  client = await fixture.addClient('unavailable');
  id = await client.addUser('ada@example.test');
});
afterAll(() => fixture.close());

const asks = (from: ScimClient) => [
  from.get(`/Users/${id}`),
  from.get('/Users'),
  from.post('/Users', { userName: 'new@example.test' }),
  from.patch(`/Users/${id}`, [{ op: 'replace', path: 'active', value: false }]),
  from.delete(`/Users/${id}`),
];

/** A server whose pool is closed: what a database that went away looks like to every query. */
async function withLostDatabase(work: (lost: ScimClient) => Promise<void>): Promise<void> {
  const database = await openDatabase({ url: fixture.testDatabase.url, poolMax: 2, log: fixture.log });
  const store = makeDirectoryStore(database);
  const users = makeUserDirectory({ ...fixture, store, onDirectoryChange: () => undefined });
  const server = await serveScim({ ...fixture, database, users });
  try {
    const lost = fixture.clientFor(client.tenantId, client.token, server.baseUrl);
    expect((await lost.get(`/Users/${id}`)).status).toBe(200);
    database.pool.options.port = 1;
    database.pool.options.connectionString = 'postgres://nobody@127.0.0.1:1/nothing';
    await fixture.testDatabase.disconnectAll();
    await work(lost);
  } finally {
    await server.stop();
    await database.close();
  }
}

test('a lost database is 503 with Retry-After for every request, never 401 or 404', async () => {
  await withLostDatabase(async (lost) => {
    for (const answer of await Promise.all(asks(lost))) {
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
      expect(answer.json).toMatchObject({ schemas: [ERROR], status: '503' });
    }
    // The token has to be looked up again: that fails too, and is not the token's fault.
    fixture.clock.advance(TOKEN_CACHE_MS);
    for (const answer of await Promise.all(asks(lost))) expect(answer.status).toBe(503);
  });
  expect((await client.get(`/Users/${id}`)).json.active).toBe(true);
});

test('an error that nobody foresaw is 500 with a generic text', async () => {
  const failing = {
    ...fixture.users,
    read: () => Promise.reject(new Error('relation "scim_users" does not exist')),
    listEverybody: () => Promise.reject(new TypeError('Cannot read properties of undefined')),
    remove: () => Promise.reject(new AppError('bug', 'internal detail')),
  };
  const server = await serveScim({ ...fixture, users: failing });
  try {
    const moved = fixture.clientFor(client.tenantId, client.token, server.baseUrl);
    for (const answer of [
      await moved.get(`/Users/${id}`),
      await moved.get('/Users'),
      await moved.delete(`/Users/${id}`),
    ]) {
      expect(answer.status).toBe(500);
      expect(answer.json).toMatchObject({ schemas: [ERROR], status: '500' });
      expect(answer.text).not.toMatch(/scim_users|undefined|internal/);
    }
  } finally {
    await server.stop();
  }
});
