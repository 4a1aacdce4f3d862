import { makeBucket, makeWindow } from '../budget.js';
import type { Reply } from '../reply.js';
import { tooManyReply } from './replies.js';
import type { World } from './world.js';

export interface Limiter {
  /** Takes one request from the account's budget; answers the 429 when none is left. */
  take(): Reply | null;
  /** The answer for a request beyond the budget. */
  tooMany(): Reply;
}

/** One budget per account, whatever token a request carries (vendors.md 2.1). It lives in memory only. */
export function makeLimiter({ settings, clock }: Pick<World, 'settings' | 'clock'>): Limiter {
  const rate = { limit: settings.requestsPerSecond ?? Infinity, periodMs: 1000 };
  const now = (): number => clock.now();
  const budget = settings.rateLimitShape === 'second-window' ? makeWindow(rate, now) : makeBucket(rate, now);

  function tooMany(): Reply {
    if (settings.retryAfter === 'absent') return tooManyReply();
    const waitMs = Math.max(0, budget.resetAt() - now());
    return tooManyReply({ 'Retry-After': String(Math.ceil(waitMs / 1000)) });
  }

  return { tooMany, take: () => (budget.take() ? null : tooMany()) };
}
