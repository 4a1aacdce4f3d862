import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TOKEN_CACHE_MS } from '../../../src/directory/access.js';
import { serveScim, startScim, type ScimClient, type ScimFixture } from '../../support/scim.js';

const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';

let fixture: ScimFixture;
let client: ScimClient;

beforeAll(async () => {
  fixture = await startScim({
    limits: { bodyBytes: 20_000, largeBodyBytes: 40_000, operations: 5, members: 10 },
  });
  client = await fixture.addClient('edge');
});
afterAll(() => fixture.close());

const wait = async (isDone: () => Promise<boolean>) => {
  const deadline = performance.now() + 300_000;
  while (!(await isDone())) {
    if (performance.now() > deadline) throw new Error('It did not happen in time.');
    await pause(10);
  }
};

describe('tokens', () => {
  test.each([
    ['none', undefined],
    ['nonsense', 'Bearer nonsense'],
    ['another scheme', 'Basic YTpi'],
    ['an unknown one', 'Bearer pbk_scim_000000000000000000000000000000000000'],
  ])('%s: 401 with the scheme to use', async (_name, authorization) => {
    const response = await fetch(
      `${client.baseUrl}/Users`,
      authorization === undefined ? {} : { headers: { authorization } },
    );
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer /);
    expect(await response.json()).toMatchObject({ schemas: [ERROR], status: '401' });
  });

  test.each([['Bearer '], ['bearer '], ['BEARER  '], ['']])('are taken behind "%s"', async (scheme) => {
    expect((await client.get('/Users', { Authorization: scheme + client.token })).status).toBe(200);
  });

  test('two are valid at a time', async () => {
    const second = await fixture.addToken(client.tenantId);
    expect((await fixture.clientFor(client.tenantId, second.token).get('/Users')).status).toBe(200);
    expect((await client.get('/Users')).status).toBe(200);
  });

  test('end when they expire', async () => {
    const expiresAt = new Date(fixture.clock.now().getTime() + 5_000);
    const { token } = await fixture.addToken(client.tenantId, { expiresAt });
    const other = fixture.clientFor(client.tenantId, token);
    expect((await other.get('/Users')).status).toBe(200);
    fixture.clock.advance(5_000);
    expect((await other.get('/Users')).status).toBe(401);
  });

  test('end within ten seconds of being revoked', async () => {
    const { token, tokenId } = await fixture.addToken(client.tenantId);
    const other = fixture.clientFor(client.tenantId, token);
    expect((await other.get('/Users')).status).toBe(200);
    await fixture.database
      .forTenant(client.tenantId)
      .updateTable('api_tokens')
      .set({ revoked_at: new Date() })
      .where('id', '=', tokenId)
      .execute();
    fixture.clock.advance(TOKEN_CACHE_MS);
    expect((await other.get('/Users')).status).toBe(401);
  });

  test('note when they were last used', async () => {
    const { token, tokenId } = await fixture.addToken(client.tenantId);
    await fixture.clientFor(client.tenantId, token).get('/Users');
    await wait(async () => {
      const row = await fixture.database
        .forTenant(client.tenantId)
        .selectFrom('api_tokens')
        .select('last_used_at')
        .where('id', '=', tokenId)
        .executeTakeFirstOrThrow();
      return row.last_used_at !== null;
    });
  });
});

describe('bounds', () => {
  test.each([
    ['the body of a user', '/Users', { userName: 'x', title: 'x'.repeat(30_000) }],
    ['the body of a group', '/Groups', { displayName: 'x', externalId: 'x'.repeat(50_000) }],
    [
      'the members of a group',
      '/Groups',
      { displayName: 'x', members: Array.from({ length: 11 }, (_, index) => String(index)) },
    ],
    ['operations of a bulk request', '/Bulk', { Operations: Array.from({ length: 6 }, () => ({})) }],
  ])('%s: 413', async (_name, path, body) => {
    const answer = await client.post(path, body);
    expect(answer.status).toBe(413);
    expect(answer.json).toMatchObject({ schemas: [ERROR], status: '413' });
  });

  test('operations of a patch: 413', async () => {
    const id = await client.addUser('bounds@example.test');
    const operations = Array.from({ length: 6 }, () => ({ op: 'replace', path: 'title', value: 'x' }));
    expect((await client.patch(`/Users/${id}`, operations)).status).toBe(413);
  });

  test.each([
    ['long', `title eq "${'x'.repeat(5_000)}"`],
    ['deep', `${'('.repeat(50)}title pr${')'.repeat(50)}`],
    ['wide', Array.from({ length: 300 }, () => 'title pr').join(' or ')],
  ])('too %s a filter: 400', async (_name, filter) => {
    const answer = await client.post('/Users/.search', { filter });
    expect(answer).toMatchObject({ status: 400, json: { scimType: 'invalidFilter' } });
  });

  test('a body that is nested very deeply does no harm', async () => {
    const deep = `${'[{"a":'.repeat(3_000)}1${'}]'.repeat(3_000)}`;
    for (const [method, path, body] of [
      ['POST', '/Users', `{"userName":"deep@example.test","emails":${deep}}`],
      ['POST', '/Bulk', `{"Operations":[{"method":"POST","path":"/Users","bulkId":"b","data":${deep}}]}`],
    ] as const) {
      const answer = await client.request(method, path, body);
      expect(answer.status).toBeLessThan(500);
    }
  });

  test('too many requests: 429 with whole seconds, other tenants are not held back', async () => {
    const server = await serveScim(fixture, { limits: { requestsPerMinute: 30 } });
    try {
      const fast = { ...client, url: `${server.baseUrl}/Users` };
      const statuses: number[] = [];
      for (let index = 0; index < 7; index += 1) {
        const response = await fetch(fast.url, { headers: { authorization: client.token } });
        statuses.push(response.status);
        if (response.status === 429) expect(response.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
      }
      expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
      const other = await fixture.addClient('patient');
      expect((await fetch(fast.url, { headers: { authorization: other.token } })).status).toBe(200);
    } finally {
      await server.stop();
    }
  });
});

describe('addresses', () => {
  test.each([
    ['GET', '/Me', 501],
    ['POST', '/Me', 501],
    ['PATCH', '/Me/x', 501],
    ['GET', '/Nothing', 404],
    ['GET', '/Users/not-an-id', 404],
    ['GET', '/Users/%22%20or%20id%20pr', 404],
    ['DELETE', '/Groups/019AB000-0000-7000-8000-000000000000', 404],
    ['GET', '/Schemas/urn:x', 404],
    ['GET', '/Schemas?filter=id%20pr', 403],
    ['GET', '/ResourceTypes?filter=id%20pr', 403],
  ])('%s %s is %i', async (method, path, status) => {
    const answer = await client.request(method, path);
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({ schemas: [ERROR], status: String(status) });
  });

  test('two slashes are one', async () => {
    expect((await client.get('//Users')).status).toBe(200);
  });

  test('locations are what clients call the server', async () => {
    const server = await serveScim(fixture, { baseUrl: 'https://scim.example.test/scim/v2' });
    try {
      const response = await fetch(`${server.baseUrl}/ServiceProviderConfig`, {
        headers: { authorization: client.token },
      });
      expect(await response.json()).toMatchObject({
        meta: { location: 'https://scim.example.test/scim/v2/ServiceProviderConfig' },
      });
    } finally {
      await server.stop();
    }
  });

  test.each([
    ['a list', 'GET', '/Users', 200],
    ['a refusal', 'POST', '/Users', 400],
    ['a resource that is not there', 'GET', '/Users/019a0000-0000-7000-8000-000000000000', 404],
    ['an endpoint that is not there', 'GET', '/Nothing', 404],
    ['what is deleted twice', 'DELETE', '/Groups/019a0000-0000-7000-8000-000000000000', 404],
  ])('%s has the security headers of data', async (_name, method, path, status) => {
    const answer = await client.request(method, path, method === 'POST' ? {} : undefined);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('strict-transport-security')).toMatch(/max-age=\d+/);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test('nothing says which software answers', async () => {
    expect((await client.get('/Users')).headers.has('x-powered-by')).toBe(false);
  });
});

describe('discovery', () => {
  test('describes what is served', async () => {
    const config = await client.get('/ServiceProviderConfig');
    expect(config.json).toMatchObject({
      patch: { supported: true },
      bulk: { supported: true, maxOperations: 5, maxPayloadSize: 40_000 },
      filter: { supported: true },
      sort: { supported: true },
      etag: { supported: true },
      changePassword: { supported: false },
      pagination: { cursor: true, index: true, defaultPaginationMethod: 'index' },
      authenticationSchemes: [{ type: 'oauthbearertoken', primary: true }],
    });
    const types = await client.get('/ResourceTypes');
    expect(types.json).toMatchObject({
      totalResults: 4,
      Resources: [
        { id: 'User', endpoint: '/Users' },
        { id: 'Group', endpoint: '/Groups' },
        { id: 'Role', endpoint: '/Roles' },
        { id: 'Entitlement', endpoint: '/Entitlements' },
      ],
    });
    expect((await client.get('/ResourceTypes/User')).json).toEqual(types.json.Resources[0]);
  });

  test('lists every schema that a resource may carry, without nulls', async () => {
    const schemas = await client.get('/Schemas');
    expect(schemas.text).not.toContain('null');
    const listed = schemas.json.Resources.map((schema: { id: string }) => schema.id);
    const types = await client.get('/ResourceTypes');
    for (const type of types.json.Resources) {
      expect(listed).toContain(type.schema);
      for (const extension of type.schemaExtensions) expect(listed).toContain(extension.schema);
    }
    for (const schema of schemas.json.Resources) {
      expect((await client.get(`/Schemas/${schema.id as string}`)).json).toEqual(schema);
    }
  });

  test('has every attribute that Entra maps by default', async () => {
    const schemas = (await client.get('/Schemas')).json.Resources as {
      id: string;
      attributes: { name: string; subAttributes?: { name: string }[] }[];
    }[];
    const names = new Set(
      schemas.flatMap(({ attributes }) =>
        attributes.flatMap(({ name, subAttributes = [] }) => [
          name,
          ...subAttributes.map((sub) => `${name}.${sub.name}`),
        ]),
      ),
    );
    for (const name of [
      'userName',
      'active',
      'displayName',
      'title',
      'emails.type',
      'emails.value',
      'preferredLanguage',
      'name.givenName',
      'name.familyName',
      'name.formatted',
      'addresses.formatted',
      'phoneNumbers.value',
      'roles.primary',
      'roles.value',
      'employeeNumber',
      'department',
      'manager',
      'members',
      'members.value',
    ]) {
      expect(names).toContain(name);
    }
  });
});
