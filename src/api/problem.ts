import type { Response } from 'express';
import { isAppError, type AppError, type ErrorKind } from '../domain/errors.js';

/** The errors that every call may end in. */
export const COMMON_ERRORS = ['unauthenticated', 'forbidden', 'rateLimited', 'unavailable'] as const;

export const PROBLEM_TYPE = 'application/problem+json';

/** RFC 9457: what happened, for people and for programs. */
export function sendProblem(response: Response, status: number, kind: ErrorKind, detail: string): void {
  response
    .status(status)
    .set('Content-Type', PROBLEM_TYPE)
    .send(JSON.stringify({ type: `urn:patchbay:error:${kind}`, title: TITLES[kind], status, detail }));
}

/** What may be told of an error: ours by name, everything else without detail. */
export function tellable(error: unknown): Pick<AppError, 'kind' | 'message'> {
  if (isAppError(error) && error.kind !== 'bug') return error;
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  if (status === 413) return { kind: 'tooLarge', message: 'The body is larger than this server reads.' };
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return { kind: 'invalid', message: 'The body could not be read. Send JSON, UTF-8, as application/json.' };
  }
  return {
    kind: 'bug',
    message: 'Something failed on our side. Nothing was changed; the log has the cause.',
  };
}

const TITLES: Readonly<Record<ErrorKind, string>> = {
  invalid: 'The request is wrong',
  notFound: 'There is no such thing',
  conflict: 'It conflicts with what is there',
  stale: 'It has changed meanwhile',
  unauthenticated: 'No valid token',
  forbidden: 'The token may not do this',
  tooLarge: 'Too large',
  credential: 'The vendor refused the credential',
  rateLimited: 'Too many requests',
  unavailable: 'Not available now',
  contract: 'The vendor answered unexpectedly',
  capability: 'The vendor cannot do this',
  held: 'It waits for approval',
  bug: 'Something failed',
};
