import { isAppError } from '../domain/errors.js';
import type { DrainReport } from '../reconcile/draining/drain.js';

/**
 * What follows from a job. `done`: nothing. `again`: the same job at once. `later`: the same job at that moment.
 * `failed`: it is over with an error that somebody should see; the rows still say what is left, so the next sweep
 * finds it.
 */
export type JobOutcome =
  | { readonly type: 'done' | 'again' }
  | { readonly type: 'later'; readonly at: Date }
  | { readonly type: 'failed'; readonly error: unknown };

/** How a drain's end becomes a job's. A busy account is being worked on, a paused one waits for a person. */
export function outcomeOfDrain(report: DrainReport): JobOutcome {
  switch (report.type) {
    case 'more':
      return { type: 'again' };
    case 'wait':
      return { type: 'later', at: report.retryAt };
    case 'idle':
    case 'busy':
    case 'paused':
    case 'gone':
      return { type: 'done' };
  }
}

const UNAVAILABLE_RETRY_MS = 5_000;

/**
 * How an error becomes a job's end. No attempts are counted: what can pass is tried later, what cannot is left to
 * the rows and to whoever reads the log.
 */
export function outcomeOfError(error: unknown, now: Date): JobOutcome {
  if (isAppError(error, 'rateLimited') && error.retryAt !== undefined)
    return { type: 'later', at: error.retryAt };
  if (isAppError(error, 'unavailable')) {
    return { type: 'later', at: new Date(now.getTime() + UNAVAILABLE_RETRY_MS) };
  }
  return { type: 'failed', error };
}
