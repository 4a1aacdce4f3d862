import type { Db } from './database.js';
import { sqlState } from './pg-errors.js';

/** Deadlock detected, serialization failure: Postgres ended one of two transactions, which may be tried again. */
const RETRYABLE = new Set(['40P01', '40001']);
const MAX_ATTEMPTS = 4;

/** Runs a statement, or a whole transaction, again where Postgres ended it for the sake of another one. */
export async function retried<T>(attempt: () => Promise<T>): Promise<T> {
  for (let count = 1; ; count += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (count >= MAX_ATTEMPTS || !RETRYABLE.has(sqlState(error) ?? '')) throw error;
    }
  }
}

/**
 * A transaction that is tried again as a whole. `work` does nothing but ask and change the database: whatever else it
 * did would be done twice.
 */
export function inTransaction<T>(db: Db, work: (trx: Db) => Promise<T>): Promise<T> {
  return retried(() => db.transaction().execute(work));
}
