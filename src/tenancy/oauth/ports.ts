import type { AuditEntry } from '../ports.js';

/**
 * Workload identity federation (RFC 7523 section 2.2): the IdP proves who it is by a token that it signs itself, and
 * no secret has to be copied. All free text, compared exactly: Entra's audience comes with and without `/.default`.
 */
export interface Federation {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  /** Where the issuer publishes its keys. */
  readonly jwksUrl: string;
}

/** What an IdP authenticates as at the token endpoint. */
export interface OAuthClient {
  readonly tenantId: string;
  readonly id: string;
  /** Public name, unique across tenants. */
  readonly clientId: string;
  readonly name: string;
  /** Life of its access tokens, 3600 to 21600. */
  readonly accessTokenSeconds: number;
  readonly federation: Federation | null;
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
}

export interface OAuthClientSecret {
  readonly id: string;
  readonly hint: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
}

export interface ClientWithSecrets {
  readonly client: OAuthClient;
  readonly secrets: readonly OAuthClientSecret[];
}

export interface AccessTokenRecord {
  readonly tenantId: string;
  /** `id` of the client. */
  readonly client: string;
  readonly hash: Buffer;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

/** Whose access token this is. */
export interface AccessTokenOwner {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientName: string;
  readonly expiresAt: Date;
}

/** OAuth clients, their secrets and access tokens. Secrets and tokens are hashes. */
export interface OAuthStore {
  insertClient(client: OAuthClient, audit: AuditEntry): Promise<void>;
  listClients(tenantId: string): Promise<readonly ClientWithSecrets[]>;
  /** False when there is no such client or it was revoked. */
  setFederation(
    tenantId: string,
    id: string,
    federation: Federation | null,
    audit: AuditEntry,
  ): Promise<boolean>;
  /** Ends the client, its secrets and its access tokens. False when there is none or it was revoked before. */
  revokeClient(tenantId: string, id: string, audit: AuditEntry): Promise<boolean>;
  /** Atomic: `tooMany` when `limit` secrets are valid already, `noClient` when there is none or it was revoked. */
  insertSecretWithin(
    tenantId: string,
    clientRowId: string,
    secret: OAuthClientSecret & { readonly hash: Buffer },
    limit: number,
    audit: AuditEntry,
  ): Promise<'inserted' | 'tooMany' | 'noClient'>;
  /** Ends the secret; access tokens already bought live on. False when there is none or it was revoked before. */
  revokeSecret(tenantId: string, secretId: string, audit: AuditEntry): Promise<boolean>;
  /** Across tenants: the client id selects the tenant. Null when unknown or revoked. */
  findClient(clientId: string): Promise<OAuthClient | null>;
  /** Hashes of the secrets that are valid at `at`. */
  validSecretHashes(client: OAuthClient, at: Date): Promise<readonly Buffer[]>;
  /** Stores a token's hash and forgets expired tokens of the same client. */
  insertAccessToken(record: AccessTokenRecord): Promise<void>;
  /** Across tenants. Null when unknown, expired at `at`, or its client was revoked. */
  findAccessToken(hash: Buffer, at: Date): Promise<AccessTokenOwner | null>;
}

/** Checks a client assertion's signature and claims. */
export interface AssertionVerifier {
  /** False when the assertion is not what the federation wants. Throws AppError `unavailable` without its keys. */
  verify(assertion: string, federation: Federation): Promise<boolean>;
}
