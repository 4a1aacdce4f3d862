import type { Page, PageRequest } from './page.js';

/** One announcement of the retention schedule: what is to be removed and when, or what was. */
export interface Removal {
  readonly id: string;
  readonly account: string;
  readonly state: 'announced' | 'done' | 'cancelled';
  readonly count: number;
  readonly bytes: number;
  /** Once it was carried out; what is kept is under a legal hold, or in an archive that is not the account's now. */
  readonly result: { readonly removed: number; readonly kept: number } | null;
  readonly announcedAt: Date;
  readonly dueAt: Date;
  readonly finishedAt: Date | null;
}

/** One file of an announcement, and whose it is. */
export interface AnnouncedObject {
  readonly deletionId: string;
  readonly callId: string;
  readonly kind: 'recording' | 'voicemail';
  readonly place: string;
  readonly objectKey: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly retentionClass: string;
  /** ISO 8601. */
  readonly expiresAt: string;
  readonly email: string;
  readonly personId: string;
  /** As of now, such as `stored` or `removed`. */
  readonly state: string;
  /** Whether a legal hold keeps it. */
  readonly isHeld: boolean;
}

/** What the retention schedule is about to remove and has removed. */
export interface RemovalsView {
  /** Newest first. */
  list(tenantId: string, request: PageRequest): Promise<Page<Removal>>;
  /** null: there is no such announcement. */
  find(tenantId: string, id: string): Promise<Removal | null>;
  /** Exactly the files that were announced, in their order. */
  objects(tenantId: string, id: string, request: PageRequest): Promise<Page<AnnouncedObject>>;
}
