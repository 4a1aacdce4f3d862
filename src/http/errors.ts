import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { isAppError, unreachable, type AppError, type ErrorKind } from '../domain/errors.js';

/** HTTP status of each error kind, outside SCIM (which has an error body of its own). */
export function httpStatus(kind: ErrorKind): number {
  switch (kind) {
    case 'invalid':
      return 400;
    case 'unauthenticated':
      return 401;
    case 'forbidden':
      return 403;
    case 'notFound':
      return 404;
    case 'conflict':
    case 'held':
      return 409;
    case 'stale':
      return 412;
    case 'tooLarge':
      return 413;
    case 'rateLimited':
      return 429;
    case 'capability':
      return 501;
    case 'credential':
    case 'contract':
      return 502;
    case 'unavailable':
      return 503;
    case 'bug':
      return 500;
    default:
      return unreachable(kind);
  }
}

/** Whole seconds until a retry makes sense; IdPs obey only integer seconds (Okta treats dates as five minutes). */
export function retryAfterSeconds(error: AppError, now: Date): string | null {
  if (error.retryAt === undefined) return error.kind === 'unavailable' ? '5' : null;
  return String(Math.max(1, Math.ceil((error.retryAt.getTime() - now.getTime()) / 1000)));
}

/** Answer for paths that nothing serves. */
export const notFound: RequestHandler = (_request, response) => {
  response.status(404).json({ error: { kind: 'notFound', message: 'There is nothing at this address.' } });
};

/** Last handler of the shell: known errors by their kind, everything else as 500 without detail. */
export function makeErrorHandler(deps: {
  readonly log: Logger;
  readonly now: () => Date;
}): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const { status, kind, message } = describe(error);
    if (status >= 500) deps.log.error({ err: error }, 'request failed');
    const retryAfter = isAppError(error) ? retryAfterSeconds(error, deps.now()) : null;
    if (retryAfter !== null) response.set('Retry-After', retryAfter);
    response.status(status).json({ error: { kind, message } });
  };
}

function describe(error: unknown): { status: number; kind: ErrorKind; message: string } {
  if (isAppError(error) && error.kind !== 'bug') {
    return { status: httpStatus(error.kind), kind: error.kind, message: error.message };
  }
  // body-parser and friends carry a client error's status.
  if (error instanceof Error && 'status' in error && typeof error.status === 'number' && error.status < 500) {
    const kind = error.status === 413 ? 'tooLarge' : 'invalid';
    return {
      status: error.status,
      kind,
      message: 'The request could not be read. Check its syntax and size.',
    };
  }
  return {
    status: 500,
    kind: 'bug',
    message: 'Something failed on our side. Nothing was changed; the log has the cause.',
  };
}
