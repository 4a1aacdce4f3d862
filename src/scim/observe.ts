import type { Request, Response } from 'express';
import { BODY_READ_MAX, type ScimObserver } from '../administration/scim-requests.js';
import type { ScimPrincipal } from '../directory/access.js';
import type { Clock } from '../lib/clock.js';

export interface ObserveDeps {
  readonly observe: ScimObserver;
  readonly clock: Clock;
  readonly correlationId: string | null;
}

/** Tells the observer of this exchange once it is over. Costs the request nothing but a few references. */
export function observeExchange(
  request: Request,
  response: Response,
  principal: ScimPrincipal,
  { observe, clock, correlationId }: ObserveDeps,
): void {
  const at = clock.now();
  const startedMs = performance.now();
  const url = request.url;
  const sent = watchBody(response);
  response.once('close', () => {
    const { body, bytes } = bodyOf(request);
    const answer = sent();
    const responseBytes = Buffer.byteLength(answer);
    observe({
      ...principal,
      at,
      durationMs: performance.now() - startedMs,
      method: request.method,
      url,
      status: response.statusCode,
      requestBody: body,
      requestBytes: bytes,
      responseBody: responseBytes > 0 && responseBytes <= BODY_READ_MAX ? answer.toString() : null,
      responseBytes,
      userAgent: request.get('user-agent') ?? '',
      correlationId,
    });
  });
}

/** Every answer of ours is written by one `end` (reply.ts): what it is given is the body. */
function watchBody(response: Response): () => string | Buffer {
  let body: string | Buffer = '';
  const end = response.end.bind(response) as (...args: readonly unknown[]) => Response;
  response.end = ((...args: readonly unknown[]) => {
    const [chunk] = args;
    if (typeof chunk === 'string' || Buffer.isBuffer(chunk)) body = chunk;
    return end(...args);
  }) as Response['end'];
  return () => body;
}

function bodyOf(request: Request): { readonly body: unknown; readonly bytes: number } {
  const body: unknown = request.body;
  const told = Number(request.get('content-length') ?? Number.NaN);
  if (body === undefined) return { body: undefined, bytes: Number.isNaN(told) ? 0 : told };
  // Sent in chunks of a length that nobody told.
  const bytes = Number.isNaN(told) ? Buffer.byteLength(JSON.stringify(body)) : told;
  return { body: bytes <= BODY_READ_MAX ? body : undefined, bytes };
}
