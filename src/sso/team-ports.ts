import type { AuditEntry } from '../tenancy/ports.js';
import type { ConsoleRole } from './console-role.js';
import type { ConsoleUser } from './people-ports.js';

/** A role chosen by hand; `none` keeps somebody out. */
export type PinnedRole = ConsoleRole | 'none';

/** A person of the console as an owner sees them. */
export interface TeamMember extends ConsoleUser {
  /** null: the identity provider decides at each sign-in. */
  readonly pinnedRole: PinnedRole | null;
  /** Sessions that still hold. */
  readonly sessions: number;
}

/** A session that still holds. */
export interface TeamSession {
  readonly id: string;
  readonly userId: string;
  readonly displayName: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
}

export type RoleOutcome = 'changed' | 'unknown' | 'lastOwner' | 'local';
export type RemovalOutcome = 'removed' | 'unknown' | 'lastOwner' | 'ofIdp';

/** `at` and `seenAfter` say which sessions still hold. */
export interface SessionWindow {
  readonly at: Date;
  readonly seenAfter: Date;
}

export interface TeamStore {
  members(tenantId: string, window: SessionWindow): Promise<readonly TeamMember[]>;
  /** The newest first; of everybody when `userId` is null. */
  sessions(tenantId: string, userId: string | null, window: SessionWindow): Promise<readonly TeamSession[]>;
  /**
   * Pins a person's role, or gives it back to the identity provider (null). Under the lock that all role changes of the
   * tenant share. Whoever is left without a role loses every session.
   */
  pinRole(
    tenantId: string,
    userId: string,
    pinned: PinnedRole | null,
    audit: AuditEntry,
  ): Promise<RoleOutcome>;
  /** Removes a local owner with all sessions. */
  remove(tenantId: string, userId: string, audit: AuditEntry): Promise<RemovalOutcome>;
  /** Ends one session, or every one of a person but `except`. Returns how many. */
  endSessions(
    tenantId: string,
    which: { readonly id: string } | { readonly userId: string; readonly except: string | null },
    audit: AuditEntry,
  ): Promise<number>;
}
