import { pino, type Logger } from 'pino';
import { sql } from 'kysely';
import { makeGroupDirectory, type GroupDirectory } from '../../src/directory/groups.js';
import type { DirectoryStore } from '../../src/directory/ports.js';
import { makeUserDirectory, type UserDirectory } from '../../src/directory/users.js';
import { makeIdSource } from '../../src/lib/ids.js';
import { openDatabase, type TenantDatabase } from '../../src/store/database.js';
import { makeDirectoryStore } from '../../src/store/directory/store.js';
import { makeTestClock, type TestClock } from './clock.js';
import { createTestDatabase, type TestDatabase } from './database.js';

export interface DirectoryFixture {
  readonly testDatabase: TestDatabase;
  readonly database: TenantDatabase;
  readonly store: DirectoryStore;
  readonly users: UserDirectory;
  readonly groups: GroupDirectory;
  readonly clock: TestClock;
  readonly log: Logger;
  readonly newId: () => string;
  /** What the change listener heard, oldest first. */
  readonly heard: { readonly tenantId: string; readonly urgent: boolean }[];
  /** A tenant with `accounts` phone systems. */
  addTenant(slug: string, accounts?: number): Promise<string>;
  close(): Promise<void>;
}

/** The directory on a real database of its own. `prepare` does something to it before anybody is connected. */
export async function openDirectory(
  prepare: (testDatabase: TestDatabase) => Promise<void> = () => Promise.resolve(),
): Promise<DirectoryFixture> {
  const testDatabase = await createTestDatabase();
  await prepare(testDatabase);
  const log = pino({ level: 'silent' });
  const database = await openDatabase({ url: testDatabase.url, poolMax: 8, patienceMs: 300_000, log });
  // The database's own clock decides how long a tombstone is of interest.
  const clock = makeTestClock(new Date());
  const newId = makeIdSource(clock);
  const store = makeDirectoryStore(database);
  const heard: { tenantId: string; urgent: boolean }[] = [];
  const deps = {
    store,
    clock,
    newId,
    onDirectoryChange: (tenantId: string, { urgent }: { urgent: boolean }) => {
      heard.push({ tenantId, urgent });
    },
  };
  return {
    testDatabase,
    database,
    store,
    users: makeUserDirectory(deps),
    groups: makeGroupDirectory(deps),
    clock,
    log,
    newId,
    heard,
    addTenant: (slug, accounts = 1) => addTenant(database, newId, slug, accounts),
    async close() {
      await database.close();
      await testDatabase.drop();
    },
  };
}

async function addTenant(
  database: TenantDatabase,
  newId: () => string,
  slug: string,
  accounts: number,
): Promise<string> {
  const tenantId = newId();
  await sql`insert into tenants (id, slug, name, created_at)
    values (${tenantId}, ${slug}, ${slug}, now())`.execute(database.system());
  for (let index = 0; index < accounts; index += 1) {
    await sql`insert into accounts (tenant_id, id, name, provider, config, secrets, policy, settings, created_at,
        updated_at)
      values (${tenantId}, ${newId()}, ${`account-${String(index)}`}, 'aircall', '{}', '', 'report-only', '{}', now(),
        now())`.execute(database.forTenant(tenantId));
  }
  return tenantId;
}

export interface MarkRow {
  readonly subject_id: string;
  readonly generation: string;
  readonly urgent: boolean;
  readonly reason: string;
}

/** The tenant's dirty marks, by subject and account. */
export async function readMarks(database: TenantDatabase, tenantId: string): Promise<readonly MarkRow[]> {
  const { rows } = await sql<MarkRow>`select subject_id, generation, urgent, reason from dirty_subjects
    where tenant_id = ${tenantId} order by subject_id, account_id`.execute(database.forTenant(tenantId));
  return rows;
}
