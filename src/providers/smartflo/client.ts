import type { z } from 'zod';
import type { HttpRequest, HttpResponse, ProviderDeps } from '../port.js';
import { readRetryAfter } from '../retry-after.js';
import { fillRoute } from '../route.js';
import { isFailure, rateLimited, refusalOf, unknownShape, type CallPurpose } from './errors.js';
import { makeSession } from './session.js';
import type { SmartfloConfig, SmartfloSecrets } from './settings.js';

export interface SmartfloCall extends CallPurpose {
  readonly method: HttpRequest['method'];
  /** Path with `:name` for every part that `params` fills in. */
  readonly route: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: object;
}

export interface SmartfloClient {
  /**
   * One request, without retries, save that an expired login is renewed once. A 2xx that says that it failed is a
   * refusal; an empty body is `undefined` to `answer`.
   * @throws AppError of the kinds that the provider port names
   */
  request<Answer>(call: SmartfloCall, answer: z.ZodType<Answer>): Promise<Answer>;
  passwordDaysLeft(): number | null;
}

/** Bearer token and JSON over the account's transport (vendors.md 2.1), paced, errors translated. */
export function makeSmartfloClient({
  config,
  secrets,
  deps,
}: {
  readonly config: SmartfloConfig;
  readonly secrets: SmartfloSecrets;
  readonly deps: ProviderDeps;
}): SmartfloClient {
  const { baseUrl } = config;
  const session = makeSession({ secrets, baseUrl, send: pacedSend });

  async function pacedSend(request: HttpRequest): Promise<HttpResponse> {
    await deps.pacer.take(1);
    return deps.send(request);
  }

  async function send(call: SmartfloCall): Promise<HttpResponse> {
    const token = await session.token();
    const response = await pacedSend(toRequest(call, baseUrl, token));
    if (response.status === 401 && session.renew(token)) return send(call);
    return response;
  }

  function checkLimit(call: SmartfloCall, { status, headers }: HttpResponse): void {
    if (status !== 429) return;
    const now = deps.now();
    const retryAt = readRetryAfter(headers['retry-after'], now) ?? now + config.retryWaitSeconds * 1000;
    deps.pacer.observe({ retryAt });
    throw rateLimited(call, retryAt);
  }

  return {
    passwordDaysLeft: session.passwordDaysLeft,
    async request(call, answer) {
      const response = await send(call);
      checkLimit(call, response);
      const isGood = response.status >= 200 && response.status < 300 && !isFailure(response.body);
      if (isGood) return readAnswer(call, response.body, answer);
      throw refusalOf(call, response, { now: deps.now(), acceptBare404: config.acceptBare404 });
    },
  };
}

function toRequest(call: SmartfloCall, baseUrl: string, token: string): HttpRequest {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(call.query ?? {})) query.set(name, String(value));
  const path = fillRoute(call.route, call.params ?? {});
  return {
    method: call.method,
    url: `${baseUrl}${path}${query.size === 0 ? '' : `?${query.toString()}`}`,
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
  };
}

function readAnswer<Answer>(call: SmartfloCall, body: string, answer: z.ZodType<Answer>): Answer {
  const parsed = answer.safeParse(parseJson(call, body));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw unknownShape(call, `${issue?.path.join('.') || 'answer'}: ${issue?.code ?? 'unexpected'}`);
}

function parseJson(call: SmartfloCall, body: string): unknown {
  if (body.trim() === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    // Without the cause: its message quotes the answer, which holds personal data.
    throw unknownShape(call, 'not JSON');
  }
}
