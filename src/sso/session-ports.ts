import type { AuditEntry } from '../tenancy/ports.js';
import type { ConsoleRole } from './console-role.js';
import type { NameId } from './saml/facts.js';

export interface NewSession {
  readonly tenantId: string;
  readonly id: string;
  readonly tokenHash: Buffer;
  readonly state: 'pending' | 'active';
  readonly userId: string | null;
  readonly setupLinkId: string | null;
  readonly connectionId: string | null;
  /** For single logout. */
  readonly nameId: NameId | null;
  readonly sessionIndex: string | null;
  /** A pending session is activated only by the browser with this cookie; null: by whoever holds the ticket. */
  readonly browserHash: Buffer | null;
  readonly returnTo: string;
  readonly createdAt: Date;
  /** Of this state: a pending session lasts only for a redirect. */
  readonly expiresAt: Date;
  /** Of the session once it is active. */
  readonly endsAt: Date;
}

export type SessionActor =
  | {
      readonly kind: 'person';
      readonly userId: string;
      readonly role: ConsoleRole;
      readonly displayName: string;
      readonly email: string | null;
      /** Signed in as break-glass owner, past the IdP. */
      readonly isLocal: boolean;
    }
  | { readonly kind: 'setup'; readonly setupLinkId: string };

export interface ConsoleSession {
  readonly tenantId: string;
  readonly tenantSlug: string;
  readonly id: string;
  readonly actor: SessionActor;
  readonly connectionId: string | null;
  readonly nameId: NameId | null;
  readonly sessionIndex: string | null;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
}

export type ActivationResult =
  | { readonly kind: 'activated'; readonly tenantId: string; readonly returnTo: string }
  | { readonly kind: 'otherBrowser'; readonly tenantId: string; readonly connectionId: string | null }
  | { readonly kind: 'unknown' };

export interface SessionStore {
  insert(session: NewSession): Promise<void>;
  /**
   * The session behind a cookie, of whatever tenant: null unless it is active, within its limits, and its person still
   * has a role (or its setup link is still good).
   */
  find(tokenHash: Buffer, now: Date, seenAfter: Date): Promise<ConsoleSession | null>;
  touch(session: Pick<ConsoleSession, 'tenantId' | 'id'>, now: Date): Promise<void>;
  /**
   * Turns a pending session into an active one under a new token, once. Another browser than the one that began gets
   * nothing, and the ticket is spent.
   */
  activate(input: {
    readonly ticketHash: Buffer;
    readonly browserHash: Buffer | null;
    readonly tokenHash: Buffer;
    readonly now: Date;
  }): Promise<ActivationResult>;
  revoke(tokenHash: Buffer): Promise<boolean>;
  /** Ends every session of a tenant. */
  revokeAll(tenantId: string, audit: AuditEntry): Promise<number>;
  /** Ends the sessions of a person at a connection, of one IdP session when `sessionIndex` is given. */
  revokeByNameId(
    tenantId: string,
    connectionId: string,
    nameId: string,
    sessionIndex: string | null,
  ): Promise<number>;
  removeExpired(now: Date, seenBefore: Date): Promise<number>;
}
