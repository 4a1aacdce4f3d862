import { AppError } from '../domain/errors.js';
import type { ApiToken, AuditEntry, TokenKind, TokenStore } from './ports.js';

/** Two at once: the old one goes on working while the new one is being put into the IdP. */
const VALID_AT_ONCE: Readonly<Record<TokenKind, number>> = { scim: 2, admin: 20 };

export interface MintedToken {
  /** The token itself: shown once, never stored. */
  readonly token: string;
  readonly hash: Buffer;
  readonly hint: string;
}

export interface TokensDeps {
  readonly tokens: TokenStore;
  readonly mint: (kind: TokenKind) => MintedToken;
  readonly newId: () => string;
  readonly now: () => Date;
}

export interface NewToken {
  readonly tenantId: string;
  readonly kind: TokenKind;
  readonly name: string;
  /** Of an admin token. */
  readonly scopes?: readonly string[];
  /** null: does not expire. */
  readonly expiresAt: Date | null;
  readonly actor: string;
}

export interface Tokens {
  /** Throws AppError `conflict` when as many tokens as allowed are valid already, `invalid` for a past expiry. */
  create(input: NewToken): Promise<{ readonly token: string; readonly record: ApiToken }>;
  list(tenantId: string, kind: TokenKind): Promise<readonly ApiToken[]>;
  /** Throws AppError `notFound` when there is no such token or it was revoked before. */
  revoke(input: { tenantId: string; tokenId: string; actor: string }): Promise<void>;
}

/** Bearer tokens of a tenant: shown once, stored as hashes, rotated by having two at a time. */
export function makeTokens(deps: TokensDeps): Tokens {
  return {
    create: (input) => createToken(deps, input),
    list: (tenantId, kind) => deps.tokens.list(tenantId, kind),
    async revoke({ tenantId, tokenId, actor }) {
      const audit = describe('token.revoked', tokenId, actor, deps.now());
      if (!(await deps.tokens.revoke(tenantId, tokenId, audit))) {
        throw new AppError(
          'notFound',
          'There is no valid token with this id. List them with: patchbay token list',
        );
      }
    },
  };
}

async function createToken(deps: TokensDeps, input: NewToken): Promise<{ token: string; record: ApiToken }> {
  const createdAt = deps.now();
  if (input.expiresAt !== null && input.expiresAt <= createdAt) {
    throw new AppError(
      'invalid',
      'The expiry lies in the past, so the token would never work. Give a later date.',
    );
  }
  const minted = deps.mint(input.kind);
  const record: ApiToken = {
    tenantId: input.tenantId,
    id: deps.newId(),
    kind: input.kind,
    name: input.name,
    hint: minted.hint,
    scopes: input.scopes ?? [],
    createdAt,
    expiresAt: input.expiresAt,
    revokedAt: null,
    lastUsedAt: null,
  };
  const limit = VALID_AT_ONCE[input.kind];
  const audit = describe('token.created', record.id, input.actor, createdAt);
  if (!(await deps.tokens.insertWithin(record, minted.hash, limit, audit))) {
    throw new AppError(
      'conflict',
      `This tenant has ${limit} valid ${input.kind} tokens already, which is the most at one time. ` +
        'Revoke one that is no longer used (patchbay token list, patchbay token revoke <id>) and try again.',
    );
  }
  return { token: minted.token, record };
}

function describe(action: string, targetId: string, actor: string, at: Date): AuditEntry {
  return { at, actor, action, targetType: 'token', targetId };
}
