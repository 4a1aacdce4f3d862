import type { Logger } from 'pino';
import { AppError, isAppError, type ErrorKind, type ScimType } from '../domain/errors.js';
import type { Clock } from '../lib/clock.js';
import { ScimReply } from './reply.js';

const ERROR_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:Error';

/** HTTP status of every kind at this edge (RFC 7644 section 3.12). An IdP acts on 401 and 404: nothing unknown is one. */
const STATUS: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  notFound: 404,
  conflict: 409,
  stale: 412,
  tooLarge: 413,
  rateLimited: 429,
  bug: 500,
  credential: 500,
  contract: 500,
  capability: 501,
  held: 500,
  unavailable: 503,
};

const DEFAULT_SCIM_TYPE: Partial<Readonly<Record<ErrorKind, ScimType>>> = {
  invalid: 'invalidValue',
  conflict: 'uniqueness',
};

/** An IdP that is told nothing waits far longer: Okta five minutes. */
const UNAVAILABLE_RETRY_SECONDS = 5;

export interface ErrorReplyDeps {
  readonly clock: Clock;
  readonly log: Logger;
}

/** The one place where errors become SCIM answers. What is not known is 500 with a generic text, and logged. */
export function errorReply(error: unknown, deps: ErrorReplyDeps): ScimReply {
  const known = knownError(error);
  const status = STATUS[known.kind];
  if (status >= 500) deps.log.error({ err: error }, 'SCIM request failed');
  const scimType = known.scimType ?? DEFAULT_SCIM_TYPE[known.kind];
  const body = {
    schemas: [ERROR_SCHEMA],
    status: String(status),
    ...(scimType === undefined ? {} : { scimType }),
    detail:
      status === 500 ? 'Something failed on our side; nothing was changed. Try again later.' : known.message,
  };
  return new ScimReply(status, JSON.stringify(body), errorHeaders(known, deps.clock));
}

function knownError(error: unknown): AppError {
  if (isAppError(error)) return error;
  return bodyError(error) ?? new AppError('bug', 'Unexpected error.', { cause: error });
}

/** What the body parser refuses, by the codes that it documents. */
function bodyError(error: unknown): AppError | null {
  if (!(error instanceof Error)) return null;
  switch ('type' in error ? error.type : null) {
    case 'entity.too.large':
      return new AppError(
        'tooLarge',
        'The request body is larger than this server accepts. Send less at a time.',
      );
    case 'entity.parse.failed':
      return new AppError('invalid', 'The request body is not valid JSON.', { scimType: 'invalidSyntax' });
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new AppError('invalid', 'The request body must be JSON in UTF-8.', {
        scimType: 'invalidSyntax',
      });
    case 'request.aborted':
    case 'request.size.invalid':
      return new AppError('invalid', 'The request body ended early.', { scimType: 'invalidSyntax' });
    default:
      return clientError(error);
  }
}

/** Other errors of Express and its body parser say by their status that the request is at fault. */
function clientError(error: Error): AppError | null {
  const isClients =
    'status' in error && typeof error.status === 'number' && error.status >= 400 && error.status < 500;
  if (!isClients) return null;
  return new AppError('invalid', 'The request could not be read. Check its address, encoding and syntax.', {
    scimType: 'invalidSyntax',
  });
}

function errorHeaders(error: AppError, clock: Clock): Readonly<Record<string, string>> {
  if (error.kind === 'unauthenticated') {
    return { 'WWW-Authenticate': 'Bearer realm="SCIM", error="invalid_token"' };
  }
  if (error.retryAt !== undefined) {
    // Okta understands whole seconds only.
    const seconds = Math.ceil((error.retryAt.getTime() - clock.now().getTime()) / 1000);
    return { 'Retry-After': String(Math.max(1, seconds)) };
  }
  return error.kind === 'unavailable' ? { 'Retry-After': String(UNAVAILABLE_RETRY_SECONDS) } : {};
}
