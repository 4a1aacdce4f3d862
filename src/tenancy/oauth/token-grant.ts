import { timingSafeEqual } from 'node:crypto';
import type { MintedToken } from '../tokens.js';
import type { AssertionVerifier, OAuthClient, OAuthStore } from './ports.js';

/** How a client proves who it is: with a secret, or with an assertion that its issuer signed. */
export type ClientProof =
  | { readonly by: 'secret'; readonly secret: string }
  | { readonly by: 'assertion'; readonly assertion: string };

export interface IssuedToken {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
}

export interface TokenGrantDeps {
  readonly store: OAuthStore;
  readonly assertions: AssertionVerifier;
  readonly mintAccessToken: () => MintedToken;
  readonly hash: (secret: string) => Buffer;
  readonly now: () => Date;
}

/**
 * The client credentials grant (RFC 6749 section 4.4). null when the client cannot be authenticated: unknown,
 * revoked, wrong secret or assertion; which of these it was is told to nobody. Throws AppError `unavailable` when
 * the issuer's keys or the database cannot be reached.
 */
export type GrantToken = (clientId: string, proof: ClientProof) => Promise<IssuedToken | null>;

export function makeTokenGrant(deps: TokenGrantDeps): GrantToken {
  return async (clientId, proof) => {
    const client = await deps.store.findClient(clientId);
    if (client === null || !(await isProven(deps, client, proof))) return null;
    return issue(deps, client);
  };
}

async function isProven(deps: TokenGrantDeps, client: OAuthClient, proof: ClientProof): Promise<boolean> {
  if (proof.by === 'assertion') {
    return client.federation !== null && deps.assertions.verify(proof.assertion, client.federation);
  }
  const given = deps.hash(proof.secret);
  const valid = await deps.store.validSecretHashes(client, deps.now());
  return valid.some((hash) => timingSafeEqual(hash, given));
}

async function issue(deps: TokenGrantDeps, client: OAuthClient): Promise<IssuedToken> {
  const { token, hash } = deps.mintAccessToken();
  const issuedAt = deps.now();
  const expiresInSeconds = client.accessTokenSeconds;
  const expiresAt = new Date(issuedAt.getTime() + expiresInSeconds * 1_000);
  await deps.store.insertAccessToken({
    tenantId: client.tenantId,
    client: client.id,
    hash,
    issuedAt,
    expiresAt,
  });
  return { accessToken: token, expiresInSeconds };
}
