import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** A random value that stands for its bearer: cookies, tickets, setup links. 256 bits, URL-safe. */
export function makeSecret(): string {
  return randomBytes(32).toString('base64url');
}

const SECRET = /^[A-Za-z0-9_-]{43}$/;

export function looksLikeSecret(text: string): boolean {
  return SECRET.test(text);
}

/** What is stored of a secret. It is random, so a slow hash would protect nothing more. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret, 'utf8').digest();
}

/**
 * The token that a session's forms carry. Made from the session's cookie, which another site can send but not read, and
 * new with every session.
 */
export function csrfToken(sessionToken: string): string {
  return createHmac('sha256', sessionToken).update('csrf').digest('base64url');
}

export function verifyCsrf(sessionToken: string, given: unknown): boolean {
  if (typeof given !== 'string') return false;
  const expected = Buffer.from(csrfToken(sessionToken));
  const actual = Buffer.from(given);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}
