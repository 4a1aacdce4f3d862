import { randomBytes } from 'node:crypto';
import { chown, mkdir, readdir, readFile, realpath, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../domain/errors.js';
import type { PostgresBinaries } from './binaries.js';
import {
  type ClusterCredentials,
  generateCredentials,
  readCredentials,
  writePrivate,
} from './credentials.js';
import { type ClusterPaths, clusterPaths } from './paths.js';
import { isProcessAlive } from './postmaster.js';
import type { Runner } from './runner.js';

const initPrefix = '.postgres-init-';

/**
 * Creates the cluster in `<dataDir>/postgres` unless it is there.
 *
 * Everything is built in a folder beside it and moved into place as a whole: a process killed half-way, or a second
 * process doing the same, can never leave or meet half a cluster.
 */
export async function ensureCluster(
  dataDir: string,
  binaries: PostgresBinaries,
  runner: Runner,
  durable: boolean,
): Promise<ClusterCredentials> {
  const paths = clusterPaths(join(dataDir, 'postgres'));
  const existing = await readCredentials(paths);
  if (existing !== undefined) {
    await refuseOtherVersion(paths, binaries, runner);
    return existing;
  }
  await removeAbandoned(dataDir);
  const build = clusterPaths(join(dataDir, `${initPrefix}${process.pid}-${randomBytes(4).toString('hex')}`));
  try {
    const credentials = await buildCluster(build, binaries, runner, durable);
    await rename(build.home, paths.home);
    return credentials;
  } catch (error) {
    await rm(build.home, { recursive: true, force: true });
    const winner = await readCredentials(paths);
    if (winner !== undefined) return winner;
    throw cannotCreate(paths, error);
  }
}

async function buildCluster(
  paths: ClusterPaths,
  binaries: PostgresBinaries,
  runner: Runner,
  durable: boolean,
): Promise<ClusterCredentials> {
  const credentials = generateCredentials();
  await mkdir(paths.home, { mode: 0o700 });
  if (runner.owner !== undefined) await chown(paths.home, runner.owner.uid, runner.owner.gid);
  await writePrivate(paths.credentials, JSON.stringify(credentials), runner);
  const passwordFile = join(paths.home, 'superuser-password');
  await writePrivate(passwordFile, credentials.superuserPassword, runner);
  await runner.run(binaries.initdb, [
    `--pgdata=${paths.data}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // Sorting by code point, from Postgres itself: the same on every machine, whatever locales it has.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    ...(durable ? [] : ['--no-sync']),
  ]);
  await rm(passwordFile);
  await createDatabase(paths, binaries, runner, credentials);
  return credentials;
}

function cannotCreate(paths: ClusterPaths, cause: unknown): AppError {
  return new AppError(
    'unavailable',
    `The built-in database could not be created in ${paths.home}: ${cause instanceof Error ? cause.message : cause} ` +
      'Set DATA_DIR to an empty folder on a disk with space, or set DATABASE_URL to a Postgres database of your own.',
    { cause },
  );
}

/** In single-user mode, where each line is one statement, and before anybody can connect. */
async function createDatabase(
  paths: ClusterPaths,
  binaries: PostgresBinaries,
  runner: Runner,
  credentials: ClusterCredentials,
): Promise<void> {
  const statements = [
    `CREATE ROLE patchbay LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD '${credentials.rolePassword}';`,
    'CREATE DATABASE patchbay OWNER patchbay;',
  ];
  const options = ['--single', '-D', paths.data, '-c', 'exit_on_error=on', 'postgres'];
  await runner.run(binaries.postgres, options, `${statements.join('\n')}\n`);
}

async function refuseOtherVersion(
  paths: ClusterPaths,
  binaries: PostgresBinaries,
  runner: Runner,
): Promise<void> {
  const written = (await readFile(join(paths.data, 'PG_VERSION'), 'utf8')).trim();
  const ours = /\(PostgreSQL\) (\d+)/.exec(await runner.run(binaries.postgres, ['--version']))?.[1];
  if (written === ours) return;
  throw new AppError(
    'unavailable',
    `The database in ${paths.data} was written by Postgres ${written}, and this Patchbay brings Postgres ${ours}. ` +
      'Nothing was changed. Start the earlier Patchbay to export the data, or set DATABASE_URL or another DATA_DIR.',
  );
}

/** What a process killed during creation left behind. Another process may be creating one right now. */
async function removeAbandoned(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (!name.startsWith(initPrefix)) continue;
    const builder = Number(name.slice(initPrefix.length).split('-')[0]);
    if (!isProcessAlive(builder)) await rm(join(dataDir, name), { recursive: true, force: true });
  }
}

/** Creates the data folder and returns its real path: Postgres tells its own data folder without links. */
export async function openDataDir(dataDir: string): Promise<string> {
  try {
    await mkdir(dataDir, { recursive: true });
    return await realpath(dataDir);
  } catch (cause) {
    throw new AppError(
      'unavailable',
      `The data folder ${dataDir} cannot be created. Set DATA_DIR to a folder that this user may write.`,
      { cause },
    );
  }
}
