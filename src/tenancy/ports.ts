import type { AccountPolicy } from '../domain/plan.js';
import type { Account, AccountSettings } from './account.js';

export interface Tenant {
  readonly id: string;
  /** Short name in commands and file names: lower-case letters, digits and hyphens. */
  readonly slug: string;
  readonly name: string;
  readonly createdAt: Date;
}

export interface TenantStore {
  /** Throws AppError `conflict` when the slug is taken. */
  insert(tenant: Tenant): Promise<void>;
  findBySlug(slug: string): Promise<Tenant | null>;
  list(): Promise<readonly Tenant[]>;
}

export type TokenKind = 'scim' | 'admin';

export interface ApiToken {
  readonly tenantId: string;
  readonly id: string;
  readonly kind: TokenKind;
  readonly name: string;
  /** First and last characters, so that a person can tell which token this is. */
  readonly hint: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
}

export interface TokenStore {
  /**
   * Stores a token's hash unless `limit` tokens of that kind are valid already: then false. Atomic, so that two
   * creations at once cannot exceed the limit.
   */
  insertWithin(token: ApiToken, hash: Buffer, limit: number): Promise<boolean>;
  list(tenantId: string, kind: TokenKind): Promise<readonly ApiToken[]>;
  /** False when there is no such token or it was revoked before. */
  revoke(tenantId: string, tokenId: string, at: Date): Promise<boolean>;
}

export interface AccountStore {
  /** Throws AppError `conflict` when the tenant has an account of that name. */
  insert(account: Account): Promise<void>;
  list(tenantId: string): Promise<readonly Account[]>;
  find(tenantId: string, accountId: string): Promise<Account | null>;
  findByName(tenantId: string, name: string): Promise<Account | null>;
  setPolicy(tenantId: string, accountId: string, policy: AccountPolicy, at: Date): Promise<void>;
  setSettings(tenantId: string, accountId: string, settings: AccountSettings, at: Date): Promise<void>;
  setSecrets(tenantId: string, accountId: string, secrets: string, at: Date): Promise<void>;
  /** A reason pauses; null resumes. */
  setPaused(tenantId: string, accountId: string, reason: string | null, at: Date): Promise<void>;
  /** Every account of every tenant, for the sweeper and the schedulers. */
  listAll(): Promise<readonly Account[]>;
}

/** Appends to the audit trail of a tenant. */
export interface AuditWriter {
  append(tenantId: string, event: AuditEntry): Promise<void>;
}

export interface AuditEntry {
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly targetType: string;
  readonly targetId: string;
  readonly data?: Readonly<Record<string, unknown>>;
}
