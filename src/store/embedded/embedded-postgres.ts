import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { locateBinaries } from './binaries.js';
import { ensureCluster, openDataDir } from './cluster.js';
import { clusterPaths } from './paths.js';
import { type Cluster, joinCluster } from './join.js';
import { readPidFile, stopPostmaster } from './postmaster.js';
import { chooseOwner, makeRunner } from './runner.js';
import type { UsageSession } from './session.js';

/** The part of a pino logger that is needed here. */
export interface EmbeddedPostgresLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface EmbeddedPostgresOptions {
  /** The cluster lives in `<dataDir>/postgres`. */
  readonly dataDir: string;
  /** Without it: the port of the last run, or a free one. */
  readonly port?: number;
  /** Default true. False switches fsync off: for tests, whose data may be lost. */
  readonly durable?: boolean;
  readonly log: EmbeddedPostgresLog;
}

export interface EmbeddedPostgres {
  /** Database `patchbay` as the role that owns it; no superuser, so that row-level security holds. */
  readonly url: string;
  /** Database `postgres` as superuser: for creating test databases and for repair. */
  readonly superuserUrl: string;
  /** Stops the server, unless another process still uses it. Close every pool first. */
  stop(): Promise<void>;
}

const restartPauseMs = 2_000;

/**
 * Makes sure that the built-in Postgres of this data folder runs, and says where.
 *
 * Several processes may share one data folder: the first starts the server, later ones join it, the last one to
 * stop stops it. A server left behind by a killed process is joined like any other. Should the server die while we
 * use it, it is started again on the same port.
 * @throws AppError `unavailable` with a remedy when it cannot run here.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const cluster = await openCluster(options);
  const leaving = new AbortController();
  const first = await joinCluster(cluster, {
    wantedPort: options.port,
    isPortFixed: false,
    signal: leaving.signal,
  });
  options.log.info({ port: first.port }, 'built-in database is ready');
  const keeping = keepRunning(cluster, first, options.log, leaving.signal);
  const { rolePassword, superuserPassword } = cluster.credentials;
  return {
    url: `postgres://patchbay:${rolePassword}@127.0.0.1:${first.port}/patchbay`,
    superuserUrl: `postgres://postgres:${superuserPassword}@127.0.0.1:${first.port}/postgres`,
    async stop() {
      leaving.abort();
      const session = await keeping;
      if (session !== undefined) await leave(cluster, session);
    },
  };
}

async function openCluster(options: EmbeddedPostgresOptions): Promise<Cluster> {
  const binaries = await locateBinaries();
  const dataDir = await openDataDir(options.dataDir);
  const paths = clusterPaths(join(dataDir, 'postgres'));
  const owner = await chooseOwner(paths.data);
  const runner = await makeRunner(binaries, owner, dataDir);
  const durable = options.durable ?? true;
  const credentials = await ensureCluster(dataDir, binaries, runner, durable);
  return { paths, credentials, binaries, runner, durable };
}

/** Joins again, on the same port, whenever the server was lost. Returns the session that is open when we leave. */
async function keepRunning(
  cluster: Cluster,
  first: UsageSession,
  log: EmbeddedPostgresLog,
  leaving: AbortSignal,
): Promise<UsageSession | undefined> {
  const left = new Promise<'left'>((resolve) => leaving.addEventListener('abort', () => resolve('left')));
  let session = first;
  while ((await Promise.race([session.lost, left])) !== 'left') {
    log.warn({ port: session.port }, 'built-in database was lost, starting it again');
    const again = await rejoin(cluster, session.port, log, leaving);
    if (again === undefined) return undefined;
    session = again;
  }
  return session;
}

async function rejoin(
  cluster: Cluster,
  port: number,
  log: EmbeddedPostgresLog,
  leaving: AbortSignal,
): Promise<UsageSession | undefined> {
  while (!leaving.aborted) {
    try {
      const session = await joinCluster(cluster, { wantedPort: port, isPortFixed: true, signal: leaving });
      log.info({ port: session.port }, 'built-in database is ready again');
      return session;
    } catch (error) {
      if (leaving.aborted) return undefined;
      log.error({ err: error }, 'built-in database does not start');
      await pause(restartPauseMs, undefined, { signal: leaving }).catch(() => undefined);
    }
  }
  return undefined;
}

async function leave(cluster: Cluster, session: UsageSession): Promise<void> {
  const isLast = await session.claimLast().catch(() => false);
  const pidFile = isLast ? await readPidFile(cluster.paths) : undefined;
  if (pidFile !== undefined) await stopPostmaster(cluster.paths, pidFile.pid);
  await session.close();
}
