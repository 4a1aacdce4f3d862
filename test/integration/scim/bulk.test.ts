import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startScim, type Json, type ScimClient, type ScimFixture } from '../../support/scim.js';

const schemas = ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'];

let fixture: ScimFixture;
let client: ScimClient;
let counter = 0;

beforeAll(async () => {
  fixture = await startScim();
});
afterAll(() => fixture.close());
beforeEach(async () => {
  counter += 1;
  client = await fixture.addClient(`bulk-${String(counter)}`);
});

async function bulk(operations: readonly unknown[], more: object = {}): Promise<Json[]> {
  const answer = await client.post('/Bulk', { schemas, Operations: operations, ...more });
  expect(answer.status).toBe(200);
  expect(answer.json.schemas).toEqual(['urn:ietf:params:scim:api:messages:2.0:BulkResponse']);
  return answer.json.Operations as Json[];
}
const create = (bulkId: string, data: object, path = '/Users') => ({ method: 'POST', path, bulkId, data });
const statuses = (results: readonly Json[]) => results.map((result) => result.status as string);

test('a group may name people that the same request creates, before or after it', async () => {
  const results = await bulk([
    create(
      'group',
      { displayName: 'Sales', members: [{ value: 'bulkId:ada' }, { value: 'bulkId:bob' }] },
      '/Groups',
    ),
    create('ada', { userName: 'ada@example.test' }),
    create('bob', { userName: 'bob@example.test' }),
  ]);
  expect(statuses(results)).toEqual(['201', '201', '201']);
  expect(results.map((result) => result.bulkId)).toEqual(['group', 'ada', 'bob']);
  const group = await client.get(new URL(results[0].location).pathname.replace('/scim/v2', ''));
  const ids = results.slice(1).map((result) => (result.location as string).split('/').at(-1));
  expect(group.json.members.map((member: Json) => member.value).sort()).toEqual(ids.sort());
});

test('every method works, by id and by bulkId in the path, and tells the version', async () => {
  const id = await client.addUser('ada@example.test');
  const gone = await client.addUser('gone@example.test');
  const results = await bulk([
    { method: 'PUT', path: `/Users/${id}`, data: { userName: 'ada@example.test', title: 'x' } },
    {
      method: 'patch',
      path: `/Users/${id}`,
      version: 'W/"2"',
      data: { Operations: [{ op: 'remove', path: 'title' }] },
    },
    { method: 'DELETE', path: `/Users/${gone}` },
    create('new', { userName: 'new@example.test' }),
    {
      method: 'PATCH',
      path: '/Users/bulkId:new',
      data: { Operations: [{ op: 'add', path: 'title', value: 'y' }] },
    },
  ]);
  expect(statuses(results)).toEqual(['200', '200', '204', '201', '200']);
  expect(results.map((result) => result.version as string | undefined)).toEqual([
    'W/"2"',
    'W/"3"',
    undefined,
    'W/"1"',
    'W/"2"',
  ]);
  expect(results[0].location).toBe(`${client.baseUrl}/Users/${id}`);
  expect((await client.get(`/Users/${gone}`)).status).toBe(404);
});

test('an error is told with its operation and ends nothing by itself', async () => {
  await client.addUser('taken@example.test');
  const results = await bulk([
    create('a', { userName: 'taken@example.test' }),
    { method: 'GET', path: '/Users' },
    { method: 'PUT', path: '/Users/x', version: 'W/"1"', data: {} },
    create('b', { userName: 'b@example.test' }),
    create('c', { displayName: 'Sales', members: ['bulkId:a'] }, '/Groups'),
    create('d', { displayName: 'Sales', members: ['bulkId:nobody'] }, '/Groups'),
  ]);
  expect(statuses(results)).toEqual(['409', '400', '404', '201', '412', '400']);
  expect(results[0].response).toMatchObject({ status: '409', scimType: 'uniqueness' });
  expect(results[0]).not.toHaveProperty('location');
});

test('failOnErrors ends the run', async () => {
  const results = await bulk(
    [
      create('a', {}),
      create('b', { userName: 'b@example.test' }),
      create('c', {}),
      create('d', { userName: 'd@example.test' }),
    ],
    { failOnErrors: 2 },
  );
  expect(statuses(results)).toEqual(['400', '201', '400']);
  expect((await client.get('/Users')).json.totalResults).toBe(1);
});

test('operations that wait for each other are 409, the others go on', async () => {
  const manager = (bulkId: string) => ({
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { manager: { value: `bulkId:${bulkId}` } },
  });
  const results = await bulk([
    create('a', { userName: 'a@example.test', ...manager('b') }),
    create('b', { userName: 'b@example.test', ...manager('a') }),
    create('c', { userName: 'c@example.test' }),
    create('d', { userName: 'd@example.test', ...manager('a') }),
  ]);
  expect(statuses(results)).toEqual(['409', '409', '201', '412']);
  expect((await client.get('/Users')).json.totalResults).toBe(1);
});

test.each([
  ['no operations', {}],
  ['another schema', { schemas: ['x'], Operations: [] }],
  ['a limit that is none', { Operations: [], failOnErrors: -1 }],
])('%s is refused', async (_name, body) => {
  expect(await client.post('/Bulk', body)).toMatchObject({
    status: 400,
    json: { scimType: 'invalidSyntax' },
  });
});

test('hundreds of operations that all refer to one another are answered', async () => {
  const ids = Array.from({ length: 300 }, (_, index) => `b${String(index)}`);
  const members = ids.map((id) => ({ value: `bulkId:${id}` }));
  const results = await bulk(ids.map((id) => create(id, { displayName: id, members }, '/Groups')));
  expect(new Set(statuses(results))).toEqual(new Set(['409']));
});
