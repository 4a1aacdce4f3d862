import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { AppError } from '../domain/errors.js';
import type { ArchiveSink } from '../deprovision/archive/ports.js';

/** An archive in a directory. A file appears under its name complete and on disk, or not at all. */
export function makeDirectorySink(root: string): ArchiveSink {
  const base = resolve(root);
  return {
    place: `directory:${base}`,
    async write(key, body) {
      const path = pathOf(base, key);
      await mkdir(dirname(path), { recursive: true });
      const partial = `${path}.${randomBytes(4).toString('hex')}.partial`;
      try {
        await writeWhole(partial, body);
        await rename(partial, path);
        await syncDirectory(dirname(path));
      } catch (error) {
        await rm(partial, { force: true });
        throw error;
      }
    },
    async read(key) {
      const path = pathOf(base, key);
      try {
        await access(path);
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
      return createReadStream(path) as AsyncIterable<Uint8Array>;
    },
    remove: (key) => rm(pathOf(base, key), { force: true }),
  };
}

async function writeWhole(path: string, body: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of body) await file.writeFile(chunk);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The name of a new file is as lasting as the file only once its directory is on disk. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Keys are ours, but call ids in them are the vendor's: none may lead out of the archive. */
function pathOf(base: string, key: string): string {
  const path = resolve(join(base, key));
  if (path.startsWith(base + sep)) return path;
  throw new AppError('invalid', 'An object of the archive has a name that leads out of it.');
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
