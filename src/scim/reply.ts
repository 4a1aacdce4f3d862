import type { Request, Response } from 'express';
import { isKnownTo } from './etag.js';

/**
 * A finished answer. Resource classes return one whatever happened, because scimmy-routers sends what it is given
 * but turns what is thrown into answers of its own.
 */
export class ScimReply {
  readonly status: number;
  /** JSON text, as bytes where it was made as such; null for answers without a body. */
  readonly body: string | Buffer | null;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: string | Buffer | null, headers: Readonly<Record<string, string>> = {}) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

const SCIM_JSON = 'application/scim+json; charset=utf-8';
const PLAIN_JSON = 'application/json; charset=utf-8';

/** What matters for answers that are data: never a page, never in a frame, never over plain HTTP, never guessed. */
export const SECURITY_HEADERS = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
} as const;

const SECURITY_HEADER_LIST = Object.entries(SECURITY_HEADERS).flat();

/**
 * Writes the answer: JSON text as it is, 304 where the client has this version, no body for HEAD. Headers go out as one
 * list, and text as text: Node writes both at once without taking them in first.
 */
export function sendReply(request: Request, response: Response, reply: ScimReply): void {
  const { body } = reply;
  const headers: string[] = [...SECURITY_HEADER_LIST];
  for (const [name, value] of Object.entries(reply.headers)) headers.push(name, value);
  // RFC 7644 section 3.14.
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const isKnown = isRead && isKnownTo(request.headers['if-none-match'], reply.headers['ETag']);
  if (body === null || isKnown) {
    response.writeHead(isKnown ? 304 : reply.status, headers).end();
    return;
  }
  headers.push('Content-Type', contentType(request), 'Content-Length', String(Buffer.byteLength(body)));
  response.writeHead(reply.status, headers);
  if (request.method === 'HEAD') response.end();
  else response.end(body, 'utf8');
}

/** OneLogin asks for `application/json` alone; everybody else gets the registered type (RFC 7644 section 3.8). */
function contentType(request: Request): string {
  const accept = request.headers.accept ?? '';
  return accept.includes('application/json') && !accept.includes('scim+json') ? PLAIN_JSON : SCIM_JSON;
}
