import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startScim, type ScimClient, type ScimFixture } from '../../support/scim.js';

const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';
const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';
const headers = {
  'User-Agent': 'OKTA SCIM Integration',
  Accept: 'application/scim+json',
  'Accept-Charset': 'utf-8',
};

let fixture: ScimFixture;
let client: ScimClient;

beforeAll(async () => {
  fixture = await startScim();
  client = await fixture.addClient('okta');
  await client.addUser('first@example.test', {
    name: { givenName: 'First', familyName: 'Person' },
    emails: [{ value: 'first@example.test', type: 'work', primary: true }],
  });
});
afterAll(() => fixture.close());

/** The twelve requests of Okta's SPEC test (interop.md 1.4), with its header mode: the bare token. */
describe('the SPEC test of Okta', () => {
  const get = (path: string) => client.get(path, { ...headers, Authorization: client.token });
  const random = 'runscope42@example.test';
  const body = {
    schemas: [CORE],
    userName: random,
    name: { givenName: 'Runscope', familyName: 'Tester' },
    emails: [{ primary: true, value: random, type: 'work' }],
    displayName: 'Runscope Tester',
    active: true,
  };

  test('1, 2: one user is there, with every required attribute', async () => {
    const list = await get('/Users?count=1&startIndex=1');
    expect(list.status).toBe(200);
    expect(list.headers.get('content-type')).toBe('application/scim+json; charset=utf-8');
    expect(list.json.schemas).toContain(LIST);
    expect(list.json).toMatchObject({ itemsPerPage: 1, startIndex: 1, totalResults: 1 });
    const [first] = list.json.Resources;
    const single = await get(`/Users/${first.id as string}`);
    for (const user of [first, single.json]) {
      expect(user).toMatchObject({
        id: expect.stringMatching(/.+/),
        userName: 'first@example.test',
        active: true,
        name: { givenName: 'First', familyName: 'Person' },
        emails: [{ value: 'first@example.test' }],
      });
    }
    expect(single.json.id).toBe(first.id);
  });

  test('3, 5: nobody of an unknown name, as an empty list', async () => {
    const answer = await get(`/Users?filter=${encodeURIComponent('userName eq "nobody@example.test"')}`);
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ schemas: [LIST], totalResults: 0 });
  });

  test('4, 12: an unknown id is 404 with an explanation', async () => {
    for (const id of ['00919288221112222', '019ab000-0000-7000-8000-000000000000']) {
      const answer = await get(`/Users/${id}`);
      expect(answer.status).toBe(404);
      expect(answer.json).toMatchObject({
        schemas: [ERROR],
        status: '404',
        detail: expect.stringMatching(/.+/),
      });
    }
  });

  test('6, 7, 8, 9: created once, found in any case, refused the second time', async () => {
    const contentType = { ...headers, Authorization: client.token, 'Content-Type': 'application/json' };
    const created = await client.post('/Users', body, contentType);
    expect(created.status).toBe(201);
    expect(created.json).toMatchObject({ active: true, userName: random, name: body.name, schemas: [CORE] });
    expect(created.headers.get('location')).toBe(created.json.meta.location);
    expect(created.json.meta.location).toBe(`${client.baseUrl}/Users/${created.json.id as string}`);
    const read = await get(`/Users/${created.json.id as string}`);
    expect(read.json).toMatchObject({ userName: random, name: body.name });
    const again = await client.post('/Users', body, contentType);
    expect(again.status).toBe(409);
    expect(again.json).toMatchObject({ schemas: [ERROR], status: '409', scimType: 'uniqueness' });
    const upper = await get(`/Users?filter=${encodeURIComponent(`userName eq "${random.toUpperCase()}"`)}`);
    expect(upper.json).toMatchObject({ totalResults: 1, Resources: [{ userName: random }] });
  });

  test('10: groups are a list', async () => {
    const answer = await get('/Groups');
    expect(answer.status).toBe(200);
    expect(answer.json.Resources).toEqual([]);
  });

  test('11: a wrong token is 401 with an explanation', async () => {
    const answer = await client.get('/Users?filter=userName%20eq%20%22x%22', { Authorization: 'non-token' });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /);
    expect(answer.json).toMatchObject({
      schemas: [ERROR],
      status: '401',
      detail: expect.stringMatching(/.+/),
    });
  });
});
