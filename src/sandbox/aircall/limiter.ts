import { makeBucket, makeWindow } from '../budget.js';
import type { Reply } from '../reply.js';
import { edgeReply } from './replies.js';
import type { World } from './world.js';

const MINUTE_MS = 60_000;

export interface Limiter {
  /** Takes one request from the company's budget; answers the 429 when none is left. */
  take(): Reply | null;
  /** The limit headers for an ordinary answer: none unless they are switched to `always`. */
  ordinaryHeaders(): Readonly<Record<string, string>>;
  /** The answer for a request beyond the budget. */
  tooMany(): Reply;
}

/** One budget per company, whichever key a request carries (vendors.md 1.3). It lives in memory only. */
export function makeLimiter({ settings, clock }: Pick<World, 'settings' | 'clock'>): Limiter {
  const limit = settings.requestsPerMinute ?? Infinity;
  const now = (): number => clock.now();
  const rate = { limit, periodMs: MINUTE_MS };
  const budget = settings.rateLimitShape === 'minute-window' ? makeWindow(rate, now) : makeBucket(rate, now);

  function limitHeaders(): Record<string, string> {
    if (settings.requestsPerMinute === null) return {};
    const reset = budget.resetAt();
    return {
      'X-AircallApi-Limit': String(limit),
      'X-AircallApi-Remaining': String(budget.remaining()),
      'X-AircallApi-Reset': String(
        settings.rateLimitResetUnit === 'seconds' ? Math.ceil(reset / 1000) : reset,
      ),
    };
  }

  function retryAfter(): Record<string, string> {
    const waitMs = Math.max(0, budget.resetAt() - now());
    switch (settings.retryAfter) {
      case 'absent':
        return {};
      case 'seconds':
        return { 'Retry-After': String(Math.ceil(waitMs / 1000)) };
      case 'http-date':
        return { 'Retry-After': new Date(now() + waitMs).toUTCString() };
    }
  }

  function tooMany(): Reply {
    const headers =
      settings.rateLimitHeaders === 'never' ? retryAfter() : { ...limitHeaders(), ...retryAfter() };
    switch (settings.rateLimitBody) {
      case 'error':
        return { status: 429, body: { error: 'Too Many Requests' }, headers };
      case 'message':
        return { ...edgeReply(429), body: { message: 'Too Many Requests' }, headers };
      case 'empty':
        return { status: 429, headers };
    }
  }

  return {
    tooMany,
    take: () => (budget.take() ? null : tooMany()),
    ordinaryHeaders: () => (settings.rateLimitHeaders === 'always' ? limitHeaders() : {}),
  };
}
