import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  // Dropping the database ends a leaked connection; that is what these tests are about.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

describe('test databases', () => {
  it('are migrated, separate, and used by a role that row-level security binds', async () => {
    const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    const client = await connect(one.url);
    const { rows } = await client.query(
      `SELECT rolsuper OR rolbypassrls AS bypasses, to_regclass('tenants') IS NOT NULL AS migrated
       FROM pg_roles WHERE rolname = current_user`,
    );
    await client.end();
    expect(rows).toEqual([{ bypasses: false, migrated: true }]);
    expect(one.url).not.toBe(two.url);
    await Promise.all([one.drop(), two.drop()]);
  });

  it('report a connection that was left open', async () => {
    const database = await createTestDatabase();
    const leaked = await connect(database.url);
    await expect(database.drop(100)).rejects.toThrow('1 database connection(s) were left open');
    await leaked.end().catch(() => undefined);
  });
});
