import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { UserRecord } from '../../../src/directory/ports.js';
import { openDirectory, readMarks, type DirectoryFixture } from '../../support/directory.js';

let fixture: DirectoryFixture;

beforeAll(async () => {
  fixture = await openDirectory();
});
afterAll(() => fixture.close());

function user(name: string, change: Partial<UserRecord> = {}): UserRecord {
  const id = randomUUID();
  const userName = `${name}@example.test`;
  const resource = { userName, active: true };
  const wire = JSON.stringify({ id, ...resource });
  return {
    ...{ id, userName, userNameKey: userName, externalId: null, active: true, resource, wire },
    emailKeys: [userName],
    peopleKey: userName,
    ...change,
  };
}

/** All of them before any is answered. Returns what each came to: `created`, or the kind of its error. */
function createAtOnce(tenantId: string, records: readonly UserRecord[]): Promise<readonly string[]> {
  return Promise.all(
    records.map(async (record) => {
      const audit = {
        at: new Date(),
        actor: 'scim:test',
        action: 'user.created',
        targetType: 'User',
        targetId: record.id,
        correlationId: `of ${record.id}`,
        data: { active: record.active },
      } as const;
      try {
        const stored = await fixture.store.insertUser(tenantId, record, audit);
        expect([stored.id, stored.wire, stored.version]).toEqual([record.id, record.wire, 1]);
        return 'created';
      } catch (error) {
        return (error as { kind?: string; code?: string }).kind ?? (error as { code?: string }).code ?? '';
      }
    }),
  );
}

/** Who is in the directory in each of the places that a create writes to. */
async function whoIsThere(tenantId: string) {
  const db = fixture.database.forTenant(tenantId);
  const read = async (query: string) =>
    (await sql<{ id: string }>`${sql.raw(query)}`.execute(db)).rows.map(({ id }) => id);
  const [counted] = await read(`select sum(total)::text as id from scim_counts where resource = 'User'`);
  return {
    users: await read('select id from scim_users order by id'),
    emails: await read('select user_id as id from scim_user_emails order by user_id'),
    marked: (await readMarks(fixture.database, tenantId)).map(({ subject_id: id }) => id),
    audited: await read(`select target_id as id from audit_events where action = 'user.created'
      and correlation_id = 'of ' || target_id order by target_id`),
    counted: Number(counted),
  };
}

function exactly(records: readonly UserRecord[]) {
  const ids = records.map(({ id }) => id).sort();
  return { users: ids, emails: ids, marked: ids, audited: ids, counted: ids.length };
}

it('users that are created at once are all there, each with their own audit event', async () => {
  const tenantId = await fixture.addTenant('at-once');
  const records = Array.from({ length: 50 }, (_, index) => user(`n${String(index)}`));
  expect(new Set(await createAtOnce(tenantId, records))).toEqual(new Set(['created']));
  expect(await whoIsThere(tenantId)).toEqual(exactly(records));
});

it('texts of several users stay apart whatever stands in them', async () => {
  const tenantId = await fixture.addTenant('any-text');
  const texts = ['\u0001', 'a\u0001b', '\u0002","x":"', '\\u0001', '\u2028\u{1F4DE}', "it's \t\n"];
  const records = texts.map((displayName, index) => {
    const { id, userName } = user(`n${String(index)}`);
    const resource = { userName, displayName, active: true };
    return user(`n${String(index)}`, { id, resource, wire: JSON.stringify({ id, ...resource }) });
  });
  expect(new Set(await createAtOnce(tenantId, records))).toEqual(new Set(['created']));
  const db = fixture.database.forTenant(tenantId);
  const { rows } = await sql<{ id: string; resource: object; wire: string }>`
    select id, resource, wire from scim_users`.execute(db);
  expect(new Map(rows.map((row) => [row.id, row]))).toEqual(
    new Map(records.map(({ id, resource, wire }) => [id, { id, resource, wire }])),
  );
});

it('of several with one userName one is created, and nothing is left of the others', async () => {
  const tenantId = await fixture.addTenant('one-name');
  const names = ['a', 'same', 'b', 'same', 'c', 'same', 'd', 'e', 'f', 'same'];
  const records = names.map((name) => user(name));
  const results = await createAtOnce(tenantId, records);
  const created = records.filter((_, index) => results[index] === 'created');
  expect(created.map(({ userName }) => userName).sort()).toEqual(
    [...new Set(names)].map((name) => `${name}@example.test`).sort(),
  );
  expect(results.filter((result) => result === 'conflict')).toHaveLength(3);
  expect(await whoIsThere(tenantId)).toEqual(exactly(created));
});

it('one that the database refuses keeps nobody else from being created', async () => {
  const tenantId = await fixture.addTenant('refused');
  // More than an index holds, and nothing that compresses.
  const refused = user('refused', { userNameKey: randomBytes(4_000).toString('base64') });
  const others = Array.from({ length: 12 }, (_, index) => user(`n${String(index)}`));
  const results = await createAtOnce(tenantId, [...others.slice(0, 6), refused, ...others.slice(6)]);
  expect(results[6]).toBe('54000');
  expect(results.filter((result) => result === 'created')).toHaveLength(12);
  expect(await whoIsThere(tenantId)).toEqual(exactly(others));
});

it('writes of two tenants at once stay apart', async () => {
  const tenants = [await fixture.addTenant('apart-1'), await fixture.addTenant('apart-2')];
  const records = tenants.map(() => Array.from({ length: 15 }, (_, index) => user(`n${String(index)}`)));
  await Promise.all(tenants.map((tenantId, index) => createAtOnce(tenantId, records[index] ?? [])));
  for (const [index, tenantId] of tenants.entries()) {
    expect(await whoIsThere(tenantId)).toEqual(exactly(records[index] ?? []));
  }
});
