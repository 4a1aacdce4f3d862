import type { AuditEntry } from '../tenancy/ports.js';
import type { ConnectionSettings, ConnectionState, IdpFacts, IdpKind, SsoConnection } from './connection.js';
import type { Trace } from './trace.js';

/** Writes take the audit event of what they do and store both or neither. */
export interface ConnectionStore {
  /** Throws AppError `conflict` when the tenant has a connection of that name. */
  insert(connection: SsoConnection, audit: AuditEntry): Promise<void>;
  list(tenantId: string): Promise<readonly SsoConnection[]>;
  findByName(tenantId: string, name: string): Promise<SsoConnection | null>;
  find(tenantId: string, connectionId: string): Promise<SsoConnection | null>;
  setIdp(
    tenantId: string,
    connectionId: string,
    side: { readonly idp: IdpFacts; readonly metadataUrl: string | null },
    audit: AuditEntry,
  ): Promise<void>;
  /**
   * Reads, updates and writes under a row lock, so that two admins lose nothing of each other's. Throws AppError
   * `notFound`, and what `update` throws.
   */
  updateSettings(
    tenantId: string,
    connectionId: string,
    update: (settings: ConnectionSettings) => {
      readonly settings: ConnectionSettings;
      readonly audit: AuditEntry;
    },
  ): Promise<void>;
  setState(tenantId: string, connectionId: string, state: ConnectionState, audit: AuditEntry): Promise<void>;
  /** What people see of it: words only. */
  describe(
    tenantId: string,
    connectionId: string,
    words: { readonly label: string; readonly idpKind: IdpKind },
    audit: AuditEntry,
  ): Promise<void>;
  /** Deletes a draft, with its tests. False when it is in use or gone. */
  removeDraft(tenantId: string, connectionId: string, audit: AuditEntry): Promise<boolean>;
  /** Takes the right to read the metadata now; false when somebody did after `notTriedSince`. */
  claimRefresh(tenantId: string, connectionId: string, notTriedSince: Date, now: Date): Promise<boolean>;
  /** New facts, with what changed when something did. */
  recordRefresh(
    tenantId: string,
    connectionId: string,
    idp: IdpFacts,
    at: Date,
    audit: AuditEntry | null,
  ): Promise<void>;
  /** Why a refresh brought nothing. */
  recordRefreshProblem(tenantId: string, connectionId: string, problem: string): Promise<void>;
  /** Those of all tenants that people sign in with. */
  listActive(): Promise<readonly SsoConnection[]>;
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
  /** Looks at a request without taking it: where the result of a test belongs. Never a reason to accept. */
  peek(tenantId: string, connectionId: string, requestId: string): Promise<IssuedRequest | null>;
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
  /** Whether the tenant has proven the address's domain. Otherwise the address is a hint, and not to match people by. */
  readonly isEmailProven: boolean;
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
