import type { z } from 'zod';
import { AppError } from '../domain/errors.js';
import { backoffDelayMs } from '../lib/backoff.js';
import { HttpClientError, type HttpRequest, type HttpResponse } from '../lib/http-client.js';
import type { IdpDeps } from '../report/idp-port.js';

export interface JsonClientOptions extends Pick<IdpDeps, 'http' | 'now' | 'sleep'> {
  /** How admins call the provider. */
  readonly name: string;
  /** Links to further pages must lead to the same origin. */
  readonly baseUrl: string;
  readonly authorization: (isRetry: boolean) => Promise<string>;
  /** What the provider's answer says about its limits. */
  readonly limits: ReadLimits;
}

/** How long to wait, in milliseconds: `pause` before the next request, `retry` before this one again; null: not. */
export type ReadLimits = (
  response: HttpResponse,
  now: number,
) => { readonly pause: number | null; readonly retry: number | null };

export interface JsonClient {
  /** @throws AppError as IdpReader says */
  get<T>(url: string, schema: z.ZodType<T>): Promise<JsonAnswer<T>>;
  /** null where the provider says that it does not exist. */
  find<T>(url: string, schema: z.ZodType<T>): Promise<T | null>;
  /** `expired` where the provider does not know any more where a list of changes went on. */
  getChanges<T>(url: string, schema: z.ZodType<T>): Promise<T | 'expired'>;
  /** Refuses a link that leads elsewhere: it would be sent the credential. */
  assertOwn(url: string): string;
}

export interface JsonAnswer<T> {
  readonly body: T;
  readonly headers: HttpResponse['headers'];
}

const TRIES = 6;
/** Nobody waits longer than this for one answer: then the run is incomplete and the next one tries again. */
const WAIT_MAX_MS = 5 * 60_000;

export function makeJsonClient(options: JsonClientOptions): JsonClient {
  const { name, baseUrl } = options;
  return {
    async get(url, schema) {
      const response = await sendPatiently(options, url, () => false);
      return { body: parse(name, response, schema), headers: response.headers };
    },
    async find(url, schema) {
      const response = await sendPatiently(options, url, ({ status }) => status === 404);
      return response.status === 404 ? null : parse(name, response, schema);
    },
    async getChanges(url, schema) {
      const response = await sendPatiently(options, url, isExpired);
      return isExpired(response) ? 'expired' : parse(name, response, schema);
    },
    assertOwn(url) {
      const parsed = URL.parse(url, baseUrl);
      if (parsed !== null && parsed.origin === new URL(baseUrl).origin) return parsed.href;
      throw unknownAnswer(name, 'with a link that leads to another server');
    },
  };
}

/** 410, or 400 with a code such as `syncStateNotFound` (interop.md 6). */
function isExpired({ status, body }: HttpResponse): boolean {
  return (
    status === 410 || (status === 400 && /"code"\s*:\s*"(?:syncState|resync)/iu.test(body.toString('utf8')))
  );
}

/** An answer of 2xx, or one that is accepted. Waits as the provider asks, and a little after errors of its own. */
async function sendPatiently(
  options: JsonClientOptions,
  url: string,
  isAccepted: (response: HttpResponse) => boolean,
): Promise<HttpResponse> {
  let isReauthorized = false;
  for (let attempt = 0, renews = false; ; attempt += 1) {
    const answer = await sendOnce(options, url, renews);
    renews = false;
    if ('wait' in answer) {
      if (attempt + 1 >= TRIES) throw answer.error;
      await options.sleep(answer.wait ?? backoffDelayMs(attempt, BACKOFF));
      continue;
    }
    const { response } = answer;
    if (response.status === 401 && !isReauthorized) {
      isReauthorized = true;
      renews = true;
      continue;
    }
    if (isAccepted(response) || (response.status >= 200 && response.status < 300)) return response;
    throw refusal(options.name, response.status);
  }
}

const BACKOFF = { baseMs: 500, capMs: 20_000, random: () => 1 };

type Sent =
  | { readonly response: HttpResponse }
  /** `wait` null: the provider does not say how long. */
  | { readonly wait: number | null; readonly error: AppError };

async function sendOnce(options: JsonClientOptions, url: string, isRetry: boolean): Promise<Sent> {
  const { http, name, limits, now, sleep } = options;
  const authorization = await options.authorization(isRetry);
  const response = await send(
    http,
    { method: 'GET', url, headers: { accept: 'application/json', authorization } },
    name,
  );
  if (response instanceof AppError) return { wait: null, error: response };
  const { pause, retry } = limits(response, now());
  if (retry !== null) {
    const error = limited(name, now() + retry);
    if (retry > WAIT_MAX_MS) throw error;
    return { wait: retry, error };
  }
  if (response.status >= 500 || response.status === 408)
    return { wait: null, error: ill(name, response.status) };
  if (pause !== null) await sleep(Math.min(pause, WAIT_MAX_MS));
  return { response };
}

/** One request. An error that may pass is a value; any other is thrown. */
export async function send(
  http: IdpDeps['http'],
  request: HttpRequest,
  name: string,
): Promise<HttpResponse | AppError> {
  try {
    return await http.request(request);
  } catch (error) {
    if (!(error instanceof HttpClientError)) throw error;
    switch (error.failure) {
      case 'invalidUrl':
      case 'refusedAddress':
        throw new AppError('invalid', `The address of ${name} cannot be used. ${error.message}`, {
          cause: error,
        });
      case 'redirect':
      case 'tooLarge':
        throw unknownAnswer(name, `in a way that is not accepted. ${error.message}`);
      case 'unreachable':
      case 'timeout':
      case 'aborted':
      case 'connectionLost':
        return new AppError('unavailable', `${name} did not answer. ${error.message}`, { cause: error });
    }
  }
}

function parse<T>(name: string, { body }: HttpResponse, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw unknownAnswer(name, 'with something that is not JSON');
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  throw unknownAnswer(name, `in a shape that is not known${where === '' ? '' : ` (${where})`}`);
}

/** Nothing may be concluded from an answer that is not understood as a whole. */
export function unknownAnswer(name: string, how: string): AppError {
  return new AppError(
    'contract',
    `${name} answered ${how}. Nothing was concluded from it. Check the settings of the connection.`,
  );
}

export function refusal(name: string, status: number): AppError {
  if (status === 401) {
    return new AppError(
      'credential',
      `${name} refused the credential. Enter a valid one; until then pushes that were missed go unseen.`,
    );
  }
  if (status === 403) {
    return new AppError(
      'credential',
      `${name} does not let this credential read people or groups. Grant it the read permissions that the connection’s page names.`,
    );
  }
  return unknownAnswer(name, `with status ${status}`);
}

function ill(name: string, status: number): AppError {
  return new AppError(
    'unavailable',
    `${name} is not well at the moment (status ${status}). It is tried again.`,
  );
}

function limited(name: string, retryAtMs: number): AppError {
  return new AppError('rateLimited', `${name} asks for a pause: too many requests in its eyes.`, {
    retryAt: new Date(retryAtMs),
  });
}
