import { execFile } from 'node:child_process';
import { type FileHandle, link, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { ClusterPaths } from './paths.js';
import type { Runner } from './runner.js';

/** What `postmaster.pid` says: written by Postgres while it runs, and left behind when it is killed. */
export interface PidFile {
  readonly pid: number;
  readonly port: number;
  readonly isReady: boolean;
  readonly text: string;
}

export interface PostmasterSettings {
  readonly port: number;
  /** False only for tests: a crash of the machine may then lose or damage data, a crash of the server still not. */
  readonly durable: boolean;
}

const logBytesMax = 1_000_000;

export async function readPidFile(paths: ClusterPaths): Promise<PidFile | undefined> {
  const text = await readFile(pidFilePath(paths), 'utf8').catch(() => '');
  // Line by line: process id, data folder, start time, port, socket folder, address, shared memory, status.
  const lines = text.split('\n').map((line) => line.trim());
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 1) return undefined;
  return { pid, port: Number(lines[3]), isReady: lines[7] === 'ready', text };
}

export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Whether process `pid` lives and is Postgres on our data folder, and not a stranger that was given the number of
 * a Postgres that was killed. A process that cannot be examined counts as ours: it is waited for, never ignored.
 */
export async function isPostmasterOf(paths: ClusterPaths, pid: number): Promise<boolean> {
  const command = await readCommandLine(pid);
  if (command === undefined) return isProcessAlive(pid);
  return command.replaceAll('\0', ' ').includes(`/postgres -D ${paths.data} -c `);
}

async function readCommandLine(pid: number): Promise<string | undefined> {
  try {
    if (process.platform === 'linux') return await readFile(`/proc/${pid}/cmdline`, 'utf8');
    return (await promisify(execFile)('/bin/ps', ['-ww', '-o', 'args=', '-p', String(pid)])).stdout;
  } catch {
    return undefined;
  }
}

/**
 * Removes a pid file whose process is a stranger, which Postgres itself would take for a running server. Should
 * another process of ours have started the database since `stale` was read, its file is put back.
 */
export async function removeStalePidFile(paths: ClusterPaths, stale: PidFile): Promise<void> {
  const aside = `${pidFilePath(paths)}.${process.pid}`;
  await rename(pidFilePath(paths), aside).catch(() => undefined);
  const moved = await readFile(aside, 'utf8').catch(() => stale.text);
  if (moved !== stale.text) await link(aside, pidFilePath(paths)).catch(() => undefined);
  await rm(aside, { force: true });
}

/** Starts the server. `ended` settles when the process has ended, or could not be started at all. */
export async function launchPostmaster(
  paths: ClusterPaths,
  postgres: string,
  runner: Runner,
  settings: PostmasterSettings,
): Promise<{ readonly ended: Promise<'ended'> }> {
  const log = await openLog(paths, runner);
  try {
    const child = runner.spawnDetached(postgres, ['-D', paths.data, ...serverOptions(settings)], log.fd);
    const ended = new Promise<'ended'>((resolve) => {
      child.once('exit', () => resolve('ended'));
      child.once('error', () => resolve('ended'));
    });
    child.unref();
    return { ended };
  } finally {
    await log.close();
  }
}

function serverOptions({ port, durable }: PostmasterSettings): readonly string[] {
  // A worker that tidies up in a template keeps it from being copied for a moment.
  const durability = durable ? {} : { fsync: 'off', full_page_writes: 'off', autovacuum: 'off' };
  const options = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '100',
    shared_buffers: '128MB',
    min_wal_size: '32MB',
    max_wal_size: '256MB',
    jit: 'off',
    // Statements and error details carry people's data: the log says only what the server itself does.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
    ...durability,
  };
  return Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function openLog(paths: ClusterPaths, { owner }: Runner): Promise<FileHandle> {
  const written = await stat(paths.log).catch(() => undefined);
  const isLarge = written !== undefined && written.size > logBytesMax;
  const log = await open(paths.log, isLarge ? 'w' : 'a', 0o600);
  if (owner !== undefined) await log.chown(owner.uid, owner.gid);
  return log;
}

/** The last lines of the server's log, for an error that a person reads. */
export async function readLogTail(paths: ClusterPaths): Promise<string> {
  const text = await readFile(paths.log, 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-8).join('\n');
}

/** Stops the server and waits until it is gone: politely, then at once, then by force (it recovers at its next start). */
export async function stopPostmaster(paths: ClusterPaths, pid: number): Promise<void> {
  const steps = [
    { signal: 'SIGINT', patienceMs: 20_000 },
    { signal: 'SIGQUIT', patienceMs: 5_000 },
    { signal: 'SIGKILL', patienceMs: 5_000 },
  ] as const;
  for (const { signal, patienceMs } of steps) {
    if (!(await isPostmasterOf(paths, pid))) return;
    process.kill(pid, signal);
    if (await isGone(paths, pid, patienceMs)) return;
  }
}

/** A dead process that nobody has reaped keeps its number, but no longer its command line. */
async function isGone(paths: ClusterPaths, pid: number, patienceMs: number): Promise<boolean> {
  const deadline = performance.now() + patienceMs;
  while (performance.now() < deadline) {
    if (!(await isPostmasterOf(paths, pid))) return true;
    await pause(20);
  }
  return false;
}

function pidFilePath(paths: ClusterPaths): string {
  return join(paths.data, 'postmaster.pid');
}
