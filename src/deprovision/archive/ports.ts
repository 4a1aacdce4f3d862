import type { Clock } from '../../lib/clock.js';
import type { AccountKey } from '../../reconcile/ports.js';

/** Where recordings are kept: a directory or a bucket. */
export interface ArchiveSink {
  /** Names the destination, so that a later one is told from it. */
  readonly place: string;
  /**
   * Writes the whole stream under the key, or nothing that `read` would find; over what is there already. Memory
   * stays bounded whatever the length. Throws what the source throws, and what the destination throws.
   */
  write(key: string, body: AsyncIterable<Uint8Array>, contentType: string): Promise<void>;
  /** null: nothing is there. */
  read(key: string): Promise<AsyncIterable<Uint8Array> | null>;
  remove(key: string): Promise<void>;
}

export interface Download {
  readonly body: AsyncIterable<Uint8Array>;
  /** As the host says; null where it does not. */
  readonly bytes: number | null;
  readonly contentType: string;
}

/** `expired`: the link works no longer. `gone`: nothing is there. `failed`: worth another try. */
export class DownloadFailed extends Error {
  override readonly name = 'DownloadFailed';
  readonly reason: 'expired' | 'gone' | 'failed';

  constructor(reason: 'expired' | 'gone' | 'failed', message: string) {
    super(message);
    this.reason = reason;
  }
}

/** The archive itself cannot be used: nobody's recording is at fault. */
export class ArchiveUnusable extends Error {
  override readonly name = 'ArchiveUnusable';

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

export interface ArchiveDeps {
  readonly objects: ArchiveObjectStore;
  /** Throws ArchiveUnusable where the account's destination cannot be used as it is set. */
  readonly openSink: (account: AccountKey) => Promise<ArchiveSink>;
  /** One request without credentials to a link that the vendor gave. Throws DownloadFailed. */
  readonly download: (url: string) => Promise<Download>;
}

export interface ArchiveRunDeps extends ArchiveDeps {
  readonly clock: Clock;
  readonly checkpoint: (name: string) => void;
}

export type ObjectKind = 'recording' | 'voicemail';

/** One file of one call that is to be kept. */
export interface ObjectKey {
  readonly callId: string;
  readonly kind: ObjectKind;
}

export interface WantedObject extends ObjectKey {
  /** Milliseconds since the epoch. */
  readonly callAt: number;
  readonly retentionClass: string;
  /** Milliseconds since the epoch; null: for ever. */
  readonly expiresAt: number | null;
}

export interface PendingObject extends ObjectKey {
  readonly callAt: number;
  readonly attempts: number;
}

export interface StoredObject extends ObjectKey {
  readonly place: string;
  readonly objectKey: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface ArchiveTally {
  readonly pending: number;
  /** Tried often without success: tried on, rarely, until a person lets them go. */
  readonly missing: number;
  readonly stored: number;
  readonly waived: number;
  readonly removed: number;
  readonly bytes: number;
  /** Stored ones that were read again since the deletion. */
  readonly checked: number;
  /** Of these, those that differed from what was written. */
  readonly damaged: number;
  /** The next moment at which one of them may be tried. */
  readonly nextAt: Date | null;
}

export interface ArchiveObjectStore {
  /** Adds those that are not there yet. */
  want(account: AccountKey, deletionId: string, objects: readonly WantedObject[]): Promise<void>;
  /** Those to be fetched now, oldest call first. */
  listReady(
    account: AccountKey,
    deletionId: string,
    now: Date,
    limit: number,
  ): Promise<readonly PendingObject[]>;
  recordStored(
    account: AccountKey,
    deletionId: string,
    object: StoredObject & { readonly at: Date },
  ): Promise<void>;
  recordFailed(
    account: AccountKey,
    deletionId: string,
    failure: ObjectKey & {
      readonly error: string;
      readonly retryAt: Date;
      readonly state: 'pending' | 'missing';
    },
  ): Promise<void>;
  tally(account: AccountKey, deletionId: string): Promise<ArchiveTally>;
  /** Stored and not read again since the deletion. */
  listUnchecked(account: AccountKey, deletionId: string, limit: number): Promise<readonly StoredObject[]>;
  recordChecked(
    account: AccountKey,
    deletionId: string,
    check: ObjectKey & { readonly at: Date; readonly error: string | null },
  ): Promise<void>;
  /** Hash over every object's call, kind, size and hash, in order. */
  rootHash(account: AccountKey, deletionId: string): Promise<string>;
}
