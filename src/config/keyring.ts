import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../domain/errors.js';
import { generateKeyringEntry, type Keyring, KeyringError, parseKeyring } from '../lib/crypto.js';
import type { Config } from './config.js';

/**
 * The keys for stored secrets: those of the configuration, or, with the built-in database only, one that is
 * generated into `<dataDir>/keys` at the first start and read from there ever after.
 * @throws AppError `unavailable` when the file is damaged or cannot be read or written.
 */
export async function loadKeyring(config: Pick<Config, 'encryptionKeys' | 'dataDir'>): Promise<Keyring> {
  if (config.encryptionKeys !== undefined) return config.encryptionKeys;
  const path = join(config.dataDir, 'keys');
  try {
    return parseKeyring((await readKeys(path)) ?? (await createKeys(config.dataDir, path)));
  } catch (cause) {
    const reason = cause instanceof KeyringError ? ` ${cause.message}` : '';
    throw new AppError(
      'unavailable',
      `The keys for stored secrets in ${path} cannot be used.${reason} ` +
        'Restore the file from a backup and make it readable for this user, or set PATCHBAY_ENCRYPTION_KEYS. ' +
        'A new key could not read the secrets that are stored already.',
      { cause },
    );
  }
}

async function readKeys(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Complete or not at all, and never over an existing file: two processes that start together use one key. An id
 * of its own, so that secrets written with a lost key are told from damaged ones.
 */
async function createKeys(dataDir: string, path: string): Promise<string> {
  await mkdir(dataDir, { recursive: true });
  const partial = `${path}.${randomBytes(4).toString('hex')}`;
  const file = await open(partial, 'w', 0o600);
  try {
    await file.writeFile(`${generateKeyringEntry(`generated-${randomBytes(4).toString('hex')}`)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await link(partial, path).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  });
  await rm(partial);
  await chmod(path, 0o600);
  return readFile(path, 'utf8');
}
