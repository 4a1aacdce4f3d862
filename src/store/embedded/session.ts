import { Client } from 'pg';
import type { ClusterCredentials } from './credentials.js';
import type { ClusterPaths } from './paths.js';

/**
 * One connection per process that uses the built-in database. It holds a shared lock as long as the process lives,
 * however the process ends; so the last process to leave can know that it is the last, and only that one stops the
 * server. A process that was killed leaves the server running for the next one to find.
 */
export interface UsageSession {
  readonly port: number;
  /** Settles when the connection is gone. */
  readonly lost: Promise<void>;
  /** True when nobody else uses the database; from then on nobody else can begin to before the server has stopped. */
  claimLast(): Promise<boolean>;
  close(): Promise<void>;
}

/** Our own keys in the database `postgres`: advisory locks of the application live in another database. */
const usageKey = 1;
const leavingKey = 2;

/**
 * Joins the users of the server at `port`.
 * @throws when no server answers there, or it is not the server of this cluster.
 */
export async function openSession(
  paths: ClusterPaths,
  credentials: ClusterCredentials,
  port: number,
): Promise<UsageSession> {
  const client = new Client({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    database: 'postgres',
    password: credentials.superuserPassword,
    ssl: false,
    options: '-c lock_timeout=20s',
    application_name: 'patchbay-usage',
    connectionTimeoutMillis: 5_000,
  });
  // Losing the connection is what `lost` reports; without a listener it would end the process.
  client.on('error', () => undefined);
  const lost = new Promise<void>((resolve) => client.once('end', () => resolve()));
  try {
    await client.connect();
    await refuseStranger(client, paths);
    await client.query('SELECT pg_advisory_lock_shared($1)', [usageKey]);
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  return {
    port,
    lost,
    claimLast: () => claimLast(client),
    close: () => client.end().catch(() => undefined),
  };
}

async function refuseStranger(client: Client, paths: ClusterPaths): Promise<void> {
  const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
  if (rows[0]?.data_directory !== paths.data)
    throw new Error('Another database server answers on this port.');
}

/** Leaving is done one at a time: two that leave together would otherwise each see the other and both stay out. */
async function claimLast(client: Client): Promise<boolean> {
  await client.query('SELECT pg_advisory_lock($1)', [leavingKey]);
  const { rows } = await client.query<{ claimed: boolean }>('SELECT pg_try_advisory_lock($1) AS claimed', [
    usageKey,
  ]);
  const isLast = rows[0]?.claimed === true;
  if (!isLast) await client.query('SELECT pg_advisory_unlock_shared($1)', [usageKey]);
  return isLast;
}
