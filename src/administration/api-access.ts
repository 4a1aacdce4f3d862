import { AppError } from '../domain/errors.js';
import { hashToken, readTokenKind } from '../lib/tokens.js';
import { PERMISSION_NAMES, type Permission } from './permissions.js';

/** Who calls the API, and what they may do. */
export interface ApiPrincipal {
  readonly tenantId: string;
  /** For the audit trail, such as `api:nightly export`. */
  readonly actor: string;
  readonly scopes: ReadonlySet<Permission>;
}

export interface StoredAdminToken {
  readonly tenantId: string;
  readonly tokenId: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
}

export interface AdminTokenStore {
  /** The admin token with this SHA-256, of any tenant; null when there is none. */
  find(hash: Buffer): Promise<StoredAdminToken | null>;
  /** Notes that the token was used. */
  touch(token: Pick<StoredAdminToken, 'tenantId' | 'tokenId'>, at: Date): Promise<void>;
}

export interface ApiAccess {
  /** Whose token this is. Throws AppError `unauthenticated` when it is nobody's, or is expired or revoked. */
  verify(token: string): Promise<ApiPrincipal>;
}

const TOUCH_INTERVAL_MS = 60_000;

/** Verifies personal access tokens. Asks the database each time: a revoked token is refused at once. */
export function makeApiAccess(deps: {
  readonly tokens: AdminTokenStore;
  readonly now: () => Date;
}): ApiAccess {
  return {
    async verify(credential) {
      if (readTokenKind(credential) !== 'admin') throw refused();
      const token = await deps.tokens.find(hashToken(credential));
      const now = deps.now();
      if (token === null || token.revokedAt !== null) throw refused();
      if (token.expiresAt !== null && token.expiresAt <= now) throw refused();
      const usedMsAgo = now.getTime() - (token.lastUsedAt?.getTime() ?? 0);
      if (usedMsAgo >= TOUCH_INTERVAL_MS) await deps.tokens.touch(token, now);
      return {
        tenantId: token.tenantId,
        actor: `api:${token.name}`,
        scopes: new Set(PERMISSION_NAMES.filter((permission) => token.scopes.includes(permission))),
      };
    },
  };
}

/** One text for every reason: it tells a guesser nothing. */
function refused(): AppError {
  return new AppError(
    'unauthenticated',
    'The token is missing, unknown, expired or revoked. Create one in the console under Team and access.',
  );
}
