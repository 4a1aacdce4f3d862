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
  insert(tenant: Tenant, audit: AuditEntry): Promise<void>;
  findBySlug(slug: string): Promise<Tenant | null>;
  find(tenantId: string): Promise<Tenant | null>;
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
  /** What an admin token may do; SCIM tokens have none. */
  readonly scopes: readonly string[];
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
  insertWithin(token: ApiToken, hash: Buffer, limit: number, audit: AuditEntry): Promise<boolean>;
  list(tenantId: string, kind: TokenKind): Promise<readonly ApiToken[]>;
  /** False when there is no such token or it was revoked before. */
  revoke(tenantId: string, tokenId: string, audit: AuditEntry): Promise<boolean>;
}

export interface AccountStore {
  /**
   * Stores the account and asks for a plan of the whole of it: later changes of the rules are told from that one.
   * Throws AppError `conflict` when the tenant has an account of that name.
   */
  insert(account: Account, audit: AuditEntry): Promise<void>;
  list(tenantId: string): Promise<readonly Account[]>;
  find(tenantId: string, accountId: string): Promise<Account | null>;
  findByName(tenantId: string, name: string): Promise<Account | null>;
  /** Writes what is named. `pausedReason`: a reason pauses, null resumes. */
  update(tenantId: string, accountId: string, change: AccountChange, audit: AuditEntry): Promise<void>;
  /** Every account of every tenant, for the sweeper and the schedulers. */
  listAll(): Promise<readonly Account[]>;
}

export interface AccountChange {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly policy?: AccountPolicy;
  readonly settings?: AccountSettings;
  readonly secrets?: string;
  readonly archiveSecrets?: string;
  readonly pausedReason?: string | null;
}

/** One event of the audit trail. Stores write it in the transaction that does the thing. */
export interface AuditEntry {
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly targetType: string;
  readonly targetId: string;
  readonly data?: Readonly<Record<string, unknown>>;
}
