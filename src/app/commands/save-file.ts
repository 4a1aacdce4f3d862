import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../../domain/errors.js';

/** Writes a file that a command was asked for, with the folders to it. Throws AppError `invalid` where that cannot be done. */
export async function saveFile(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('invalid', `The file ${path} cannot be written (${reason}).`, { cause: error });
  }
}
