import type { AuditEntry } from '../tenancy/ports.js';
import type { ConsoleRole, RoleDecision } from './console-role.js';

/** A person of the console. */
export interface ConsoleUser {
  readonly tenantId: string;
  readonly id: string;
  readonly kind: 'sso' | 'local';
  readonly connectionId: string | null;
  /** Of a local owner. */
  readonly loginName: string | null;
  readonly email: string | null;
  readonly displayName: string;
  /** null: no access. */
  readonly role: ConsoleRole | null;
  readonly createdAt: Date;
  readonly lastLoginAt: Date | null;
}

/** The person a verified assertion speaks of. Known by connection and NameID; everything else may change. */
export interface SignedInPerson {
  readonly tenantId: string;
  readonly connectionId: string;
  readonly nameId: string;
  readonly email: string | null;
  readonly displayName: string;
  readonly mappedRole: ConsoleRole | null;
  readonly at: Date;
}

/** Pure parts of applying a sign-in. */
export interface LoginRules {
  readonly newId: () => string;
  readonly decide: (
    current: ConsoleRole | null,
    otherOwners: number,
    pinned: ConsoleRole | 'none' | null,
  ) => RoleDecision;
  readonly describe: (outcome: LoginOutcome) => AuditEntry;
}

export interface LoginOutcome {
  /** null: denied, and never here before. */
  readonly userId: string | null;
  readonly decision: RoleDecision;
  readonly previousRole: ConsoleRole | null;
}

export interface ConsoleUserStore {
  /**
   * Records a sign-in and its role, under a lock that all role changes of the tenant share. A denied person loses role
   * and sessions; one who was never here is not stored.
   */
  applyLogin(person: SignedInPerson, rules: LoginRules): Promise<LoginOutcome>;
  list(tenantId: string): Promise<readonly ConsoleUser[]>;
}

/** A local owner as stored. */
export interface LocalOwner {
  readonly tenantId: string;
  readonly id: string;
  readonly loginName: string;
  readonly displayName: string;
  readonly passwordHash: string;
  /** Encrypted. */
  readonly totpSecret: string;
  readonly recoveryCodesLeft: number;
  readonly lockedUntil: Date | null;
}

export interface LocalOwnerStore {
  /** Throws AppError `conflict` when the login name is taken. */
  insert(
    owner: Pick<
      LocalOwner,
      'tenantId' | 'id' | 'loginName' | 'displayName' | 'passwordHash' | 'totpSecret'
    > & {
      readonly recoveryHashes: readonly Buffer[];
      readonly createdAt: Date;
    },
    audit: AuditEntry,
  ): Promise<void>;
  find(tenantId: string, loginName: string): Promise<LocalOwner | null>;
  /** Removes the owner with all sessions, unless nobody else is owner. */
  remove(
    tenantId: string,
    loginName: string,
    audit: AuditEntry,
  ): Promise<'removed' | 'unknown' | 'lastOwner'>;
  /**
   * Counts an attempt before it is judged, so that many at once cannot slip under the limit. False while locked,
   * unless `evenIfLocked`.
   */
  reserveAttempt(
    owner: LocalOwner,
    attempt: {
      readonly now: Date;
      readonly evenIfLocked: boolean;
      readonly freeAttempts: number;
      readonly lockUntil: Date;
    },
  ): Promise<boolean>;
  /** Forgets failed attempts and records the sign-in. */
  recordSuccess(owner: LocalOwner, audit: AuditEntry): Promise<void>;
  recordFailure(owner: LocalOwner, audit: AuditEntry): Promise<void>;
  /** False when this step or a later one was used before (RFC 6238 section 5.2). */
  advanceTotp(owner: LocalOwner, step: number): Promise<boolean>;
  /** False when there is no such code any more. */
  takeRecoveryCode(owner: LocalOwner, hash: Buffer): Promise<boolean>;
}
