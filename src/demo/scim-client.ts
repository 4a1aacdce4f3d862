/** A plain SCIM client with an IdP's headers. It knows nothing of Patchbay beyond RFC 7644. */
export interface ScimClient {
  get(path: string): Promise<ScimAnswer>;
  send(method: 'POST' | 'PUT' | 'PATCH', path: string, body: unknown): Promise<ScimAnswer>;
}

export interface ScimAnswer {
  readonly status: number;
  readonly body: ScimBody;
}

export interface ScimBody {
  readonly id?: string;
  readonly totalResults?: number;
  readonly Resources?: readonly ScimBody[];
  readonly detail?: string;
  readonly members?: readonly { readonly value: string }[];
  readonly [attribute: string]: unknown;
}

export interface ScimClientOptions {
  readonly baseUrl: string;
  /** The whole Authorization header: Okta's header mode sends the bare token. */
  readonly authorization: string;
  readonly userAgent: string;
  readonly signal?: AbortSignal;
}

const MAX_TRIES = 100;

/**
 * Retries what an IdP would retry (429, 503, broken connections), for about three minutes; anything else is thrown. A 409 to
 * a second try is an answer: the first one had arrived, and whoever asked can look for what it made.
 */
export function makeScimClient(options: ScimClientOptions): ScimClient {
  const request = async (method: string, path: string, body?: unknown): Promise<ScimAnswer> => {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await tryOnce(options, method, path, body);
      const isThere = attempt > 1 && answer?.status === 409;
      if (answer !== null && (answer.status < 300 || isThere)) return answer;
      const mayRetry = answer === null || answer.status === 429 || answer.status >= 500;
      if (!mayRetry || attempt === MAX_TRIES) throw new Error(describeFailure(method, path, answer));
      await pause(Math.min(2_000, 100 * attempt));
    }
  };
  return { get: (path) => request('GET', path), send: request };
}

async function tryOnce(
  options: ScimClientOptions,
  method: string,
  path: string,
  body: unknown,
): Promise<ScimAnswer | null> {
  try {
    const response = await fetch(`${options.baseUrl}${path}`, {
      method,
      headers: {
        authorization: options.authorization,
        accept: 'application/scim+json',
        'user-agent': options.userAgent,
        ...(body === undefined ? {} : { 'content-type': 'application/scim+json; charset=utf-8' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as ScimBody) };
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    return null;
  }
}

function describeFailure(method: string, path: string, answer: ScimAnswer | null): string {
  const what = `${method} ${path.split('?', 1)[0]}`;
  if (answer === null) return `${what}: no answer. Is Patchbay running? Start it with: npm start`;
  return `${what}: ${answer.status} ${answer.body.detail ?? ''}`;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
