import { Kysely, PostgresDialect, type PostgresPoolClient } from 'kysely';
import { Client, Pool, type PoolClient } from 'pg';
import type { Logger } from 'pino';
import { AppError } from '../domain/errors.js';
import { APP_ROLE, bypassesRowSecurity } from './app-role.js';
import { PreparingClient } from './prepared.js';
import type { Database } from './tables.js';

/** Scope that sees every tenant: token look-up, sweeper, tenant administration. Nothing that serves a request. */
const SYSTEM_SCOPE = '*';

export type Db = Kysely<Database>;

export interface TenantDatabase {
  /** Queries of one tenant. Row-level security hides every other tenant's rows, whatever the query says. */
  forTenant(tenantId: string): Db;
  /** Queries across tenants. */
  system(): Db;
  /** The pool itself, for LISTEN and health checks. Carries no tenant: sees no tenant rows. */
  readonly pool: Pool;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly poolMax: number;
  /** How long a request waits for a free connection before it is told to come back. */
  readonly patienceMs?: number;
  readonly log: Logger;
}

/** An IdP waits for a minute: there is time left for the work itself. */
const PATIENCE_MS = 10_000;

/**
 * Opens the connection pool to a migrated database. Throws AppError `unavailable` when it cannot be reached.
 * Scoping is per checked-out connection: the session setting is written only when the connection last served
 * another tenant, so a busy tenant pays no extra round trip.
 */
export async function openDatabase(options: DatabaseOptions): Promise<TenantDatabase> {
  const connectionTimeoutMillis = options.patienceMs ?? PATIENCE_MS;
  const stepDown = await readsPastRowSecurity(options.url, connectionTimeoutMillis);
  const pool = new Pool({
    Client: PreparingClient,
    connectionString: options.url,
    max: options.poolMax,
    connectionTimeoutMillis,
    ...(stepDown ? { options: `-c role=${APP_ROLE}` } : {}),
  });
  let isClosing = false;
  pool.on('error', (error) => {
    // The pool's end does not wait for its connections': a database that stops right after it would be noted here.
    if (!isClosing) options.log.warn({ err: error }, 'idle database connection lost');
  });
  const scopeOf = new WeakMap<PoolClient, string>();
  const scopes = new Map<string, Db>();
  const scoped = (scope: string): Db => {
    const known = scopes.get(scope);
    if (known !== undefined) return known;
    const db = new Kysely<Database>({ dialect: scopedDialect(pool, scopeOf, scope) });
    scopes.set(scope, db);
    return db;
  };
  return {
    forTenant: scoped,
    system: () => scoped(SYSTEM_SCOPE),
    pool,
    close() {
      isClosing = true;
      return pool.end();
    },
  };
}

function scopedDialect(pool: Pool, scopeOf: WeakMap<PoolClient, string>, scope: string): PostgresDialect {
  return new PostgresDialect({
    pool: {
      connect: () => connectScoped(pool, scopeOf, scope),
      end: () => Promise.resolve(),
      options: pool.options,
    },
  });
}

async function connectScoped(
  pool: Pool,
  scopeOf: WeakMap<PoolClient, string>,
  scope: string,
): Promise<PostgresPoolClient> {
  const client = await pool.connect();
  if (scopeOf.get(client) !== scope) {
    try {
      await client.query("select set_config('patchbay.tenant', $1, false)", [scope]);
    } catch (error) {
      client.release(true);
      throw error;
    }
    scopeOf.set(client, scope);
  }
  return client as unknown as PostgresPoolClient;
}

async function readsPastRowSecurity(url: string, connectionTimeoutMillis: number): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis });
  try {
    await client.connect();
    return await bypassesRowSecurity(client);
  } catch (error) {
    throw new AppError(
      'unavailable',
      'The database cannot be reached. Check DATABASE_URL and that Postgres is running, then start again.',
      { cause: error },
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}
