import { AppError } from '../../domain/errors.js';
import { isDatabaseUnavailable } from '../pg-errors.js';

/** Runs a query; a database that cannot be reached becomes AppError `unavailable`, which an IdP tries again. */
export async function guarded<T>(query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    throw new AppError(
      'unavailable',
      'The directory cannot be reached just now. Nothing was changed; try again.',
      {
        cause: error,
      },
    );
  }
}
