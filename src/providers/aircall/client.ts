import type { z } from 'zod';
import type { HttpRequest, HttpResponse, ProviderDeps } from '../port.js';
import { rateLimited, refusalOf, unknownShape, type CallPurpose } from './errors.js';
import { fillRoute } from '../route.js';
import { readLimitSignal } from './limits.js';
import type { AircallConfig, AircallSecrets } from './settings.js';

export interface AircallCall extends CallPurpose {
  readonly method: HttpRequest['method'];
  /** Path with `:name` for every part that `params` fills in. */
  readonly route: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: object;
}

export interface AircallClient {
  /**
   * One request, without retries. Any 2xx is success, since recorded and documented statuses differ
   * (vendors.md 1.5); an empty body is `undefined` to `answer`.
   * @throws AppError of the kinds that the provider port names
   */
  request<Answer>(call: AircallCall, answer: z.ZodType<Answer>): Promise<Answer>;
}

/** Basic auth and JSON over the account's transport (vendors.md 1.1), paced, errors translated. */
export function makeAircallClient({
  config,
  secrets,
  deps,
}: {
  readonly config: AircallConfig;
  readonly secrets: AircallSecrets;
  readonly deps: ProviderDeps;
}): AircallClient {
  const pair = Buffer.from(`${secrets.apiId}:${secrets.apiToken}`, 'utf8').toString('base64');

  async function send(call: AircallCall): Promise<HttpResponse> {
    const request = toRequest(call, config.baseUrl, `Basic ${pair}`);
    await deps.pacer.take(1);
    const response = await deps.send(request);
    const signal = readLimitSignal(response, deps.now(), config.retryWaitSeconds);
    if (signal !== null) deps.pacer.observe(signal);
    if (signal?.retryAt !== undefined) throw rateLimited(call, signal.retryAt);
    return response;
  }

  return {
    async request(call, answer) {
      const response = await send(call);
      if (response.status < 200 || response.status > 299) {
        throw refusalOf(call, response, { now: deps.now(), acceptBare404: config.acceptBare404 });
      }
      return readAnswer(call, response.body, answer);
    },
  };
}

function toRequest(call: AircallCall, baseUrl: string, authorization: string): HttpRequest {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(call.query ?? {})) query.set(name, String(value));
  return {
    method: call.method,
    url: `${baseUrl}${fillRoute(call.route, call.params ?? {})}${query.size === 0 ? '' : `?${query.toString()}`}`,
    headers: {
      authorization,
      accept: 'application/json',
      // Demanded on every POST, PUT and DELETE, body or none (vendors.md 1.1).
      ...(call.method === 'GET' ? {} : { 'content-type': 'application/json' }),
    },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
  };
}

function readAnswer<Answer>(call: AircallCall, body: string, answer: z.ZodType<Answer>): Answer {
  const parsed = answer.safeParse(parseJson(call, body));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw unknownShape(call, `${issue?.path.join('.') || 'answer'}: ${issue?.code ?? 'unexpected'}`);
}

function parseJson(call: AircallCall, body: string): unknown {
  if (body.trim() === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    // Without the cause: its message quotes the answer, which holds personal data.
    throw unknownShape(call, 'not JSON');
  }
}
