import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseFilter } from '../../src/directory/filter/parse-filter.js';
import type { ListQuery } from '../../src/directory/ports.js';
import { openDatabase, type TenantDatabase } from '../../src/store/database.js';
import { makeDirectoryStore } from '../../src/store/directory/store.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { insertTenant, populate } from '../support/scim-population.js';

let database: TestDatabase;
let open: TenantDatabase;
const tenantId = randomUUID();

beforeAll(async () => {
  database = await createTestDatabase();
  open = await openDatabase({ url: database.url, poolMax: 1, log: pino({ enabled: false }) });
  await insertTenant(open.system(), tenantId);
  await populate(open.forTenant(tenantId), tenantId, 5);
});
afterAll(async () => {
  await open.close();
  await database.drop();
});

function searching(filter: string): ListQuery {
  const window = { by: 'index', offset: 0, limit: 100 } as const;
  return { filter: parseFilter(filter, { resourceType: 'User' }), sort: null, window, refBase: null };
}

/** Short to write, long to answer: every address of everybody, two dozen times over. */
const expensive = Array.from(
  { length: 24 },
  () => 'not (emails.display ne "x" or roles[value co "zz"])',
).join(' and ');

describe('a search that no index answers', () => {
  it('is ended when it takes too long, and harms nobody after it', async () => {
    const store = makeDirectoryStore(open, { searchTimeoutMs: 1 });
    await expect(store.listUsers(tenantId, searching(expensive))).rejects.toThrow(
      expect.objectContaining({ kind: 'invalid', scimType: 'tooMany' }),
    );
    const page = await store.listUsers(tenantId, searching('userName eq "nobody"'));
    expect(page.total).toBe(0);
    const { rows } = await open.pool.query<{ statement_timeout: string }>('show statement_timeout');
    expect(rows[0]?.statement_timeout).toBe('0');
  });

  it('is answered when there is time', async () => {
    const store = makeDirectoryStore(open);
    await expect(store.listUsers(tenantId, searching(expensive))).resolves.toMatchObject({ total: 0 });
  });
});
