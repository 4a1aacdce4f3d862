import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSortBy } from '../../src/directory/filter/parse-path.js';
import { openDatabase, type Db, type TenantDatabase } from '../../src/store/database.js';
import { compileSort } from '../../src/store/directory/sort-sql.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import type { Json } from '../support/scim-filter-model.js';
import { insertTenant, populate } from '../support/scim-population.js';

let database: TestDatabase;
let open: TenantDatabase;
let db: Db;
let users: readonly Json[];

beforeAll(async () => {
  database = await createTestDatabase();
  open = await openDatabase({ url: database.url, poolMax: 2, log: pino({ enabled: false }) });
  const tenantId = randomUUID();
  await insertTenant(open.system(), tenantId);
  db = open.forTenant(tenantId);
  users = (await populate(db, tenantId, 77)).users;
});

afterAll(async () => {
  await open.close();
  await database.drop();
});

async function sorted(sortBy: string, descending: boolean): Promise<readonly Json[]> {
  const path = parseSortBy(sortBy, { resourceType: 'User' });
  const rows = await db
    .selectFrom('scim_users')
    .select('id')
    .orderBy(compileSort({ path, descending }, 'User'))
    .execute();
  return rows.map(({ id }) => users.find((user) => user['id'] === id) ?? {});
}

type Key = string | number | undefined;

const fold = (value: unknown): Key =>
  value === undefined ? undefined : String(value).normalize('NFC').toLowerCase();

function primaryOrFirst(user: Json, list: string, part: string): unknown {
  const elements = (user[list] ?? []) as readonly Json[];
  return (elements.find((element) => element['primary'] === true) ?? elements[0])?.[part];
}

const KEYS: Readonly<Record<string, (user: Json) => Key>> = {
  userName: (user) => fold(user['userName']),
  externalId: (user) => user['externalId'] as Key,
  'name.familyName': (user) => fold((user['name'] as Json | undefined)?.['familyName']),
  'meta.created': (user) => Date.parse(String((user['meta'] as Json)['created'])),
  active: (user) => Number(user['active']),
  emails: (user) => fold(primaryOrFirst(user, 'emails', 'value')),
  'roles.type': (user) => fold(primaryOrFirst(user, 'roles', 'type')),
  wrapUpTimeSeconds: (user) =>
    (user['urn:patchbay:params:scim:schemas:extension:telephony:2.0:User'] as Json | undefined)?.[
      'wrapUpTimeSeconds'
    ] as Key,
};

/** Ascending with missing values last; equal keys keep the order of creation. */
function expected(key: (user: Json) => Key, descending: boolean): readonly Json[] {
  const order = (a: Key, b: Key): number => {
    if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
    if (typeof a === 'number' && typeof b === 'number') return a - b;
    return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
  };
  return [...users].sort((a, b) => order(key(a), key(b)) * (descending ? -1 : 1));
}

describe('sorting', () => {
  it.each(
    Object.entries(KEYS).flatMap(([name, key]) => [[name, false, key] as const, [name, true, key] as const]),
  )(
    'by %s (descending: %s) follows type and case, keeps missing values at the far end and is stable',
    async (name, descending, key) => {
      const ids = (list: readonly Json[]): readonly unknown[] => list.map((user) => user['id']);
      expect(ids(await sorted(name, descending))).toEqual(ids(expected(key, descending)));
    },
  );

  it.each([
    'groups',
    'meta.location',
    'urn:patchbay:params:scim:schemas:extension:telephony:2.0:User:accounts',
  ])('by the computed attribute %s is refused', async (name) => {
    await expect(sorted(name, false)).rejects.toThrow(expect.objectContaining({ kind: 'invalid' }));
  });
});
