import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { inject } from 'vitest';
import { cloneStatements } from './clone-database.js';
import type { TestCluster } from './global-setup.js';

export interface TestDatabase {
  /** An empty, migrated database of this test's own, as a role without superuser rights. */
  readonly url: string;
  /** Ends other sessions of this database, as a failing server would. Returns how many. */
  disconnectAll(): Promise<number>;
  /** Drops the database. Throws when connections are still open: the test, or the code under test, leaked them. */
  drop(patienceMs?: number): Promise<void>;
}

/** How long a busy server takes at most to notice that a closed connection is closed. */
const closingPatienceMs = 300_000;

/** How long a connection that is told to end may take: until then it still answers. */
const endingPatienceMs = 120_000;

/** Clones the migrated template (about 50 ms). Call `drop()` when done, after closing every pool. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const cluster: TestCluster = inject('testCluster');
  const { superuserUrl, ownerUrl } = cluster;
  const name = `patchbay_test_${randomBytes(8).toString('hex')}`;
  const url = new URL(ownerUrl);
  url.pathname = `/${name}`;
  await asSuperuser(superuserUrl, async (client) => {
    for (const statement of cloneStatements(cluster, name, url.username)) await client.query(statement);
  });
  return {
    url: url.href,
    disconnectAll: () => asSuperuser(superuserUrl, (client) => disconnectAll(client, name)),
    drop: (patienceMs = closingPatienceMs) =>
      asSuperuser(superuserUrl, (client) => drop(client, name, patienceMs)),
  };
}

async function disconnectAll(client: Client, name: string): Promise<number> {
  const ended = await client.query(
    'SELECT pg_terminate_backend(pid, $2) FROM pg_stat_activity WHERE datname = $1',
    [name, endingPatienceMs],
  );
  return ended.rowCount ?? 0;
}

async function drop(client: Client, name: string, patienceMs: number): Promise<void> {
  const leaked = await leakedConnections(client, name, patienceMs);
  await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
  if (leaked.length === 0) return;
  throw new Error(`${leaked.length} database connection(s) were left open:\n${leaked.join('\n')}`);
}

async function leakedConnections(
  client: Client,
  name: string,
  patienceMs: number,
): Promise<readonly string[]> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const { rows } = await client.query<{ application_name: string; state: string; query: string }>(
      `SELECT application_name, state, query FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'`,
      [name],
    );
    const isOver = rows.length === 0 || performance.now() > deadline;
    if (isOver) return rows.map((row) => `${row.application_name || 'unnamed'} (${row.state}): ${row.query}`);
    await pause(10);
  }
}

async function asSuperuser<T>(superuserUrl: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
