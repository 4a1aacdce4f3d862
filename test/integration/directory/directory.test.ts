import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeDirectoryStore } from '../../../src/store/directory/store.js';
import { readDirectorySnapshot } from '../../../src/store/directory/snapshot.js';
import { openDirectory, readMarks, type DirectoryFixture } from '../../support/directory.js';

let fixture: DirectoryFixture;
let tenantId: string;
let counter = 0;

beforeAll(async () => {
  fixture = await openDirectory();
});
afterAll(() => fixture.close());
beforeEach(async () => {
  counter += 1;
  tenantId = await fixture.addTenant(`tenant-${String(counter)}`, 2);
});

const context = () => ({ tenantId, actor: 'scim:test', correlationId: 'request-1' });
const person = (userName: string) => ({
  userName,
  externalId: `00u-${userName}`,
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  emails: [{ value: userName, type: 'work', primary: true }],
});
const addUser = (userName: string) => fixture.users.create(context(), person(userName));
const everything = { filter: null, sort: null, refBase: null } as const;
const clearMarks = () =>
  sql`delete from dirty_subjects where tenant_id = ${tenantId}`.execute(fixture.database.forTenant(tenantId));

async function membersOf(groupId: string): Promise<readonly string[]> {
  const { rows } = await sql<{ user_id: string }>`select user_id from scim_memberships
    where tenant_id = ${tenantId} and group_id = ${groupId} order by user_id`.execute(
    fixture.database.forTenant(tenantId),
  );
  return rows.map((row) => row.user_id);
}

test('a created user is marked in every account and audited in the same transaction', async () => {
  const user = await addUser('ada@example.test');
  const marks = await readMarks(fixture.database, tenantId);
  expect(marks.map(({ subject_id, urgent }) => [subject_id, urgent])).toEqual([
    [user.id, false],
    [user.id, false],
  ]);
  const audit = await sql`select actor, action, target_id, correlation_id from audit_events
    where tenant_id = ${tenantId}`.execute(fixture.database.forTenant(tenantId));
  expect(audit.rows).toEqual([
    { actor: 'scim:test', action: 'user.created', target_id: user.id, correlation_id: 'request-1' },
  ]);
});

test('a change that changes nothing writes nothing', async () => {
  const user = await addUser('ada@example.test');
  await clearMarks();
  fixture.clock.advance(60_000);
  const heardBefore = fixture.heard.length;
  const same = await fixture.users.modify(context(), user.id, (current) => ({ ...current }), {
    refBase: null,
  });
  expect(same.version).toBe(user.version);
  expect(same.meta).toBe(user.meta);
  expect(await readMarks(fixture.database, tenantId)).toEqual([]);
  expect(fixture.heard.length).toBe(heardBefore);
});

test('a deactivation is urgent and keeps the memberships', async () => {
  const user = await addUser('ada@example.test');
  const group = await fixture.groups.create(context(), { displayName: 'Sales' }, [user.id]);
  await clearMarks();
  await fixture.users.modify(context(), user.id, (current) => ({ ...current, active: false }), {
    refBase: null,
  });
  const marks = await readMarks(fixture.database, tenantId);
  expect(marks.map((mark) => mark.urgent)).toEqual([true, true]);
  expect(await membersOf(group.id)).toEqual([user.id]);
});

test('a renewed mark counts up and stays urgent', async () => {
  const user = await addUser('ada@example.test');
  await clearMarks();
  const set = (change: object) =>
    fixture.users.modify(context(), user.id, (current) => ({ ...current, ...change }), { refBase: null });
  await set({ active: false });
  await set({ title: 'Engineer' });
  const [mark] = await readMarks(fixture.database, tenantId);
  expect(mark).toMatchObject({ generation: '2', urgent: true });
});

test('changes made at the same time lose none', async () => {
  const user = await addUser('ada@example.test');
  const names = ['title', 'nickName', 'locale', 'timezone', 'userType', 'profileUrl'];
  await Promise.all(
    names.map((name) =>
      fixture.users.modify(context(), user.id, (current) => ({ ...current, [name]: 'x' }), { refBase: null }),
    ),
  );
  const stored = JSON.parse(`${(await fixture.users.read(tenantId, user.id, null)).wire}}`) as Record<
    string,
    unknown
  >;
  expect(names.map((name) => stored[name])).toEqual(names.map(() => 'x'));
});

test('of two creates of one userName at once, one wins and one conflicts', async () => {
  const results = await Promise.allSettled([addUser('Ada@example.test'), addUser('ada@EXAMPLE.test')]);
  expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
  const rejected = results.find((result) => result.status === 'rejected');
  expect(rejected?.reason).toMatchObject({ kind: 'conflict', scimType: 'uniqueness' });
  const page = await fixture.users.list(tenantId, {
    ...everything,
    window: { by: 'index', offset: 0, limit: 10 },
  });
  expect(page.total).toBe(1);
});

test('a deleted user gives its userName free, leaves its groups and stays as a tombstone', async () => {
  const user = await addUser('ada@example.test');
  const group = await fixture.groups.create(context(), { displayName: 'Sales' }, [user.id]);
  await fixture.users.remove(context(), user.id);
  await expect(fixture.users.read(tenantId, user.id, null)).rejects.toMatchObject({ kind: 'notFound' });
  expect(await membersOf(group.id)).toEqual([]);
  const again = await addUser('ada@example.test');
  expect(again.id).not.toBe(user.id);
  const snapshot = await readDirectorySnapshot(fixture.database.forTenant(tenantId), tenantId, 'all');
  expect(snapshot.users.map((subject) => [subject.id, subject.status])).toEqual([
    [user.id, 'deleted'],
    [again.id, 'active'],
  ]);
});

test('a membership change touches only the rows it names', async () => {
  const users = await Promise.all(['a', 'b', 'c', 'd'].map((name) => addUser(`${name}@example.test`)));
  const [a, b, c, d] = users.map((user) => user.id) as [string, string, string, string];
  const group = await fixture.groups.create(context(), { displayName: 'Sales' }, [a, b, c]);
  const rowVersions = async () => {
    const { rows } = await sql<{
      user_id: string;
      xmin: string;
    }>`select user_id, xmin::text from scim_memberships
      where tenant_id = ${tenantId} and group_id = ${group.id}`.execute(fixture.database.forTenant(tenantId));
    return new Map(rows.map((row) => [row.user_id, row.xmin]));
  };
  const before = await rowVersions();
  await clearMarks();
  await fixture.groups.modify(context(), group.id, (current) => ({
    resource: current,
    members: { type: 'replace', members: [a, b, d] },
  }));
  const after = await rowVersions();
  expect([...after.keys()].sort()).toEqual([a, b, d].sort());
  expect([after.get(a), after.get(b)]).toEqual([before.get(a), before.get(b)]);
  const marks = await readMarks(fixture.database, tenantId);
  expect(new Map(marks.map((mark) => [mark.subject_id, mark.urgent]))).toEqual(
    new Map([
      [c, true],
      [d, false],
    ]),
  );
});

test('a group whose members are replaced by the same ones is left alone', async () => {
  const user = await addUser('ada@example.test');
  const group = await fixture.groups.create(context(), { displayName: 'Sales' }, [user.id]);
  const heardBefore = fixture.heard.length;
  const same = await fixture.groups.modify(context(), group.id, (current) => ({
    resource: current,
    members: { type: 'replace', members: [user.id] },
  }));
  expect(same.version).toBe(group.version);
  expect(fixture.heard.length).toBe(heardBefore);
  const audit = await sql`select action from audit_events where tenant_id = ${tenantId}
    and target_type = 'Group'`.execute(fixture.database.forTenant(tenantId));
  expect(audit.rows).toEqual([{ action: 'group.created' }]);
});

test('unknown members are refused by name and nothing is kept', async () => {
  const user = await addUser('ada@example.test');
  const stranger = fixture.newId();
  await expect(
    fixture.groups.create(context(), { displayName: 'Sales' }, [user.id, stranger]),
  ).rejects.toThrow(stranger);
  const page = await fixture.groups.list(tenantId, {
    ...everything,
    window: { by: 'index', offset: 0, limit: 10 },
  });
  expect(page.total).toBe(0);
});

test("a group, another tenant's user and a deleted user are no members", async () => {
  const own = await addUser('ada@example.test');
  const inner = await fixture.groups.create(context(), { displayName: 'Inner' }, []);
  const other = await fixture.addTenant(`other-${String(counter)}`);
  const foreign = await fixture.users.create({ ...context(), tenantId: other }, person('x@example.test'));
  await fixture.users.remove(context(), own.id);
  for (const id of [inner.id, foreign.id, own.id]) {
    await expect(fixture.groups.create(context(), { displayName: 'Sales' }, [id])).rejects.toMatchObject({
      kind: 'invalid',
      scimType: 'invalidValue',
    });
  }
});

test('paging by index and by position walks every user once', async () => {
  const ids: string[] = [];
  for (let index = 0; index < 7; index += 1) ids.push((await addUser(`u${String(index)}@example.test`)).id);
  const byIndex: string[] = [];
  for (let offset = 0; offset < 9; offset += 3) {
    const page = await fixture.users.list(tenantId, {
      ...everything,
      window: { by: 'index', offset, limit: 3 },
    });
    expect(page.total).toBe(7);
    byIndex.push(...page.rows.map((row) => row.id));
  }
  expect(byIndex).toEqual(ids);
  const bySeq: string[] = [];
  for (let after: number | null = null; ;) {
    const page = await fixture.users.list(tenantId, {
      ...everything,
      window: { by: 'seq', after, limit: 3 },
    });
    bySeq.push(...page.rows.map((row) => row.id));
    const last = page.rows.at(-1);
    if (last === undefined) break;
    after = last.seq;
  }
  expect(bySeq).toEqual(ids);
});

test('a query that forgets the tenant filter gets no rows of another tenant', async () => {
  await addUser('ada@example.test');
  const other = await fixture.addTenant(`other-${String(counter)}`);
  const { rows } = await sql`select id from scim_users`.execute(fixture.database.forTenant(other));
  expect(rows).toEqual([]);
});

test('a snapshot holds what rules read', async () => {
  const user = await addUser('ada@example.test');
  await fixture.users.modify(
    context(),
    user.id,
    (current) => ({
      ...current,
      title: 'Engineer',
      addresses: [{ country: 'FR' }, { country: 'DE' }],
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: 'Support' },
      'urn:patchbay:params:scim:schemas:extension:telephony:2.0:User': { teams: ['A', 'B'] },
    }),
    { refBase: null },
  );
  const group = await fixture.groups.create(context(), { displayName: 'Sales' }, [user.id]);
  const db = fixture.database.forTenant(tenantId);
  const snapshot = await readDirectorySnapshot(db, tenantId, { subjectIds: [user.id] });
  expect(snapshot.groups).toEqual([{ id: group.id, displayName: 'Sales', externalId: null }]);
  expect(snapshot.users).toEqual([
    {
      id: user.id,
      userName: 'ada@example.test',
      externalId: '00u-ada@example.test',
      status: 'active',
      email: 'ada@example.test',
      givenName: 'Ada',
      familyName: 'Lovelace',
      displayName: 'Ada Lovelace',
      groupIds: [group.id],
      attributes: expect.objectContaining({
        title: ['Engineer'],
        'addresses.country': ['FR', 'DE'],
        department: ['Support'],
        'urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:department': ['Support'],
        'urn:patchbay:params:scim:schemas:extension:telephony:2.0:user:teams': ['A', 'B'],
      }),
    },
  ]);
  await addUser('b@example.test');
  const later = await readDirectorySnapshot(db, tenantId, 'all');
  expect(later.version).toBeGreaterThan(snapshot.version);
});

test('far into a long list every position is the right one, from either end', async () => {
  // Beyond every offset from which another way is taken, in either half.
  const many = 10_600;
  await sql`insert into scim_users (tenant_id, id, user_name, user_name_key, active, resource, wire, meta,
      people_key, created_at, last_modified)
    select ${tenantId}, gen_random_uuid(), 'u' || n, 'u' || n, true, '{}', '{', '', '', now(), now()
    from generate_series(1, ${many}) as n order by n`.execute(fixture.database.forTenant(tenantId));
  await sql`insert into scim_counts (tenant_id, resource, slot, total) values (${tenantId}, 'User', 0, ${many})`.execute(
    fixture.database.forTenant(tenantId),
  );
  const { rows } = await sql<{ id: string }>`select id from scim_users where tenant_id = ${tenantId}
    order by seq`.execute(fixture.database.forTenant(tenantId));
  const order = rows.map((row) => row.id);
  const offsets = [
    0, 150, 999, 1_000, 1_001, 5_000, 5_001, 5_299, 5_300, 5_301, 10_595, 10_599, 10_600, 11_000,
  ];
  for (const offset of offsets) {
    const page = await fixture.users.list(tenantId, {
      ...everything,
      window: { by: 'index', offset, limit: 7 },
    });
    expect(page.total).toBe(many);
    expect(page.rows.map((row) => row.id)).toEqual(order.slice(offset, offset + 7));
    const baseUrl = 'https://x.test';
    const texts = await fixture.users.listEverybody(tenantId, { offset, limit: 7, baseUrl });
    expect([texts.total, texts.count]).toEqual([many, page.rows.length]);
    expect(texts.text.match(/(?<=x\.test\/Users\/)[0-9a-f-]{36}/g) ?? []).toEqual(
      order.slice(offset, offset + 7),
    );
  }
});

test('an answer that would hold too many members is refused, and can be had without them', async () => {
  const ids = await Promise.all(
    ['a', 'b', 'c'].map(async (name) => (await addUser(`${name}@example.test`)).id),
  );
  const small = await fixture.groups.create(context(), { displayName: 'Small' }, ids.slice(0, 2));
  const store = makeDirectoryStore(fixture.database, { membersPerAnswer: 2 });
  const query = { ...everything, window: { by: 'index', offset: 0, limit: 10 } } as const;
  const refBase = 'https://x.test';
  expect((await store.readGroup(tenantId, small.id, refBase))?.references).toContain(ids[0]);
  expect((await store.listGroups(tenantId, { ...query, refBase })).rows).toHaveLength(1);
  const large = await fixture.groups.create(context(), { displayName: 'Large' }, ids);
  const refusal = { kind: 'invalid', scimType: 'tooMany' };
  await expect(store.readGroup(tenantId, large.id, refBase)).rejects.toMatchObject(refusal);
  await expect(store.listGroups(tenantId, { ...query, refBase })).rejects.toMatchObject(refusal);
  expect((await store.readGroup(tenantId, large.id, null))?.id).toBe(large.id);
  expect((await store.listGroups(tenantId, query)).rows).toHaveLength(2);
});

test('people are kept with the key that lists search and sort by, as the database would fold it', async () => {
  const named = [
    { displayName: 'Élodie ÅNGSTRÖM', name: { formatted: 'not this' } },
    { displayName: '', name: { formatted: 'E\u0301lodie Combined' } },
    { name: { givenName: 'ΟΔΥΣΣΕΥΣ', familyName: 'İstanbul' } },
    { name: { familyName: 'Alone' } },
    {},
    { displayName: '😀'.repeat(500) },
    { displayName: 'x'.repeat(900) },
  ];
  for (const [index, change] of named.entries()) {
    const userName = `N${String(index)}@Example.test`;
    const emails = index % 2 === 0 ? [{ value: `Mail${String(index)}@Example.test`, type: 'work' }] : [];
    await fixture.users.create(context(), { userName, emails, ...change });
  }
  const { rows } = await sql<{ key: string; folded: string }>`
    select people_key as key, left(patchbay_fold(coalesce(nullif(resource ->> 'displayName', ''),
        nullif(resource #>> '{name,formatted}', ''),
        nullif(btrim(coalesce(resource #>> '{name,givenName}', '') || ' ' || coalesce(resource #>> '{name,familyName}', '')), ''),
        user_name) || ' ' || user_name || ' ' || coalesce(resource #>> '{emails,0,value}', '')), 400) as folded
    from scim_users where tenant_id = ${tenantId} order by seq`.execute(fixture.database.forTenant(tenantId));
  expect(rows.map(({ key }) => key)).toEqual(rows.map(({ folded }) => folded));
  expect(rows[3]?.key).toBe('alone n3@example.test ');
  const first = await fixture.users.list(tenantId, {
    ...everything,
    window: { by: 'index', offset: 0, limit: 1 },
  });
  await fixture.users.modify(
    context(),
    first.rows[0]?.id ?? '',
    (current) => ({ ...current, displayName: 'Renamed' }),
    { refBase: null },
  );
  const renamed = await sql<{ key: string }>`select people_key as key from scim_users
    where tenant_id = ${tenantId} order by seq limit 1`.execute(fixture.database.forTenant(tenantId));
  expect(renamed.rows[0]?.key).toBe('renamed n0@example.test mail0@example.test');
});
