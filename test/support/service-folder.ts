import { appendFile, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clusterPaths } from '../../src/store/embedded/paths.js';
import { readPidFile, stopPostmaster } from '../../src/store/embedded/postmaster.js';

/** Begins the name of every data folder of the product's tests; the number of the run follows. */
export const FOLDER_PREFIX = 'patchbay-product-';

/** A data folder of its own. Its real path: Postgres tells its folder without links. */
export async function makeFolder(run: number): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), `${FOLDER_PREFIX}${run}-`)));
}

/** Notes a process that works on the folder, for whoever has to clean up after a killed run. */
export async function notePid(folder: string, pid: number): Promise<void> {
  await appendFile(join(folder, 'pids'), `${pid}\n`);
}

/**
 * Ends the processes of a killed run by their numbers, if they still are what they were (their command names
 * `program`), stops the folder's database, and removes the folder.
 */
export async function removeFolder(folder: string, program: string): Promise<void> {
  const noted = await readFile(join(folder, 'pids'), 'utf8').catch(() => '');
  for (const pid of noted.trim().split('\n').map(Number)) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (pid > 1 && command.includes(program)) process.kill(pid, 'SIGKILL');
  }
  await stopDatabase(folder);
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** Stops the built-in database that killed processes left running. */
export async function stopDatabase(folder: string): Promise<void> {
  const paths = clusterPaths(join(folder, 'postgres'));
  const running = await readPidFile(paths);
  if (running !== undefined) await stopPostmaster(paths, running.pid);
}
