import { promises as fs } from 'node:fs';
import path from 'node:path';
import { Kysely, PostgresDialect } from 'kysely';
import { FileMigrationProvider, Migrator } from 'kysely/migration';
import { Pool } from 'pg';
import { AppError } from '../domain/errors.js';
import { ensureAppRole } from './app-role.js';

const MIGRATION_FOLDER = path.join(import.meta.dirname, '../../db/migrations');

export interface MigrationReport {
  /** Names of the migrations that were applied now, oldest first. */
  readonly applied: readonly string[];
}

/**
 * Brings the database at `url` to the newest schema, under a lock, in one transaction: all pending migrations or
 * none. Throws AppError `unavailable` when the database cannot be reached, `bug` when a migration fails.
 */
export async function migrateToLatest(url: string): Promise<MigrationReport> {
  const pool = new Pool({ connectionString: url, max: 2 });
  // A statement that fails says so itself; an idle connection that is lost would end the process.
  pool.on('error', () => undefined);
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    await assertReachable(pool);
    const report = await runMigrations(db);
    await ensureAppRole(pool);
    return report;
  } finally {
    await db.destroy();
  }
}

async function assertReachable(pool: Pool): Promise<void> {
  try {
    await pool.query('select 1');
  } catch (error) {
    throw new AppError(
      'unavailable',
      'The database cannot be reached, so nothing was migrated. Check DATABASE_URL and that Postgres is running.',
      { cause: error },
    );
  }
}

async function runMigrations(db: Kysely<unknown>): Promise<MigrationReport> {
  const provider = new FileMigrationProvider({ fs, path, migrationFolder: MIGRATION_FOLDER });
  const migrator = new Migrator({ db, provider });
  const { error, results } = await migrator.migrateToLatest();
  const failed = results?.find((result) => result.status === 'Error');
  if (error !== undefined) {
    throw new AppError(
      'bug',
      `The database schema could not be migrated${failed === undefined ? '' : ` (${failed.migrationName})`}. ` +
        'Nothing was changed; the log has the cause.',
      { cause: error },
    );
  }
  return { applied: (results ?? []).map((result) => result.migrationName) };
}
