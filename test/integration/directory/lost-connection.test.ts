import { expect, test } from 'vitest';
import { sql } from 'kysely';
import { openDirectory } from '../../support/directory.js';

test('a connection lost in the middle of a transaction fails the transaction and nothing else', async () => {
  const fixture = await openDirectory();
  try {
    const tenantId = await fixture.addTenant('lost');
    const db = fixture.database.forTenant(tenantId);
    const broken = db.transaction().execute(async (trx) => {
      await sql`select 1`.execute(trx);
      await fixture.testDatabase.disconnectAll();
      await sql`select 1`.execute(trx);
    });
    await expect(broken).rejects.toThrow();
    const { rows } = await sql<{ one: number }>`select 1 as one`.execute(db);
    expect(rows).toEqual([{ one: 1 }]);
  } finally {
    await fixture.close();
  }
});
