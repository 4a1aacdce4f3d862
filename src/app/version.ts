import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The version in package.json, found upwards from here: sources and the build lie at different depths. */
export function readVersion(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    try {
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
        version?: unknown;
      };
      if (typeof manifest.version === 'string') return manifest.version;
    } catch (error) {
      if (folder === dirname(folder)) throw error;
    }
  }
}
