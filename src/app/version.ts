import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of package.json, found upwards from here: sources and the build lie at different depths. */
export function findRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}

export function readVersion(): string {
  const manifest = JSON.parse(readFileSync(join(findRoot(), 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}
