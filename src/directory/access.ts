import type { Logger } from 'pino';
import { AppError } from '../domain/errors.js';
import type { Clock } from '../lib/clock.js';
import { hashToken, readTokenKind } from '../lib/tokens.js';

/** Who speaks, and for which tenant. */
export interface ScimPrincipal {
  readonly tenantId: string;
  /** For the audit trail, such as `scim:okta`. */
  readonly actor: string;
}

export interface StoredToken {
  readonly tenantId: string;
  readonly tokenId: string;
  readonly name: string;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

export interface ScimTokenStore {
  /** The token with this SHA-256, of any tenant; null when there is none. */
  find(hash: Buffer): Promise<StoredToken | null>;
  /** Notes that the token was used. */
  touch(token: StoredToken, at: Date): Promise<void>;
}

export interface ScimAccessDeps {
  readonly tokens: ScimTokenStore;
  readonly clock: Clock;
  readonly log: Logger;
  /** Verifies what is no token of our own: OAuth access tokens. null: not one either. */
  readonly verifyAccessToken?: (credential: string) => Promise<ScimPrincipal | null>;
}

export interface ScimAccess {
  /**
   * Whose credential this is. Throws AppError `unauthenticated` when it is nobody's, is expired or revoked, and
   * `unavailable` when that cannot be found out.
   */
  verify(credential: string): Promise<ScimPrincipal>;
}

/** A verified token is believed for this long without asking again: the bound on how late a revocation takes effect. */
export const TOKEN_CACHE_MS = 10_000;
const CACHE_SIZE = 1_000;
const TOUCH_INTERVAL_MS = 60_000;

interface CachedToken {
  readonly token: StoredToken;
  readonly verifiedAtMs: number;
  touchedAtMs: number;
}

/** Verifies SCIM tokens, in the common case without a database round trip. */
export function makeScimAccess(deps: ScimAccessDeps): ScimAccess {
  const cache = new Map<string, CachedToken>();
  const lookups = new Map<string, Promise<CachedToken>>();
  return {
    async verify(credential) {
      const hash = hashToken(credential);
      const key = hash.toString('base64');
      const known = fresh(deps, cache.get(key));
      // Only what is not known already is looked through.
      if (known === null && readTokenKind(credential) !== 'scim') return verifyOther(deps, credential);
      const cached = known ?? (await lookUpOnce(deps, { cache, lookups }, key, hash));
      assertValid(cached.token, deps.clock.now());
      touch(deps, cached);
      return { tenantId: cached.token.tenantId, actor: `scim:${cached.token.name}` };
    },
  };
}

async function verifyOther(deps: ScimAccessDeps, credential: string): Promise<ScimPrincipal> {
  const principal = (await deps.verifyAccessToken?.(credential)) ?? null;
  if (principal === null) throw refused();
  return principal;
}

function fresh(deps: ScimAccessDeps, cached: CachedToken | undefined): CachedToken | null {
  if (cached === undefined) return null;
  const ageMs = deps.clock.now().getTime() - cached.verifiedAtMs;
  return ageMs >= 0 && ageMs < TOKEN_CACHE_MS ? cached : null;
}

interface TokenCaches {
  readonly cache: Map<string, CachedToken>;
  readonly lookups: Map<string, Promise<CachedToken>>;
}

/** Requests that arrive together share one look-up. */
function lookUpOnce(
  deps: ScimAccessDeps,
  { cache, lookups }: TokenCaches,
  key: string,
  hash: Buffer,
): Promise<CachedToken> {
  const running = lookups.get(key);
  if (running !== undefined) return running;
  const lookup = lookUp(deps, cache, key, hash).finally(() => lookups.delete(key));
  lookups.set(key, lookup);
  return lookup;
}

async function lookUp(
  deps: ScimAccessDeps,
  cache: Map<string, CachedToken>,
  key: string,
  hash: Buffer,
): Promise<CachedToken> {
  // Taken before asking: a revocation that happens meanwhile must not be believed a full period longer.
  const verifiedAtMs = deps.clock.now().getTime();
  const token = await deps.tokens.find(hash);
  const touchedAtMs = cache.get(key)?.touchedAtMs ?? 0;
  cache.delete(key);
  if (token === null) throw refused();
  const cached: CachedToken = { token, verifiedAtMs, touchedAtMs };
  cache.set(key, cached);
  const [oldest] = cache.keys();
  if (cache.size > CACHE_SIZE && oldest !== undefined) cache.delete(oldest);
  return cached;
}

function assertValid(token: StoredToken, now: Date): void {
  if (token.revokedAt !== null) throw refused();
  if (token.expiresAt !== null && token.expiresAt <= now) throw refused();
}

/** Off the critical path, and seldom: it is for a person who wonders whether a token is still in use. */
function touch(deps: ScimAccessDeps, cached: CachedToken): void {
  const now = deps.clock.now();
  if (now.getTime() - cached.touchedAtMs < TOUCH_INTERVAL_MS) return;
  cached.touchedAtMs = now.getTime();
  deps.tokens
    .touch(cached.token, now)
    .catch((error: unknown) => deps.log.warn({ err: error }, 'last use of a token was not noted'));
}

/** One text for every reason: it tells a guesser nothing. */
function refused(): AppError {
  return new AppError(
    'unauthenticated',
    'The token is missing, unknown, expired or revoked. Create a new one and enter it in the identity provider.',
  );
}
