import { readTokenKind } from '../../lib/tokens.js';
import type { AccessTokenOwner, OAuthStore } from './ports.js';

/** After this long at most, a revoked client's tokens are refused by every process. */
export const ACCESS_TOKEN_REVOCATION_MS = 30_000;
const REMEMBERED_MAX = 5_000;

export interface AccessTokensDeps {
  readonly store: Pick<OAuthStore, 'findAccessToken'>;
  readonly hash: (token: string) => Buffer;
  readonly now: () => Date;
}

/**
 * Tells whose access token this is; null when it is unknown, expired or revoked. A token found once is remembered
 * for ACCESS_TOKEN_REVOCATION_MS, so the common case asks no database and a revocation takes effect within that
 * time. Tokens that were not found are not remembered.
 */
export type VerifyAccessToken = (token: string) => Promise<AccessTokenOwner | null>;

interface Remembered {
  readonly owner: AccessTokenOwner;
  readonly untilMs: number;
}

export function makeVerifyAccessToken(deps: AccessTokensDeps): VerifyAccessToken {
  const remembered = new Map<string, Remembered>();
  return async (token) => {
    if (readTokenKind(token) !== 'access') return null;
    const hash = deps.hash(token);
    const key = hash.toString('base64');
    const now = deps.now();
    const known = remembered.get(key);
    if (known !== undefined && now.getTime() < known.untilMs) return known.owner;
    remembered.delete(key);
    const owner = await deps.store.findAccessToken(hash, now);
    if (owner !== null) remember(remembered, key, owner, now);
    return owner;
  };
}

/** The oldest entry makes room: a Map keeps the order of insertion. */
function remember(
  remembered: Map<string, Remembered>,
  key: string,
  owner: AccessTokenOwner,
  now: Date,
): void {
  const [oldest] = remembered.keys();
  if (remembered.size >= REMEMBERED_MAX && oldest !== undefined) remembered.delete(oldest);
  const untilMs = Math.min(now.getTime() + ACCESS_TOKEN_REVOCATION_MS, owner.expiresAt.getTime());
  remembered.set(key, { owner, untilMs });
}
