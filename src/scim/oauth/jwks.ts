import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import type { Logger } from 'pino';
import { AppError } from '../../domain/errors.js';
import type { Clock } from '../../lib/clock.js';
import type { HttpClient } from '../../lib/http-client.js';

/** An unknown key id makes us look again, but not more often than this: anybody can send made-up key ids. */
const REFETCH_PAUSE_MS = 30_000;
/** Keys are read again after this long, so that one withdrawn by the issuer does not open doors for ever. */
const FRESH_MS = 3_600_000;
/** While the issuer's address does not answer, known keys go on being used for this long. */
const STALE_MS = 86_400_000;
const ISSUERS_MAX = 1_000;
const FETCH_TIMEOUT_MS = 5_000;

export interface JwksDeps {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface Jwks {
  /** The key that signed a token, for jose. Throws AppError `unavailable` when no key set can be had. */
  keyOf(jwksUrl: string): JWTVerifyGetKey;
}

interface KeySet {
  readonly find: JWTVerifyGetKey;
  readonly fetchedAtMs: number;
}

interface Issuer {
  keys: KeySet | null;
  triedAtMs: number;
  pending: Promise<void> | null;
}

/** Issuers' public keys, kept by address and looked up by key id. */
export function makeJwks(deps: JwksDeps): Jwks {
  const issuers = new Map<string, Issuer>();
  return {
    keyOf: (jwksUrl) => async (header, token) => {
      const issuer = issuerAt(issuers, jwksUrl);
      const nowMs = deps.clock.now().getTime();
      if (issuer.keys === null || nowMs - issuer.keys.fetchedAtMs >= FRESH_MS)
        await refresh(deps, issuer, jwksUrl);
      try {
        return await usable(deps, issuer)(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        await refresh(deps, issuer, jwksUrl);
        return usable(deps, issuer)(header, token);
      }
    },
  };
}

function issuerAt(issuers: Map<string, Issuer>, jwksUrl: string): Issuer {
  const known = issuers.get(jwksUrl);
  if (known !== undefined) return known;
  const [oldest] = issuers.keys();
  if (issuers.size >= ISSUERS_MAX && oldest !== undefined) issuers.delete(oldest);
  const issuer: Issuer = { keys: null, triedAtMs: Number.NEGATIVE_INFINITY, pending: null };
  issuers.set(jwksUrl, issuer);
  return issuer;
}

/** One attempt at a time and in REFETCH_PAUSE_MS; a failure leaves the keys that are known. */
async function refresh(deps: JwksDeps, issuer: Issuer, jwksUrl: string): Promise<void> {
  if (issuer.pending !== null) return issuer.pending;
  const nowMs = deps.clock.now().getTime();
  if (nowMs - issuer.triedAtMs < REFETCH_PAUSE_MS) return;
  issuer.triedAtMs = nowMs;
  issuer.pending = load(deps, issuer, jwksUrl).finally(() => {
    issuer.pending = null;
  });
  return issuer.pending;
}

async function load(deps: JwksDeps, issuer: Issuer, jwksUrl: string): Promise<void> {
  try {
    const find = createLocalJWKSet(await fetchKeySet(deps.http, jwksUrl));
    issuer.keys = { find, fetchedAtMs: deps.clock.now().getTime() };
  } catch (error) {
    deps.log.warn({ err: error, host: URL.parse(jwksUrl)?.host }, 'issuer keys cannot be read');
  }
}

async function fetchKeySet(http: HttpClient, jwksUrl: string): Promise<JSONWebKeySet> {
  const headers = { accept: 'application/json' };
  const answer = await http.request({ method: 'GET', url: jwksUrl, headers, timeoutMs: FETCH_TIMEOUT_MS });
  if (answer.status !== 200) throw new Error(`The issuer answered ${String(answer.status)}.`);
  // createLocalJWKSet checks the shape.
  return JSON.parse(answer.body.toString('utf8')) as JSONWebKeySet;
}

function usable(deps: JwksDeps, { keys, triedAtMs }: Issuer): JWTVerifyGetKey {
  const nowMs = deps.clock.now().getTime();
  if (keys !== null && nowMs - keys.fetchedAtMs < STALE_MS) return keys.find;
  throw new AppError(
    'unavailable',
    'The keys of the token’s issuer cannot be read at present, so nothing was decided. Check the JWKS address, or try again.',
    { retryAt: new Date(Math.max(nowMs, triedAtMs) + REFETCH_PAUSE_MS) },
  );
}
