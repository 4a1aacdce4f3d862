import { randomBytes } from 'node:crypto';
import { chown, mkdir, open, readdir, readFile, realpath, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../domain/errors.js';
import type { PostgresBinaries } from './binaries.js';
import { type ClusterPaths, clusterPaths } from './paths.js';
import { isProcessAlive } from './postmaster.js';
import type { Runner } from './runner.js';

export interface ClusterCredentials {
  /** Password of the role `patchbay`, which owns the database `patchbay` and is no superuser. */
  readonly rolePassword: string;
  readonly superuserPassword: string;
}

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
  const credentials = { rolePassword: randomPassword(), superuserPassword: randomPassword() };
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

/** Undefined when there is no cluster yet. */
async function readCredentials(paths: ClusterPaths): Promise<ClusterCredentials | undefined> {
  let text: string;
  try {
    text = await readFile(paths.credentials, 'utf8');
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw new AppError(
      'unavailable',
      `The built-in database in ${paths.home} cannot be read: it was probably created by another user. ` +
        'Run Patchbay as that user, or set another DATA_DIR.',
      { cause },
    );
  }
  const parsed: unknown = JSON.parse(text);
  if (isCredentials(parsed)) return parsed;
  throw new AppError('unavailable', `${paths.credentials} is damaged. Restore it from a backup.`);
}

function isCredentials(value: unknown): value is ClusterCredentials {
  return (
    typeof value === 'object' &&
    value !== null &&
    'rolePassword' in value &&
    'superuserPassword' in value &&
    typeof value.rolePassword === 'string' &&
    typeof value.superuserPassword === 'string'
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

/** Writes a file that only the cluster's owner can read, durably and as a whole. */
export async function writePrivate(path: string, text: string, runner: Runner): Promise<void> {
  const partial = `${path}.${randomBytes(4).toString('hex')}`;
  const file = await open(partial, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  if (runner.owner !== undefined) await chown(partial, runner.owner.uid, runner.owner.gid);
  await rename(partial, path);
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

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function randomPassword(): string {
  return randomBytes(24).toString('base64url');
}
