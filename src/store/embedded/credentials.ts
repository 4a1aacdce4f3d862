import { randomBytes } from 'node:crypto';
import { chown, open, readFile, rename } from 'node:fs/promises';
import { AppError } from '../../domain/errors.js';
import type { ClusterPaths } from './paths.js';
import type { Runner } from './runner.js';

export interface ClusterCredentials {
  /** Password of the role `patchbay`, which owns the database `patchbay` and is no superuser. */
  readonly rolePassword: string;
  readonly superuserPassword: string;
}

export function generateCredentials(): ClusterCredentials {
  return { rolePassword: randomPassword(), superuserPassword: randomPassword() };
}

/** Undefined when there is no cluster yet. */
export async function readCredentials(paths: ClusterPaths): Promise<ClusterCredentials | undefined> {
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
  const parsed = parseJson(text);
  if (isCredentials(parsed)) return parsed;
  throw new AppError('unavailable', `${paths.credentials} is damaged. Restore it from a backup.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
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

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function randomPassword(): string {
  return randomBytes(24).toString('base64url');
}
