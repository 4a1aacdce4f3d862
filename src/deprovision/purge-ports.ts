import type { Mail } from '../mail/ports.js';
import type { AccountKey, AuditRecord } from '../reconcile/ports.js';
import type { StoredObject } from './archive/ports.js';

/** One archived file whose time is over. */
export interface ExpiredObject extends StoredObject {
  readonly deletionId: string;
  readonly retentionClass: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

/** What was announced to be removed, object by object, and when. */
export interface Purge {
  readonly id: string;
  readonly account: AccountKey;
  readonly objects: readonly ExpiredObject[];
}

export interface PurgeStore {
  /** Accounts with expired objects and no announcement that stands, with their days of notice. */
  listToAnnounce(now: Date): Promise<readonly AnnouncingAccount[]>;
  /** Stored at that place, expired by both clocks, of nobody under a legal hold. */
  listExpired(
    account: AccountKey,
    now: Date,
    which: { readonly place: string; readonly limit: number },
  ): Promise<readonly ExpiredObject[]>;
  /** The same, at other places. */
  countElsewhere(account: AccountKey, now: Date, place: string): Promise<number>;
  /** With the e-mail about it. False: another process announced in the same moment. */
  announce(
    purge: Purge,
    moments: { readonly at: Date; readonly dueAt: Date },
    audit: AuditRecord,
    mail: Mail,
  ): Promise<boolean>;
  /** Announcements whose notice is over by both clocks. */
  listDue(now: Date): Promise<readonly Purge[]>;
  /** Whether the object may go in this moment: expired still, no legal hold, still there. */
  mayRemove(account: AccountKey, object: ExpiredObject, now: Date): Promise<boolean>;
  recordRemoved(account: AccountKey, object: ExpiredObject, at: Date): Promise<void>;
  finish(
    purge: Purge,
    result: { readonly removed: number; readonly kept: number },
    at: Date,
    audit: AuditRecord,
  ): Promise<void>;
}

export interface AnnouncingAccount {
  readonly account: AccountKey;
  readonly name: string;
  readonly noticeDays: number;
}
