import { mkdirSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * `each-write`: on disk before the answer is sent, so `kill -9` forgets nothing that was answered.
 * `debounced`: at most a quarter of a second behind. `none`: written on an orderly stop only.
 */
export type Durability = 'each-write' | 'debounced' | 'none';

export interface StateFile {
  /** The parsed content, or null when there is no file yet. Throws when the file cannot be read as JSON. */
  read(): unknown;
  /** Something changed that may be written later. */
  changed(): void;
  /** Something changed; resolves when it is as durable as the setting demands. */
  settle(): Promise<void>;
  /** Writes what is outstanding. */
  close(): Promise<void>;
}

const DEBOUNCE_MS = 250;

/** A whole-file snapshot, replaced atomically; changes that arrive during a write share the next one. */
export function makeStateFile({
  file,
  durability,
  serialise,
}: {
  readonly file: string | undefined;
  readonly durability: Durability;
  readonly serialise: () => string;
}): StateFile {
  let isDirty = false;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;
  let queued: Promise<void> | undefined;

  async function write(target: string): Promise<void> {
    isDirty = false;
    const temporary = `${target}.${process.pid}.tmp`;
    try {
      await writeFile(temporary, serialise(), { mode: 0o600 });
      await rename(temporary, target);
    } catch (error) {
      isDirty = true;
      throw error;
    }
  }

  async function writeAfterCurrent(target: string): Promise<void> {
    await writing?.catch(() => undefined);
    queued = undefined;
    writing = write(target);
    await writing;
  }

  function commit(): Promise<void> {
    if (file === undefined) return Promise.resolve();
    queued ??= writeAfterCurrent(file);
    return queued;
  }

  function commitSoon(): void {
    // A failed background write leaves the state dirty: the next one, or close(), reports it.
    timer ??= setTimeout(() => {
      timer = undefined;
      commit().catch(() => undefined);
    }, DEBOUNCE_MS).unref();
  }

  function changed(): void {
    isDirty = true;
    if (file !== undefined && durability !== 'none') commitSoon();
  }

  if (file !== undefined) mkdirSync(dirname(file), { recursive: true });
  return {
    read: () => (file === undefined ? null : readJson(file)),
    changed,
    async settle() {
      if (durability !== 'each-write') return changed();
      isDirty = true;
      await commit();
    },
    async close() {
      clearTimeout(timer);
      timer = undefined;
      await (isDirty ? commit() : (queued ?? writing));
    },
  };
}

function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`The sandbox state file ${file} is not JSON. Restore it, or delete it to start empty.`, {
      cause,
    });
  }
}
