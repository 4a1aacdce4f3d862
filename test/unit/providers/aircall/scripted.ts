import { aircall } from '../../../../src/providers/aircall/definition.js';
import type {
  HttpRequest,
  HttpResponse,
  LimitSignal,
  Pacer,
  Provider,
} from '../../../../src/providers/port.js';

export const SECRETS = { apiId: 'id-4711', apiToken: '0123456789abcdef0123456789abcdef' };
export const NOW = 1_760_000_000_000;

export interface Scripted {
  readonly provider: Provider;
  readonly sent: readonly HttpRequest[];
  readonly signals: readonly LimitSignal[];
}

/** A provider whose vendor is the given function: a body (sent as 200) or a whole response for each request. */
export function scripted(
  answer: (request: HttpRequest) => Partial<HttpResponse> | object | string,
  { config = {}, take = () => Promise.resolve() }: { config?: object; take?: Pacer['take'] } = {},
): Scripted {
  const sent: HttpRequest[] = [];
  const signals: LimitSignal[] = [];
  const provider = aircall.open(
    aircall.configSchema.parse({ baseUrl: 'https://api.example.com', ...config }),
    aircall.secretSchema.parse(SECRETS),
    {
      accountId: 'account-1',
      now: () => NOW,
      pacer: { take, observe: (signal) => void signals.push(signal) },
      async send(request) {
        sent.push(request);
        return toResponse(answer(request));
      },
    },
  );
  return { provider, sent, signals };
}

function toResponse(answer: Partial<HttpResponse> | object | string): HttpResponse {
  if (typeof answer === 'string') return { status: 200, headers: {}, body: answer };
  if ('status' in answer) return { status: 200, headers: {}, body: '', ...answer };
  return { status: 200, headers: {}, body: JSON.stringify(answer) };
}
