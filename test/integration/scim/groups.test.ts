import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readMarks } from '../../support/directory.js';
import { startScim, type ScimClient, type ScimFixture } from '../../support/scim.js';

let fixture: ScimFixture;
let client: ScimClient;
let ada: string;
let bob: string;
let eve: string;
let counter = 0;

beforeAll(async () => {
  fixture = await startScim();
});
afterAll(() => fixture.close());
beforeEach(async () => {
  counter += 1;
  client = await fixture.addClient(`groups-${String(counter)}`);
  ada = await client.addUser('ada@example.test', { displayName: 'Ada "the first" Ä' });
  bob = await client.addUser('bob@example.test');
  eve = await client.addUser('eve@example.test');
});

const stranger = '019ab000-0000-7000-8000-000000000000';
const memberIds = async (id: string): Promise<string[]> => {
  const answer = await client.get(`/Groups/${id}`);
  return (answer.json.members as { value: string }[]).map((member) => member.value).sort();
};
const sorted = (...ids: string[]) => ids.sort();
const clearMarks = () => sql`delete from dirty_subjects`.execute(fixture.database.forTenant(client.tenantId));

describe('reads', () => {
  test('members carry value, $ref and type', async () => {
    const id = await client.addGroup('Sales', [ada]);
    const answer = await client.get(`/Groups/${id}`);
    expect(answer.json.members).toEqual([
      { value: ada, $ref: `${client.baseUrl}/Users/${ada}`, type: 'User' },
    ]);
  });

  test('users carry the groups they are in', async () => {
    const id = await client.addGroup('Sales "EU"', [ada]);
    const groups = [
      { value: id, $ref: `${client.baseUrl}/Groups/${id}`, display: 'Sales "EU"', type: 'direct' },
    ];
    expect((await client.get(`/Users/${ada}`)).json.groups).toEqual(groups);
    expect((await client.get('/Users')).json.Resources[0].groups).toEqual(groups);
    expect(
      (await client.patch(`/Users/${ada}`, [{ op: 'replace', path: 'title', value: 'x' }])).json.groups,
    ).toEqual(groups);
    expect((await client.get(`/Users/${bob}`)).json.groups).toEqual([]);
  });

  test('leave members out where they are not wanted', async () => {
    const id = await client.addGroup('Sales', [ada]);
    expect((await client.get(`/Groups/${id}?excludedAttributes=members`)).json).not.toHaveProperty('members');
    expect((await client.get('/Groups?excludedAttributes=members')).json.Resources[0]).not.toHaveProperty(
      'members',
    );
    expect((await client.get(`/Groups/${id}?attributes=displayName`)).json).not.toHaveProperty('members');
  });
});

describe('create', () => {
  test.each([
    ['plain text', () => [ada]],
    ['objects, one of them twice', () => [{ value: ada }, { value: ada, display: 'x' }]],
  ])('takes members as %s', async (_name, members) => {
    const answer = await client.post('/Groups', { displayName: 'Sales', members: members() });
    expect(answer.status).toBe(201);
    expect(answer.json.members).toHaveLength(1);
  });

  test('a taken displayName is a conflict', async () => {
    await client.addGroup('Sales');
    expect(await client.post('/Groups', { displayName: 'SALES' })).toMatchObject({
      status: 409,
      json: { scimType: 'uniqueness' },
    });
  });

  test('unknown members are refused by name, and nothing is kept', async () => {
    const answer = await client.post('/Groups', {
      displayName: 'Sales',
      members: [{ value: ada }, { value: stranger }],
    });
    expect(answer).toMatchObject({ status: 400, json: { scimType: 'invalidValue' } });
    expect(answer.json.detail).toContain(stranger);
    expect((await client.get('/Groups')).json.totalResults).toBe(0);
  });

  test('groups as members are refused, saying so', async () => {
    const inner = await client.addGroup('Inner');
    for (const member of [{ value: inner }, { value: inner, type: 'Group' }]) {
      const answer = await client.post('/Groups', { displayName: 'Outer', members: [member] });
      expect(answer.status).toBe(400);
      expect(answer.json.detail).toMatch(/Groups cannot be members/);
    }
  });
});

describe('patch', () => {
  test('is 204, and 200 when attributes are named', async () => {
    const id = await client.addGroup('Sales');
    const plain = await client.patch(`/Groups/${id}`, [
      { op: 'add', path: 'members', value: [{ value: ada }] },
    ]);
    expect([plain.status, plain.text]).toEqual([204, '']);
    const named = await client.request('PATCH', `/Groups/${id}?attributes=members`, {
      Operations: [{ op: 'add', path: 'members', value: [{ value: bob }] }],
    });
    expect(named.status).toBe(200);
    expect(named.json.members).toHaveLength(2);
  });

  test("Okta's push: without a path, with members, replaces them", async () => {
    const id = await client.addGroup('Sales', [ada, bob]);
    await client.patch(`/Groups/${id}`, [
      { op: 'replace', value: { id, displayName: 'Sales EU', members: [{ value: eve }] } },
    ]);
    expect(await memberIds(id)).toEqual([eve]);
    await client.patch(`/Groups/${id}`, [
      { op: 'replace', value: { members: [], id, displayName: 'Sales EU' } },
    ]);
    expect(await memberIds(id)).toEqual([]);
  });

  test('a rename leaves the members', async () => {
    const id = await client.addGroup('Sales', [ada, bob]);
    await client.patch(`/Groups/${id}`, [{ op: 'replace', value: { id, displayName: 'Sales EU' } }]);
    expect((await client.get(`/Groups/${id}`)).json.displayName).toBe('Sales EU');
    expect(await memberIds(id)).toEqual(sorted(ada, bob));
  });

  test('adds and removes, several at once', async () => {
    const id = await client.addGroup('Sales', [ada]);
    await client.patch(`/Groups/${id}`, [
      { op: 'remove', path: `members[value eq "${ada}"]` },
      { op: 'add', path: 'members', value: [{ value: bob }, { value: eve }] },
    ]);
    expect(await memberIds(id)).toEqual(sorted(bob, eve));
  });

  test('marks who came, and at once who went', async () => {
    const id = await client.addGroup('Sales', [ada]);
    await clearMarks();
    await client.patch(`/Groups/${id}`, [
      { op: 'add', path: 'members', value: [ada, bob] },
      { op: 'remove', path: 'members', value: [{ value: ada }] },
    ]);
    const marks = await readMarks(fixture.database, client.tenantId);
    expect(new Map(marks.map((mark) => [mark.subject_id, mark.urgent]))).toEqual(
      new Map([
        [ada, true],
        [bob, false],
      ]),
    );
  });

  test('adding who is there changes nothing: version, lastModified, marks', async () => {
    const id = await client.addGroup('Sales', [ada]);
    const before = await client.get(`/Groups/${id}`);
    await clearMarks();
    fixture.clock.advance(60_000);
    const answer = await client.patch(`/Groups/${id}`, [
      { op: 'add', path: 'members', value: [{ value: ada }] },
    ]);
    expect(answer.headers.get('etag')).toBe(before.json.meta.version);
    expect((await client.get(`/Groups/${id}`)).json).toEqual(before.json);
    expect(await readMarks(fixture.database, client.tenantId)).toEqual([]);
  });

  test('a change of members is a change of the group', async () => {
    const id = await client.addGroup('Sales');
    fixture.clock.advance(60_000);
    await client.patch(`/Groups/${id}`, [{ op: 'add', path: 'members', value: [{ value: ada }] }]);
    const { meta } = (await client.get(`/Groups/${id}`)).json;
    expect(meta.version).toBe('W/"2"');
    expect(meta.lastModified > meta.created).toBe(true);
  });

  test('is all or nothing', async () => {
    const id = await client.addGroup('Sales', [ada]);
    const answer = await client.patch(`/Groups/${id}`, [
      { op: 'replace', path: 'displayName', value: 'New' },
      { op: 'add', path: 'members', value: [bob, stranger] },
    ]);
    expect(answer.status).toBe(400);
    expect((await client.get(`/Groups/${id}`)).json.displayName).toBe('Sales');
    expect(await memberIds(id)).toEqual([ada]);
  });

  test('is all or nothing for members alone, too', async () => {
    const id = await client.addGroup('Sales', [ada]);
    await clearMarks();
    const before = await client.get(`/Groups/${id}`);
    const answer = await client.patch(`/Groups/${id}`, [
      { op: 'remove', path: `members[value eq "${ada}"]` },
      { op: 'add', path: 'members', value: [{ value: bob }, { value: stranger }] },
    ]);
    expect([answer.status, answer.json.detail]).toEqual([400, expect.stringContaining(stranger)]);
    expect((await client.get(`/Groups/${id}`)).json).toEqual(before.json);
    expect(await readMarks(fixture.database, client.tenantId)).toEqual([]);
  });

  test('changes of members made at once lose none', async () => {
    const id = await client.addGroup('Sales');
    await Promise.all(
      [ada, bob, eve].map((value) =>
        client.patch(`/Groups/${id}`, [{ op: 'add', path: 'members', value: [{ value }] }]),
      ),
    );
    expect(await memberIds(id)).toEqual(sorted(ada, bob, eve));
  });

  test('changes of attributes made at once lose none', async () => {
    const id = await client.addGroup('Sales');
    await Promise.all([
      ...['A', 'B', 'C'].map((displayName) =>
        client.patch(`/Groups/${id}`, [{ op: 'replace', value: { displayName } }]),
      ),
      client.patch(`/Groups/${id}`, [{ op: 'add', path: 'externalId', value: '00g' }]),
      ...['D', 'E', 'F'].map((displayName) =>
        client.patch(`/Groups/${id}`, [{ op: 'replace', value: { displayName } }]),
      ),
    ]);
    expect((await client.get(`/Groups/${id}`)).json).toMatchObject({
      externalId: '00g',
      meta: { version: 'W/"8"' },
    });
  });

  test('to a taken name is a conflict that keeps the members as they were', async () => {
    await client.addGroup('Taken');
    const id = await client.addGroup('Sales', [ada]);
    const answer = await client.patch(`/Groups/${id}`, [
      { op: 'replace', value: { displayName: 'taken', members: [] } },
    ]);
    expect(answer.status).toBe(409);
    expect(await memberIds(id)).toEqual([ada]);
  });
});

describe('replace', () => {
  test('with everything that GET returned changes nothing', async () => {
    const id = await client.addGroup('Sales', [ada, bob]);
    const before = await client.get(`/Groups/${id}`);
    const answer = await client.put(`/Groups/${id}`, before.json);
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual(before.json);
  });

  test('replaces the members it names, empties by [], and leaves them when it does not speak of them', async () => {
    const id = await client.addGroup('Sales', [ada, bob]);
    await client.put(`/Groups/${id}`, { displayName: 'Sales', members: [{ value: eve }, { value: bob }] });
    expect(await memberIds(id)).toEqual(sorted(bob, eve));
    await client.put(`/Groups/${id}`, { displayName: 'Sales EU' });
    expect(await memberIds(id)).toEqual(sorted(bob, eve));
    await client.put(`/Groups/${id}`, { displayName: 'Sales EU', members: [] });
    expect(await memberIds(id)).toEqual([]);
  });
});

describe('a replaced list of members', () => {
  /** Of a size at which the group is read while the body is still on its way. */
  const large = (...ids: string[]) => ({
    displayName: 'Sales',
    members: ids.map((value) => ({ value, display: 'x'.repeat(40_000) })),
  });

  test('may be large: in any order, each once', async () => {
    const id = await client.addGroup('Sales', [ada]);
    const answer = await client.put(`/Groups/${id}`, large(eve, bob, eve));
    expect(answer.status).toBe(200);
    expect(answer.json.members.map(({ value }: { value: string }) => value)).toEqual(sorted(bob, eve));
    expect(await memberIds(id)).toEqual(sorted(bob, eve));
  });

  test('that is large, for a group that is not there or with somebody unknown, changes nothing', async () => {
    const id = await client.addGroup('Sales', [ada]);
    expect((await client.put(`/Groups/${stranger}`, large(bob, eve))).status).toBe(404);
    expect((await client.put('/Groups/.search', large(bob, eve))).status).toBeGreaterThanOrEqual(400);
    for (const odd of [stranger, 'x', '']) {
      expect(await client.put(`/Groups/${id}`, large(odd, bob, eve))).toMatchObject({ status: 400 });
    }
    expect(await memberIds(id)).toEqual([ada]);
  });

  test('is answered as the next GET answers it, to the byte', async () => {
    const id = await client.addGroup('Verkauf Süd', [ada]);
    const list = { displayName: 'Verkauf Süd', members: [{ value: eve }, { value: ada }, { value: eve }] };
    const answer = await client.put(`/Groups/${id}`, list);
    expect(answer.json.members).toHaveLength(2);
    expect(answer.text).toBe((await client.get(`/Groups/${id}`)).text);
  });

  test.each([
    ['?attributes=members', true],
    ['?attributes=displayName', false],
    ['?excludedAttributes=members', false],
    ['?excludedAttributes=meta', true],
  ])('is in the answer when %s wants it: %j', async (query, isWanted) => {
    const id = await client.addGroup('Sales', [ada]);
    const list = { displayName: 'Sales', members: [{ value: eve }, { value: bob }] };
    const answer = await client.request('PUT', `/Groups/${id}${query}`, list);
    expect(answer.status).toBe(200);
    expect(answer.text).toBe((await client.get(`/Groups/${id}${query}`)).text);
    expect('members' in answer.json).toBe(isWanted);
  });

  test.each([
    ['what cannot be an id', () => 'nobody'],
    ['an id that is nobody here', () => stranger],
    ['an id in capitals', () => ada.toUpperCase()],
  ])('with %s is refused by name, and nobody is added or taken out', async (_name, member) => {
    const id = await client.addGroup('Sales', [ada, bob]);
    const answer = await client.put(`/Groups/${id}`, {
      displayName: 'Sales',
      members: [{ value: ada }, { value: member() }, { value: eve }],
    });
    expect(answer).toMatchObject({ status: 400, json: { scimType: 'invalidValue' } });
    expect(answer.json.detail).toContain(member());
    expect(await memberIds(id)).toEqual(sorted(ada, bob));
  });
});

describe('people who leave', () => {
  test('stay members while inactive, and are back in their groups when reactivated', async () => {
    const id = await client.addGroup('Sales', [ada]);
    await client.patch(`/Users/${ada}`, [{ op: 'replace', path: 'active', value: false }]);
    expect(await memberIds(id)).toEqual([ada]);
    await client.patch(`/Users/${ada}`, [{ op: 'replace', path: 'active', value: true }]);
    expect(await memberIds(id)).toEqual([ada]);
  });

  test('leave their groups when deleted', async () => {
    const id = await client.addGroup('Sales', [ada, bob]);
    await client.delete(`/Users/${ada}`);
    expect(await memberIds(id)).toEqual([bob]);
    expect((await client.get(`/Groups/${id}`)).json.meta.version).toBe('W/"2"');
  });

  test('deleting people and changing their groups at once ends well', async () => {
    const groups = await Promise.all(['A', 'B', 'C'].map((name) => client.addGroup(name, [ada, bob, eve])));
    const answers = await Promise.all([
      ...[ada, bob].map((id) => client.delete(`/Users/${id}`)),
      ...groups.map((id) =>
        client.put(`/Groups/${id}`, { displayName: `New ${id}`, members: [{ value: eve }] }),
      ),
      ...groups.map((id) =>
        client.patch(`/Groups/${id}`, [{ op: 'add', path: 'members', value: [{ value: eve }] }]),
      ),
    ]);
    expect(answers.filter((answer) => answer.status >= 500)).toEqual([]);
    for (const id of groups) expect(await memberIds(id)).toEqual([eve]);
  });
});

describe('delete', () => {
  test('answers 204, then 404, frees the name, and marks everybody who was a member', async () => {
    const id = await client.addGroup('Sales', [ada, bob]);
    await clearMarks();
    expect((await client.delete(`/Groups/${id}`)).status).toBe(204);
    expect((await client.get(`/Groups/${id}`)).status).toBe(404);
    expect((await client.get(`/Users/${ada}`)).json.groups).toEqual([]);
    const marks = await readMarks(fixture.database, client.tenantId);
    expect(marks.map((mark) => [mark.subject_id, mark.urgent])).toEqual(
      sorted(ada, bob).map((user) => [user, true]),
    );
    expect(await client.addGroup('Sales')).not.toBe(id);
  });

  test('makes nobody a member who was pushed while it was under way', async () => {
    const id = await client.addGroup('Sales', [ada]);
    const db = fixture.database.forTenant(client.tenantId);
    const isWaiting = async (): Promise<boolean> => {
      const { rows } = await sql`select 1 from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`.execute(db);
      return rows.length > 0;
    };
    const push = await db.transaction().execute(async (deletion) => {
      await sql`update scim_groups set deleted_at = now() where id = ${id}`.execute(deletion);
      const pushed = client.patch(`/Groups/${id}`, [{ op: 'add', path: 'members', value: [bob] }]);
      await expect.poll(isWaiting).toBe(true);
      return { pushed };
    });
    expect((await push.pushed).status).toBe(404);
    const { rows } = await sql`select 1 from scim_memberships where user_id = ${bob}`.execute(db);
    expect(rows).toEqual([]);
  });
});
