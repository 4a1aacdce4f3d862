import { pino } from 'pino';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openDatabase, type TenantDatabase } from '../../../src/store/database.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { APP_ROLE } from '../../../src/store/app-role.js';
import { migrateToLatest } from '../../../src/store/migrate.js';

const ACME = '00000000-0000-4000-8000-00000000000a';
const BETA = '00000000-0000-4000-8000-00000000000b';

let testDatabase: TestDatabase;
let database: TenantDatabase;

async function addTenantWithRules(db: TenantDatabase, id: string, slug: string): Promise<void> {
  const at = new Date('2026-01-01');
  await db.system().insertInto('tenants').values({ id, slug, name: slug, created_at: at }).execute();
  const rules = { tenant_id: id, version: 1, body: '{}', source: slug, created_by: 'test', created_at: at };
  await db
    .forTenant(id)
    .insertInto('rule_sets')
    .values({ ...rules, note: null })
    .execute();
}

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase({ url: testDatabase.url, poolMax: 1, log: pino({ level: 'silent' }) });
  await addTenantWithRules(database, ACME, 'acme');
  await addTenantWithRules(database, BETA, 'beta');
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

describe('row-level security', () => {
  it('a query that forgets the tenant filter sees its own tenant only', async () => {
    const rows = await database.forTenant(ACME).selectFrom('rule_sets').select('source').execute();
    expect(rows).toEqual([{ source: 'acme' }]);
  });

  it('a query for another tenant gets no rows, even by explicit filter', async () => {
    const foreign = database
      .forTenant(ACME)
      .selectFrom('rule_sets')
      .selectAll()
      .where('tenant_id', '=', BETA);
    expect(await foreign.execute()).toEqual([]);
    const tenants = await database.forTenant(ACME).selectFrom('tenants').select('slug').execute();
    expect(tenants).toEqual([{ slug: 'acme' }]);
  });

  it('a write into another tenant is refused', async () => {
    const at = new Date();
    const rules = {
      tenant_id: BETA,
      version: 9,
      body: '{}',
      source: '',
      created_by: '',
      created_at: at,
      note: null,
    };
    await expect(database.forTenant(ACME).insertInto('rule_sets').values(rules).execute()).rejects.toThrow(
      /row-level security/,
    );
    const moved = database.forTenant(ACME).updateTable('rule_sets').set({ tenant_id: BETA });
    await expect(moved.execute()).rejects.toThrow(/row-level security/);
  });

  it('a connection that carries no tenant sees nothing', async () => {
    const client = new Client({ connectionString: testDatabase.url });
    await client.connect();
    const { rows } = await client.query('select * from rule_sets');
    await client.end();
    expect(rows).toEqual([]);
  });

  it('one pooled connection that serves two tenants in turn never mixes them', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [acme] = await database.forTenant(ACME).selectFrom('rule_sets').select('source').execute();
      const [beta] = await database.forTenant(BETA).selectFrom('rule_sets').select('source').execute();
      expect([acme?.source, beta?.source]).toEqual(['acme', 'beta']);
    }
    expect(await database.system().selectFrom('rule_sets').selectAll().execute()).toHaveLength(2);
  });

  it('every table that has a tenant_id is protected', async () => {
    const client = new Client({ connectionString: testDatabase.url });
    await client.connect();
    const { rows } = await client.query<{ relname: string }>(
      `select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
       where a.attname = 'tenant_id' and c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
         and not (c.relrowsecurity and c.relforcerowsecurity and exists (select from pg_policy p where p.polrelid = c.oid))`,
    );
    await client.end();
    expect(rows).toEqual([]);
  });

  it('a superuser connection steps down to a role that row-level security binds', async () => {
    const url = new URL(inject('testCluster').superuserUrl);
    url.pathname = new URL(testDatabase.url).pathname;
    await migrateToLatest(url.href);
    const superuser = await openDatabase({ url: url.href, poolMax: 1, log: pino({ level: 'silent' }) });
    const who = await superuser.pool.query<{ current_user: string }>('select current_user');
    const rows = await superuser.forTenant(ACME).selectFrom('rule_sets').select('source').execute();
    await superuser.close();
    expect(who.rows[0]?.current_user).toBe(APP_ROLE);
    expect(rows).toEqual([{ source: 'acme' }]);
  });
});
