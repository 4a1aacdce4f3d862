import { timingSafeEqual } from 'node:crypto';

import type { Request } from 'express';

import type { Admission } from '../exchange.js';
import type { Limiter } from './limiter.js';
import { appReply, edgeReply } from './replies.js';
import type { World } from './world.js';

/**
 * The edge: credential, budget, content type, in this order. A missing header is 401 but a wrong pair
 * is 403, and neither costs budget, since the company is not known (vendors.md 1.2, 1.3).
 */
export function makeAdmission({
  world,
  limiter,
}: {
  readonly world: World;
  readonly limiter: Limiter;
}): Admission {
  return (req) => {
    const header = req.headers.authorization;
    if (header === undefined) return { reply: edgeReply(401), isRateLimited: false };
    if (!isKnownPair(world, header)) return { reply: edgeReply(403), isRateLimited: false };
    const limited = limiter.take();
    if (limited !== null) return { reply: limited, isRateLimited: true };
    if (lacksContentType(req, world)) {
      return { reply: appReply(400, 'Send Content-Type: application/json.'), isRateLimited: false };
    }
    return null;
  };
}

function isKnownPair(world: World, header: string): boolean {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/u.exec(header)?.[1];
  if (encoded === undefined) return false;
  const pair = Buffer.from(encoded, 'base64');
  return world.state.apiKeys.some(
    (key) => !key.isRevoked && isSame(pair, Buffer.from(`${key.apiId}:${key.apiToken}`)),
  );
}

function isSame(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** vendors.md 1.1 asks for the header on every POST, PUT and DELETE, body or none. */
function lacksContentType(req: Request, world: World): boolean {
  if (world.settings.contentType === 'optional' || req.method === 'GET' || req.method === 'HEAD')
    return false;
  return !/^application\/json\s*(;|$)/iu.test(req.headers['content-type'] ?? '');
}
