import type { HttpResponse } from '../lib/http-client.js';
import type { ReadLimits } from './json-client.js';

/** Below this share of the limit we wait for the next window: the rest belongs to others. */
const SHARE_FOR_OTHERS = 0.1;
/** Where a provider says "too many" without saying until when. */
const UNSAID_MS = 10_000;

/**
 * Okta: `X-Rate-Limit-Limit`, `-Remaining` and `-Reset` (UTC epoch seconds) on every answer, 429 past the limit
 * (interop.md 6).
 */
export const oktaLimits: ReadLimits = (response, now) => {
  const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((name) =>
    readNumber(response, `x-rate-limit-${name}`),
  );
  const untilReset = reset === undefined || reset === null ? null : Math.max(0, reset * 1000 - now) + 1000;
  if (response.status === 429) return { pause: null, retry: untilReset ?? retryAfter(response, now) };
  const isLow =
    typeof limit === 'number' && typeof remaining === 'number' && remaining < limit * SHARE_FOR_OTHERS;
  return { pause: isLow ? untilReset : null, retry: null };
};

/** `Retry-After` in seconds or as a date, as RFC 9110 section 10.2.3 has it. */
export const plainLimits: ReadLimits = (response, now) => ({
  pause: null,
  retry: response.status === 429 ? retryAfter(response, now) : null,
});

const GOOGLE_REASONS = /"reason"\s*:\s*"(?:userRateLimitExceeded|quotaExceeded|rateLimitExceeded)"/u;

/** Google says "too many" with 429, or with 403 and a reason (interop.md 6). */
export const googleLimits: ReadLimits = (response, now) => {
  const isLimited =
    response.status === 429 ||
    (response.status === 403 && GOOGLE_REASONS.test(response.body.toString('utf8')));
  return { pause: null, retry: isLimited ? retryAfter(response, now) : null };
};

function retryAfter({ headers }: HttpResponse, now: number): number {
  const text = headers['retry-after'];
  if (text === undefined) return UNSAID_MS;
  const seconds = Number(text);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : UNSAID_MS;
}

function readNumber({ headers }: HttpResponse, name: string): number | null {
  const value = headers[name];
  const number = value === undefined ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : null;
}
