import { AppError, type ErrorKind } from '../../domain/errors.js';
import type { HttpResponse } from '../port.js';
import { readRetryAfter } from '../retry-after.js';
import { parseObject, vendorText } from '../vendor-text.js';

/** What a request was for, in words that complete "Smartflo refused to ...", and the route without anybody's data. */
export interface CallPurpose {
  readonly purpose: string;
  readonly method: string;
  readonly route: string;
}

/**
 * Whether the body says that it did not work, whatever the status: `success` and `Success` come as booleans and as
 * text (vendors.md 2.1, 2.2).
 */
export function isFailure(body: string): boolean {
  const said = successOf(parseObject(body));
  return said === false || (typeof said === 'string' && said.trim().toLowerCase() === 'false');
}

/**
 * The error that an answer stands for that is no success (vendors.md 2.1, 2.2). Only the application itself, whose
 * answers hold `success` or `errors`, can say that something does not exist: a bare message is the framework's word
 * for a wrong address, and nobody may be taken for gone because of it.
 */
export function refusalOf(
  call: CallPurpose,
  response: HttpResponse,
  options: { readonly now: number; readonly acceptBare404: boolean },
): AppError {
  const { status } = response;
  const said = readVendorText(response.body);
  if (status === 401 || status === 403) return refused(call, status, 'credential', CREDENTIAL_TEXT);
  if (status === 404 && (said.isFromApplication || options.acceptBare404)) {
    return refused(
      call,
      status,
      'notFound',
      `Smartflo knows nothing of what it was asked to ${call.purpose}.`,
    );
  }
  if (status === 408 || status >= 500) return unavailable(call, response, options.now);
  if ([400, 405, 409, 413, 422].includes(status) || (status >= 200 && status < 300)) {
    return refused(
      call,
      status,
      'invalid',
      `Smartflo refused to ${call.purpose}: ${said.text ?? `status ${status}, without a reason`}`,
    );
  }
  return refused(
    call,
    status,
    'contract',
    `Smartflo answered the request to ${call.purpose} with status ${status}, which Patchbay does not know. Nothing ` +
      'was concluded from it. Check the base URL of the account; if it is right, Smartflo has changed its API.',
  );
}

const CREDENTIAL_TEXT =
  'Smartflo rejected the credential, so nothing can be read or changed in this account. Create a permanent token in ' +
  'Smartflo under Settings, API Connect, API Tokens, and enter it here.';

/**
 * A refused login. It is never tried again by itself: Smartflo locks the login after a few failures
 * (vendors.md 2.1).
 */
export function loginRefused(body: string): AppError {
  const count = parseObject(body)['login_failed_count'];
  const times = typeof count === 'number' ? ` It was failure number ${count} in a row.` : '';
  return new AppError(
    'credential',
    `Smartflo rejected the login and its password.${times} It is not tried again, because Smartflo locks a login ` +
      'after a few failures. Enter the right password, or better a permanent token (Settings, API Connect, API Tokens).',
    { fields: { route: 'POST /v1/auth/login' } },
  );
}

/** 429: nothing happened, and nothing may be sent before `retryAt` (milliseconds). */
export function rateLimited(call: CallPurpose, retryAt: number): AppError {
  return new AppError(
    'rateLimited',
    "The account's request limit at Smartflo is used up. Work goes on by itself when Smartflo allows more; if this " +
      'happens often, lower requestsPerMinute or raise shareForOthers.',
    { retryAt: new Date(retryAt), fields: { ...logFields(call), status: 429 } },
  );
}

/** An answer that is not what Patchbay understands. `problem` names places and types, never values. */
export function unknownShape(call: CallPurpose, problem: string): AppError {
  return new AppError(
    'contract',
    `Smartflo answered the request to ${call.purpose} in a form that Patchbay does not know (${problem}). Nothing ` +
      'was concluded from it. Check the base URL of the account; if it is right, Smartflo has changed its API.',
    { fields: { ...logFields(call), problem } },
  );
}

/** What Smartflo's API has no way for. */
export function incapable(what: string, remedy: string): AppError {
  return new AppError('capability', `Smartflo has no way for other software to ${what}. ${remedy}`);
}

/** The HTTP status behind an error of this file, null for any other error. */
export function statusOf(error: unknown): number | null {
  const status = error instanceof AppError ? error.fields['status'] : undefined;
  return typeof status === 'number' ? status : null;
}

function unavailable(call: CallPurpose, response: HttpResponse, now: number): AppError {
  const retryAt = readRetryAfter(response.headers['retry-after'], now);
  return new AppError(
    'unavailable',
    `Smartflo could not be asked to ${call.purpose}: it answered with status ${response.status}. Patchbay tries ` +
      'again by itself.',
    {
      ...(retryAt === null ? {} : { retryAt: new Date(retryAt) }),
      fields: { ...logFields(call), status: response.status },
    },
  );
}

function refused(call: CallPurpose, status: number, kind: ErrorKind, message: string): AppError {
  return new AppError(kind, message, { fields: { ...logFields(call), status } });
}

function logFields({ method, route }: CallPurpose): { readonly route: string } {
  return { route: `${method} ${route}` };
}

function successOf(parsed: Readonly<Record<string, unknown>>): unknown {
  return parsed['success'] ?? parsed['Success'];
}

function readVendorText(body: string): {
  /** The framework in front of the application answers with nothing but `message`. */
  readonly isFromApplication: boolean;
  readonly text: string | null;
} {
  const parsed = parseObject(body);
  const { errors } = parsed;
  const details = typeof errors === 'object' && errors !== null ? Object.values(errors).flat() : [];
  const message = parsed['message'] ?? parsed['Message'];
  return {
    isFromApplication: successOf(parsed) !== undefined || errors !== undefined,
    text: vendorText([message, parsed['Error'], ...details.filter((detail) => detail !== message)]),
  };
}
