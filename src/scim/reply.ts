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

/** Writes the answer: JSON text as it is, 304 where the client has this version, no body for HEAD. */
export function sendReply(request: Request, response: Response, reply: ScimReply): void {
  response.status(reply.status).set(reply.headers);
  if (reply.body === null) {
    response.end();
    return;
  }
  // RFC 7644 section 3.14.
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (isRead && isKnownTo(request.headers['if-none-match'], reply.headers['ETag'])) {
    response.status(304).end();
    return;
  }
  const body = typeof reply.body === 'string' ? Buffer.from(reply.body, 'utf8') : reply.body;
  response.setHeader('Content-Type', contentType(request));
  response.setHeader('Content-Length', body.length);
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** OneLogin asks for `application/json` alone; everybody else gets the registered type (RFC 7644 section 3.8). */
function contentType(request: Request): string {
  const accept = request.headers.accept ?? '';
  return accept.includes('application/json') && !accept.includes('scim+json') ? PLAIN_JSON : SCIM_JSON;
}
