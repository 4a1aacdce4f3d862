import { AppError, type ErrorKind } from '../../domain/errors.js';
import type { HttpResponse } from '../port.js';
import { readRetryAfter } from '../retry-after.js';
import { parseObject, vendorText } from '../vendor-text.js';

/** What a request was for, in words that complete "Aircall refused to ...", and the route without anybody's data. */
export interface CallPurpose {
  readonly purpose: string;
  readonly method: string;
  readonly route: string;
}

/**
 * The error that an answer other than 2xx and 429 stands for (vendors.md 1.2). 403 is Aircall's word for a wrong
 * key, never for a missing permission. Only a 404 of the application itself says that something does not exist:
 * the edge's bare "Not Found" means that the address is wrong, and nobody may be taken for gone because of it.
 */
export function refusalOf(
  call: CallPurpose,
  response: HttpResponse,
  options: { readonly now: number; readonly acceptBare404: boolean },
): AppError {
  const { status } = response;
  const said = readVendorText(response.body);
  switch (status) {
    case 401:
    case 403:
      return refused(call, status, 'credential', CREDENTIAL_TEXT);
    case 404:
      if (!said.isFromApplication && !options.acceptBare404) break;
      return refused(
        call,
        status,
        'notFound',
        `Aircall knows nothing of what it was asked to ${call.purpose}.`,
      );
    case 400:
    case 405:
    case 409:
    case 413:
    case 422:
      return refused(
        call,
        status,
        'invalid',
        `Aircall refused to ${call.purpose}: ${said.text ?? `status ${status}, without a reason`}`,
      );
    default:
      if (status === 408 || status >= 500) return unavailable(call, response, options.now);
  }
  return refused(
    call,
    status,
    'contract',
    `Aircall answered the request to ${call.purpose} with status ${status}, which Patchbay does not know. Nothing ` +
      'was concluded from it. Check the base URL of the account; if it is right, Aircall has changed its API.',
  );
}

const CREDENTIAL_TEXT =
  'Aircall rejected the API key, so nothing can be read or changed in this account. Create a new key in Aircall ' +
  'under Integrations & API, API Keys, and enter it here.';

/** 429: nothing happened, and nothing may be sent before `retryAt` (milliseconds). */
export function rateLimited(call: CallPurpose, retryAt: number): AppError {
  return new AppError(
    'rateLimited',
    "The company's request limit at Aircall is used up. Work goes on by itself when Aircall allows more; if this " +
      'happens often, lower requestsPerMinute or raise shareForOthers.',
    { retryAt: new Date(retryAt), fields: { ...logFields(call), status: 429 } },
  );
}

/** A 2xx answer that is not what Patchbay understands. `problem` names places and types, never values. */
export function unknownShape(call: CallPurpose, problem: string): AppError {
  return new AppError(
    'contract',
    `Aircall answered the request to ${call.purpose} in a form that Patchbay does not know (${problem}). Nothing ` +
      'was concluded from it. Check the base URL of the account; if it is right, Aircall has changed its API.',
    { fields: { ...logFields(call), problem } },
  );
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
    `Aircall could not be asked to ${call.purpose}: it answered with status ${response.status}. Patchbay tries ` +
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

interface VendorText {
  /** Whether the body is one of the application behind Aircall's edge: it has `error`, the edge has `message`. */
  readonly isFromApplication: boolean;
  readonly text: string | null;
}

/** The edge answers with `message`, the application with `error` and `troubleshoot`. */
function readVendorText(body: string): VendorText {
  const parsed = parseObject(body);
  return {
    isFromApplication: parsed['error'] !== undefined,
    text: vendorText([parsed['error'], parsed['troubleshoot'], parsed['message']]),
  };
}
