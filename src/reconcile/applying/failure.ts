import { isAppError, type ErrorKind } from '../../domain/errors.js';

/**
 * What a failed vendor call means for the rest of the work.
 * `pause`: no further call until a person resumes the account. `wait`: the slice ends, nothing was used up.
 * `skip`: this person waits a while, others go on. `ask`: a person has to correct the data. `replan`: the world is
 * not as the plan saw it. `lost`: another worker has the account now.
 */
export type FailureCourse = 'pause' | 'wait' | 'skip' | 'ask' | 'replan' | 'lost';

export interface Failure {
  readonly course: FailureCourse;
  readonly kind: ErrorKind;
  readonly message: string;
  readonly retryAt: Date | null;
  /** The vendor itself is ill, as opposed to refusing this one thing. */
  readonly isVendorIll: boolean;
}

/** Reads an error of a vendor call. Anything that is not an AppError is ours: `bug`. */
export function readFailure(error: unknown): Failure {
  if (!isAppError(error)) {
    return failure('skip', 'bug', 'Patchbay made a mistake here; the log has it.', null);
  }
  return failure(courseOf(error.kind), error.kind, error.message, error.retryAt ?? null);
}

function failure(course: FailureCourse, kind: ErrorKind, message: string, retryAt: Date | null): Failure {
  return { course, kind, message, retryAt, isVendorIll: kind === 'unavailable' || kind === 'contract' };
}

function courseOf(kind: ErrorKind): FailureCourse {
  switch (kind) {
    case 'credential':
    case 'unauthenticated':
    case 'forbidden':
      return 'pause';
    case 'rateLimited':
      return 'wait';
    case 'invalid':
    case 'conflict':
    case 'capability':
    case 'tooLarge':
      return 'ask';
    case 'stale':
    case 'notFound':
      return 'replan';
    case 'unavailable':
    case 'contract':
    case 'held':
    case 'bug':
      return 'skip';
  }
}
