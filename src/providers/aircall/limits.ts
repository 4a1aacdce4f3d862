import type { HttpResponse, LimitSignal } from '../port.js';
import { readRetryAfter, wholeNumber } from '../retry-after.js';

/** Beyond this a number of the epoch must be milliseconds: as seconds it would be the year 5138. */
const MILLISECONDS_FROM = 100_000_000_000;
/** A reset further from now than this is not a reset of a limit per minute: somebody's clock is wrong. */
const BELIEVABLE_MS = 600_000;

/**
 * What an answer says about Aircall's limit (vendors.md 1.3); null when it says nothing. The headers come for sure
 * only with a 429, the unit of the reset is not documented, `Retry-After` was never seen: each is used when there.
 */
export function readLimitSignal(
  response: HttpResponse,
  now: number,
  retryWaitSeconds: number,
): LimitSignal | null {
  const limitPerMinute = positiveNumber(response.headers['x-aircallapi-limit']);
  const remaining = wholeNumber(response.headers['x-aircallapi-remaining']);
  const resetAt = readReset(response.headers['x-aircallapi-reset'], now);
  const retryAt =
    response.status === 429
      ? (readRetryAfter(response.headers['retry-after'], now) ?? resetAt ?? now + retryWaitSeconds * 1000)
      : null;
  if (limitPerMinute === null && remaining === null && resetAt === null && retryAt === null) return null;
  return {
    ...(limitPerMinute === null ? {} : { limitPerMinute }),
    ...(remaining === null ? {} : { remaining }),
    ...(resetAt === null ? {} : { resetAt }),
    ...(retryAt === null ? {} : { retryAt }),
  };
}

function readReset(text: string | undefined, now: number): number | null {
  const value = wholeNumber(text);
  if (value === null) return null;
  const resetAt = value < MILLISECONDS_FROM ? value * 1000 : value;
  return resetAt > now && resetAt <= now + BELIEVABLE_MS ? resetAt : null;
}

function positiveNumber(text: string | undefined): number | null {
  const value = wholeNumber(text);
  return value === null || value === 0 ? null : value;
}
