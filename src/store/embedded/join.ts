import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../../domain/errors.js';
import type { PostgresBinaries } from './binaries.js';
import type { ClusterCredentials } from './credentials.js';
import type { ClusterPaths } from './paths.js';
import { choosePort } from './port.js';
import {
  isPostmasterOf,
  isProcessAlive,
  launchPostmaster,
  readLogTail,
  readPidFile,
  removeStalePidFile,
} from './postmaster.js';
import type { Runner } from './runner.js';
import { openSession, type UsageSession } from './session.js';

/** Everything that is fixed about one cluster for the life of this process. */
export interface Cluster {
  readonly paths: ClusterPaths;
  readonly credentials: ClusterCredentials;
  readonly binaries: PostgresBinaries;
  readonly runner: Runner;
  readonly durable: boolean;
}

export interface JoinOptions {
  /** The port to start on if the server has to be started. Undefined: the last one, or any free one. */
  readonly wantedPort: number | undefined;
  /** Whether no other port will do: the database address was handed out before. */
  readonly isPortFixed: boolean;
  readonly signal: AbortSignal;
}

/** A killed server's children may hold its memory for a moment; a broken cluster fails every time. */
const launchPatienceMs = 10_000;
const launchPauseMs = 500;
/** A server that was killed under load replays its log before it answers. */
const recoveryPatienceMs = 120_000;
const pollMs = 25;

/**
 * Becomes a user of the cluster's server: the one that runs already (started by another process of ours, or left
 * behind by one that was killed), or one started here.
 * @throws AppError `unavailable` with the server's own last words when it cannot be started.
 */
export async function joinCluster(cluster: Cluster, options: JoinOptions): Promise<UsageSession> {
  const startedAt = performance.now();
  let launchingSince: number | undefined;
  for (;;) {
    const running = await findRunning(cluster);
    if (running !== 'none' && running !== 'busy') return running;
    // Not earlier: a server that is ready has to be joined even by one that is leaving, who else would stop it.
    options.signal.throwIfAborted();
    if (running === 'none') {
      launchingSince ??= performance.now();
      if (performance.now() - launchingSince > launchPatienceMs) throw await cannotStart(cluster);
      if (!(await launch(cluster, options))) await pause(launchPauseMs);
    } else {
      if (performance.now() - startedAt > recoveryPatienceMs) throw await cannotStart(cluster);
      await pause(pollMs);
    }
  }
}

/** `busy`: a server of ours is starting, recovering or stopping; `none`: there is none. */
async function findRunning(cluster: Cluster): Promise<UsageSession | 'busy' | 'none'> {
  const pidFile = await readPidFile(cluster.paths);
  if (pidFile === undefined || !isProcessAlive(pidFile.pid)) return 'none';
  if (!(await isPostmasterOf(cluster.paths, pidFile.pid))) {
    await removeStalePidFile(cluster.paths, pidFile);
    return 'none';
  }
  if (!pidFile.isReady) return 'busy';
  try {
    return await openSession(cluster.paths, cluster.credentials, pidFile.port);
  } catch {
    return 'busy';
  }
}

/** Whether a server is ready now, ours or that of another process that was faster. False when ours has ended. */
async function launch(cluster: Cluster, { wantedPort, isPortFixed }: JoinOptions): Promise<boolean> {
  const { paths, runner, binaries, durable } = cluster;
  const isDecided = isPortFixed && wantedPort !== undefined;
  const port = isDecided ? wantedPort : await choosePort(paths, runner, wantedPort);
  const { ended } = await launchPostmaster(paths, binaries.postgres, runner, { port, durable });
  let state = 'starting';
  while (state === 'starting') {
    if (await isAnswering(paths)) return true;
    state = await Promise.race([ended, pause(pollMs, 'starting')]);
  }
  return isAnswering(paths);
}

async function isAnswering(paths: ClusterPaths): Promise<boolean> {
  const pidFile = await readPidFile(paths);
  return pidFile?.isReady === true && isProcessAlive(pidFile.pid);
}

async function cannotStart(cluster: Cluster): Promise<AppError> {
  return new AppError(
    'unavailable',
    `The built-in database in ${cluster.paths.data} does not start. Nothing was changed. Its last words ` +
      `(${cluster.paths.log}):\n${await readLogTail(cluster.paths)}\n` +
      'Remove what it complains about, or set DATABASE_URL to a Postgres database of your own.',
  );
}
