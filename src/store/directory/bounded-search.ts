import { sql } from 'kysely';
import { AppError } from '../../domain/errors.js';
import type { Db } from '../database.js';
import { sqlState } from '../pg-errors.js';

/** Postgres ended the statement because it took longer than allowed. */
const QUERY_CANCELED = '57014';

/**
 * Runs a search that may have to read every row of the tenant, and ends it after `timeoutMs`: a client could otherwise
 * keep every connection busy with filters that are short to write and long to answer. Throws AppError `invalid`
 * (`tooMany`, RFC 7644 section 3.12) then.
 */
export async function boundedSearch<T>(
  db: Db,
  timeoutMs: number,
  search: (db: Db) => Promise<T>,
): Promise<T> {
  try {
    return await db.transaction().execute(async (trx) => {
      await sql`select set_config('statement_timeout', ${String(timeoutMs)}, true)`.execute(trx);
      return search(trx);
    });
  } catch (error) {
    if (sqlState(error) !== QUERY_CANCELED) throw error;
    throw new AppError(
      'invalid',
      'This search takes too long. Ask with fewer conditions, or by userName, externalId, e-mail or id.',
      { cause: error, scimType: 'tooMany' },
    );
  }
}
