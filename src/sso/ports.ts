import type { ConsoleRole, RoleDecision } from './console-role.js';
import type { ConnectionSettings, ConnectionState, IdpFacts, SsoConnection } from './connection.js';
import type { NameId } from './saml/facts.js';
import type { Trace } from './trace.js';

export interface ConnectionStore {
  /** Throws AppError `conflict` when the tenant has a connection of that name. */
  insert(connection: SsoConnection): Promise<void>;
  list(tenantId: string): Promise<readonly SsoConnection[]>;
  findByName(tenantId: string, name: string): Promise<SsoConnection | null>;
  find(tenantId: string, connectionId: string): Promise<SsoConnection | null>;
  setIdp(
    tenantId: string,
    connectionId: string,
    side: { readonly idp: IdpFacts; readonly metadataUrl: string | null },
    at: Date,
  ): Promise<void>;
  /** Reads, updates and writes under a row lock, so that two admins lose nothing of each other's. */
  updateSettings(
    tenantId: string,
    connectionId: string,
    update: (settings: ConnectionSettings) => ConnectionSettings,
    at: Date,
  ): Promise<ConnectionSettings>;
  setState(tenantId: string, connectionId: string, state: ConnectionState, at: Date): Promise<void>;
  /** Takes the right to read the metadata now; false when somebody did after `notTriedSince`. */
  claimRefresh(tenantId: string, connectionId: string, notTriedSince: Date, now: Date): Promise<boolean>;
  /** What a refresh brought: new facts, or why there are none. */
  recordRefresh(
    tenantId: string,
    connectionId: string,
    result: { readonly idp: IdpFacts } | { readonly problem: string },
    at: Date,
  ): Promise<void>;
  /** Connections of all tenants whose metadata was last tried before `triedBefore`. */
  dueForRefresh(
    triedBefore: Date,
    limit: number,
  ): Promise<readonly { readonly tenantId: string; readonly connectionId: string }[]>;
}

export type RequestPurpose = 'login' | 'test';

/** An AuthnRequest of ours that waits for its answer. */
export interface IssuedRequest {
  readonly tenantId: string;
  readonly connectionId: string;
  readonly id: string;
  readonly purpose: RequestPurpose;
  /** Path of ours to land on afterwards. */
  readonly returnTo: string;
  /** Hash of the cookie of the browser that began. */
  readonly browserHash: Buffer;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export interface Admission {
  readonly tenantId: string;
  readonly connectionId: string;
  /** null: IdP-initiated. */
  readonly requestId: string | null;
  readonly assertionId: string;
  /** Until when the assertion would pass the time checks again. */
  readonly keepUntil: Date;
  readonly now: Date;
}

export type AdmissionResult =
  | { readonly kind: 'admitted'; readonly request: IssuedRequest | null }
  | { readonly kind: 'unknownRequest' }
  | { readonly kind: 'replayed' };

export interface AdmissionStore {
  issue(request: IssuedRequest): Promise<void>;
  /**
   * Takes the request and marks the assertion as used, both or neither, atomically across processes: of any number of
   * calls with the same request or the same assertion at most one is admitted.
   */
  admit(admission: Admission): Promise<AdmissionResult>;
  /** Deletes what no answer can need any more. Returns how many rows. */
  removeExpired(now: Date): Promise<number>;
}

export interface TraceStore {
  /** False when the friendly id is taken. Keeps only the newest `keep` traces of the connection. */
  insert(trace: Trace, keep: number): Promise<boolean>;
  findByFriendlyId(tenantId: string, friendlyId: string): Promise<Trace | null>;
  findByRequest(tenantId: string, requestId: string): Promise<Trace | null>;
  /** Newest first. */
  recent(tenantId: string, connectionId: string | null, limit: number): Promise<readonly Trace[]>;
  removeExpired(now: Date): Promise<number>;
}

/** A person of the console. */
export interface ConsoleUser {
  readonly tenantId: string;
  readonly id: string;
  readonly kind: 'sso' | 'local';
  readonly connectionId: string | null;
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

export interface ConsoleUserStore {
  /**
   * Records a sign-in and its role, under a lock that all role changes of the tenant share. A denied person loses role
   * and sessions; one who was never here is not stored.
   */
  applyLogin(
    person: SignedInPerson,
    newId: () => string,
    decide: (current: ConsoleRole | null, otherOwners: number) => RoleDecision,
  ): Promise<{ readonly userId: string | null; readonly decision: RoleDecision }>;
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
  ): Promise<void>;
  find(tenantId: string, loginName: string): Promise<LocalOwner | null>;
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
  recordSuccess(owner: LocalOwner, at: Date): Promise<void>;
  /** False when this step or a later one was used before (RFC 6238 section 5.2). */
  advanceTotp(owner: LocalOwner, step: number): Promise<boolean>;
  /** False when there is no such code any more. */
  takeRecoveryCode(owner: LocalOwner, hash: Buffer): Promise<boolean>;
}

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
  /** Ends the sessions of a person at a connection, of one IdP session when `sessionIndex` is given. */
  revokeByNameId(
    tenantId: string,
    connectionId: string,
    nameId: string,
    sessionIndex: string | null,
  ): Promise<number>;
  removeExpired(now: Date, seenBefore: Date): Promise<number>;
}

/** The directory that a sign-in may ask and feed. */
export interface JitDirectory {
  /** Whether the tenant's people come by SCIM: then a sign-in feeds nothing unless the connection says so. */
  isScimOn(tenantId: string): Promise<boolean>;
  /** `inactive` when the person is known and deactivated or deleted: such a person is refused. */
  statusOf(
    tenantId: string,
    person: { readonly nameId: string; readonly email: string | null },
  ): Promise<'active' | 'inactive' | 'unknown'>;
  /** Creates or updates the person and their memberships as a push would, in union with other sources. */
  feed(tenantId: string, person: JitPerson): Promise<void>;
}

export interface JitPerson {
  readonly connectionId: string;
  readonly nameId: string;
  readonly email: string | null;
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly displayName: string;
  /** null: the IdP did not say (group overage). Never the same as "in no group". */
  readonly groups: readonly string[] | null;
  /** Memberships learned now hold until then unless they are learned again. */
  readonly validUntil: Date;
}

/** Tells a tenant's admins what they must not overlook. */
export interface SecurityNotices {
  send(
    tenantId: string,
    notice: { readonly title: string; readonly text: string; readonly at: Date },
  ): Promise<void>;
}
