import { AppError } from '../domain/errors.js';
import type { Clock } from '../lib/clock.js';

/** Bursts up to this long at the full rate pass: an IdP's initial sync comes in bursts. */
const BURST_SECONDS = 10;

export interface RateLimiter {
  /** Takes one request off the tenant's budget. Throws AppError `rateLimited` that says when there is more. */
  take(tenantId: string): void;
}

interface Bucket {
  tokens: number;
  refilledAtMs: number;
}

/**
 * A token bucket for each tenant. Unlike a counted window it never shuts a steady client out for long: one that was
 * too fast may go on in a moment, and Okta waits as told instead of its five minutes.
 */
export function makeRateLimiter(deps: {
  readonly requestsPerMinute: number;
  readonly clock: Clock;
}): RateLimiter {
  const perMs = deps.requestsPerMinute / 60_000;
  const capacity = Math.max(1, perMs * BURST_SECONDS * 1000);
  const buckets = new Map<string, Bucket>();
  return {
    take(tenantId) {
      const nowMs = deps.clock.now().getTime();
      const bucket = buckets.get(tenantId) ?? { tokens: capacity, refilledAtMs: nowMs };
      const elapsedMs = Math.max(0, nowMs - bucket.refilledAtMs);
      bucket.tokens = Math.min(capacity, bucket.tokens + elapsedMs * perMs);
      bucket.refilledAtMs = nowMs;
      buckets.set(tenantId, bucket);
      if (bucket.tokens < 1) {
        throw new AppError(
          'rateLimited',
          'Too many requests for this tenant. Wait as long as Retry-After says.',
          {
            retryAt: new Date(nowMs + (1 - bucket.tokens) / perMs),
          },
        );
      }
      bucket.tokens -= 1;
    },
  };
}
