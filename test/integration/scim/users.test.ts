import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readMarks } from '../../support/directory.js';
import { startScim, type ScimClient, type ScimFixture } from '../../support/scim.js';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';

let fixture: ScimFixture;
let client: ScimClient;
let counter = 0;

beforeAll(async () => {
  fixture = await startScim();
});
afterAll(() => fixture.close());
beforeEach(async () => {
  counter += 1;
  client = await fixture.addClient(`users-${String(counter)}`);
});

const jane = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', ENTERPRISE],
  userName: 'jane@example.test',
  externalId: '00uabc123',
  name: { givenName: 'Jane', familyName: 'Doe' },
  emails: [{ value: 'jane@example.test', type: 'work', primary: true }],
  password: 'xxxxxxxx',
  [ENTERPRISE]: { department: 'Support' },
};

async function storedPasswords(): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from scim_users
    where resource::text || wire like '%xxxxxxxx%'`.execute(fixture.database.forTenant(client.tenantId));
  return rows[0]?.count ?? -1;
}

describe('create', () => {
  test('answers 201 with the whole user, Location and ETag', async () => {
    const answer = await client.post('/Users', jane);
    expect(answer.status).toBe(201);
    const { password: _password, ...rest } = jane;
    expect(answer.json).toMatchObject({ ...rest, active: true, groups: [] });
    expect(answer.json.meta.lastModified).toBe(answer.json.meta.created);
    expect(answer.headers.get('location')).toBe(answer.json.meta.location);
    expect(answer.headers.get('etag')).toBe(answer.json.meta.version);
    expect((await client.get(`/Users/${answer.json.id as string}`)).json).toEqual(answer.json);
  });

  test('never keeps or returns a password', async () => {
    const created = await client.post('/Users', jane);
    await client.patch(`/Users/${created.json.id as string}`, [
      { op: 'replace', value: { password: 'xxxxxxxx' } },
    ]);
    expect(created.text).not.toContain('password');
    expect(await storedPasswords()).toBe(0);
  });

  test("does not take the client's id or meta", async () => {
    const id = '019ab000-0000-7000-8000-000000000000';
    const answer = await client.post('/Users', { ...jane, id, meta: { version: 'W/"99"' } });
    expect(answer.json.id).not.toBe(id);
    expect(answer.json.meta.version).toBe('W/"1"');
  });

  test.each([
    ['no userName', { name: jane.name }, 'invalidValue'],
    ['an empty userName', { userName: ' ' }, 'invalidValue'],
    ['a list', [], 'invalidSyntax'],
    ['malformed JSON', '{"userName":', 'invalidSyntax'],
    ['a bare number', '42', 'invalidSyntax'],
    ['no body', undefined, 'invalidSyntax'],
  ])('refuses %s with 400', async (_name, body, scimType) => {
    const answer = await client.request('POST', '/Users', body);
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ schemas: [ERROR], status: '400', scimType });
    expect((await client.get('/Users')).json.totalResults).toBe(0);
  });

  test('refuses a userName that no index could hold', async () => {
    const answer = await client.post('/Users', { userName: 'x'.repeat(5_000) });
    expect(answer.status).toBe(400);
  });

  test('of two creates at once, one is 201 and one is 409', async () => {
    const answers = await Promise.all([
      client.post('/Users', jane),
      client.post('/Users', { ...jane, userName: 'JANE@example.test' }),
    ]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409]);
    expect(answers.find((answer) => answer.status === 409)?.json).toMatchObject({
      scimType: 'uniqueness',
      status: '409',
    });
  });

  test('the same userName may be used in another tenant', async () => {
    await client.post('/Users', jane);
    const other = await fixture.addClient(`other-${String(counter)}`);
    expect((await other.post('/Users', jane)).status).toBe(201);
  });
});

describe('replace', () => {
  test('with everything that GET returned changes nothing', async () => {
    const id = (await client.post('/Users', jane)).json.id as string;
    const before = await client.get(`/Users/${id}`);
    fixture.clock.advance(60_000);
    const answer = await client.put(`/Users/${id}`, before.json);
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual(before.json);
  });

  test('clears what is left out, but brings nobody back to work', async () => {
    const id = await client.addUser('jane@example.test', { title: 'Engineer', active: false });
    const answer = await client.put(`/Users/${id}`, { userName: 'jane@example.test' });
    expect(answer.json).not.toHaveProperty('title');
    expect(answer.json.active).toBe(false);
  });

  test('changes lastModified and version, and created never', async () => {
    const created = await client.post('/Users', jane);
    fixture.clock.advance(60_000);
    const answer = await client.put(`/Users/${created.json.id as string}`, { ...jane, title: 'Lead' });
    expect(answer.json.meta).toMatchObject({ created: created.json.meta.created, version: 'W/"2"' });
    expect(answer.json.meta.lastModified > created.json.meta.lastModified).toBe(true);
  });

  test('never creates', async () => {
    expect((await client.put('/Users/019ab000-0000-7000-8000-000000000000', jane)).status).toBe(404);
  });

  test('without a userName is refused, and to a taken one is a conflict', async () => {
    const id = (await client.post('/Users', jane)).json.id as string;
    await client.addUser('taken@example.test');
    expect((await client.put(`/Users/${id}`, { title: 'x' })).status).toBe(400);
    expect((await client.put(`/Users/${id}`, { userName: 'Taken@example.test' })).status).toBe(409);
    expect((await client.get(`/Users/${id}`)).json.userName).toBe('jane@example.test');
  });
});

describe('patch', () => {
  test('deactivates: 200, still readable, urgent for every account', async () => {
    const id = (await client.post('/Users', jane)).json.id as string;
    const answer = await client.patch(`/Users/${id}`, [{ op: 'Replace', path: 'active', value: 'False' }]);
    expect(answer).toMatchObject({ status: 200, json: { active: false } });
    expect((await client.get(`/Users/${id}`)).json.active).toBe(false);
    const marks = await readMarks(fixture.database, client.tenantId);
    expect(marks).toMatchObject([{ subject_id: id, urgent: true, reason: 'user.deactivated' }]);
  });

  test('two at once lose none', async () => {
    const id = (await client.post('/Users', jane)).json.id as string;
    await Promise.all([
      client.patch(`/Users/${id}`, [{ op: 'replace', path: 'active', value: false }]),
      client.patch(`/Users/${id}`, [{ op: 'replace', path: 'displayName', value: 'B' }]),
      client.patch(`/Users/${id}`, [{ op: 'replace', path: 'title', value: 'C' }]),
    ]);
    expect((await client.get(`/Users/${id}`)).json).toMatchObject({
      active: false,
      displayName: 'B',
      title: 'C',
    });
  });

  test('is all or nothing', async () => {
    const id = (await client.post('/Users', jane)).json.id as string;
    const before = await client.get(`/Users/${id}`);
    const answer = await client.patch(`/Users/${id}`, [
      { op: 'replace', path: 'active', value: false },
      { op: 'replace', path: 'emails[value eq "nobody@example.test"].type', value: 'x' },
    ]);
    expect(answer).toMatchObject({ status: 400, json: { scimType: 'noTarget' } });
    expect((await client.get(`/Users/${id}`)).json).toEqual(before.json);
  });

  test('that changes nothing leaves lastModified, version and marks alone', async () => {
    const created = await client.post('/Users', jane);
    await sql`delete from dirty_subjects`.execute(fixture.database.forTenant(client.tenantId));
    fixture.clock.advance(60_000);
    const answer = await client.patch(`/Users/${created.json.id as string}`, [
      { op: 'add', path: 'displayName', value: '' },
    ]);
    expect(answer.json.meta).toEqual(created.json.meta);
    expect(await readMarks(fixture.database, client.tenantId)).toEqual([]);
  });

  test("adds the extension's URN to schemas when it is first used, and takes it away again", async () => {
    const id = await client.addUser('jane@example.test');
    const path = `${ENTERPRISE}:department`;
    const added = await client.patch(`/Users/${id}`, [{ op: 'add', path, value: 'Support' }]);
    expect(added.json.schemas).toContain(ENTERPRISE);
    const removed = await client.patch(`/Users/${id}`, [{ op: 'remove', path }]);
    expect(removed.json.schemas).not.toContain(ENTERPRISE);
  });
});

describe('delete', () => {
  test('answers 204, then 404 to everything, and frees the name', async () => {
    const id = (await client.post('/Users', jane)).json.id as string;
    const gone = await client.delete(`/Users/${id}`);
    expect([gone.status, gone.text]).toEqual([204, '']);
    const answers = await Promise.all([
      client.get(`/Users/${id}`),
      client.put(`/Users/${id}`, jane),
      client.patch(`/Users/${id}`, [{ op: 'replace', path: 'active', value: true }]),
      client.delete(`/Users/${id}`),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual([404, 404, 404, 404]);
    expect((await client.get('/Users')).json).toMatchObject({ totalResults: 0, Resources: [] });
    const filter = encodeURIComponent('userName eq "jane@example.test"');
    expect((await client.get(`/Users?filter=${filter}`)).json).toMatchObject({
      totalResults: 0,
      Resources: [],
    });
    expect((await client.post('/Users', jane)).status).toBe(201);
  });
});

describe('versions', () => {
  test('If-Match lets only the version it names through', async () => {
    const created = await client.post('/Users', jane);
    const path = `/Users/${created.json.id as string}`;
    const stale = { 'If-Match': 'W/"7"' };
    const change = [{ op: 'replace', path: 'title', value: 'x' }];
    expect((await client.put(path, jane, stale)).status).toBe(412);
    expect((await client.patch(path, change, stale)).status).toBe(412);
    expect((await client.delete(path, stale)).status).toBe(412);
    const version = { 'If-Match': created.json.meta.version as string };
    expect((await client.patch(path, change, version)).status).toBe(200);
    expect((await client.patch(path, [{ op: 'remove', path: 'title' }], version)).status).toBe(412);
    expect((await client.delete(path, { 'If-Match': '*' })).status).toBe(204);
  });

  test('If-None-Match answers 304 to who has the version', async () => {
    const created = await client.post('/Users', jane);
    const path = `/Users/${created.json.id as string}`;
    const same = await client.get(path, { 'If-None-Match': created.json.meta.version as string });
    expect([same.status, same.text]).toEqual([304, '']);
    expect((await client.get(path, { 'If-None-Match': 'W/"9"' })).status).toBe(200);
  });
});

describe('projection', () => {
  test('holds for reads, lists and writes', async () => {
    const id = (await client.post('/Users', jane)).json.id as string;
    const wanted = { schemas: jane.schemas, id, userName: 'jane@example.test' };
    expect((await client.get(`/Users/${id}?attributes=userName`)).json).toEqual(wanted);
    expect(
      (await client.get('/Users?attributes=urn:ietf:params:scim:schemas:core:2.0:User:userName')).json
        .Resources,
    ).toEqual([wanted]);
    const patched = await client.request('PATCH', `/Users/${id}?attributes=userName`, {
      Operations: [{ op: 'replace', path: 'title', value: 'x' }],
    });
    expect(patched.json).toEqual(wanted);
    const less = await client.get(`/Users/${id}?excludedAttributes=emails,groups,meta,name.familyName`);
    expect(Object.keys(less.json).sort()).toEqual(
      ['active', 'externalId', 'id', 'name', 'schemas', 'title', ENTERPRISE, 'userName'].sort(),
    );
    expect(less.json.name).toEqual({ givenName: 'Jane' });
  });
});

describe('HEAD', () => {
  test('answers as GET without a body', async () => {
    const id = (await client.post('/Users', jane)).json.id as string;
    const [head, get] = await Promise.all([
      client.request('HEAD', `/Users/${id}`),
      client.get(`/Users/${id}`),
    ]);
    expect([head.status, head.text]).toEqual([200, '']);
    expect(head.headers.get('content-length')).toBe(get.headers.get('content-length'));
    expect(head.headers.get('etag')).toBe(get.headers.get('etag'));
  });
});

describe('media types', () => {
  test('application/json alone is answered with application/json', async () => {
    const answer = await client.get('/Users', { Accept: 'application/json' });
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });

  test('a body of another type is refused with an explanation', async () => {
    const answer = await client.post('/Users', jane, { 'Content-Type': 'text/plain' });
    expect(answer).toMatchObject({ status: 400, json: { scimType: 'invalidSyntax' } });
  });
});
