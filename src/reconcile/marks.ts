import type { AccountKey } from './account.js';

/** A mark as it was seen; a renewed mark has another generation and is another question. */
export interface MarkedSubject {
  readonly subjectId: string;
  readonly generation: number;
}

/** "Look at this person again in this account." Never says what changed: whoever works on it reads the world anew. */
export interface DirtyMark extends MarkedSubject {
  readonly isUrgent: boolean;
  /** How often changes were applied for it, or failed, without the plan becoming empty. */
  readonly attempts: number;
  readonly markedAt: Date;
  /** Has a live link: only such people can be leavers. */
  readonly isLinked: boolean;
}

/** Why a mark waits: until a moment, or until the person changes (or a schedule asks again). */
export interface Deferral {
  readonly until: Date | 'change';
  readonly error: string;
  readonly countsAttempt: boolean;
}

export interface MarkStore {
  /** Marks that are neither held nor put off: urgent ones first, then those with a link, then the oldest. */
  listReady(account: AccountKey, options: { now: Date; limit: number }): Promise<readonly DirtyMark[]>;
  /** The urgent ones among them; asked between any two changes, so cheap. */
  listUrgent(account: AccountKey, now: Date): Promise<readonly MarkedSubject[]>;
  listHeldBy(account: AccountKey, planId: string): Promise<readonly DirtyMark[]>;
  /** The marks of these people, ready or not. */
  listOf(account: AccountKey, subjectIds: readonly string[]): Promise<readonly DirtyMark[]>;
  /** Marks anew, which also takes marks out of any hold or deferral. */
  mark(
    account: AccountKey,
    subjectIds: readonly string[],
    options: { reason: string; at: Date },
  ): Promise<readonly MarkedSubject[]>;
  setUrgent(account: AccountKey, subjectIds: readonly string[]): Promise<void>;
  /** Deletes the marks that were not renewed meanwhile. */
  complete(account: AccountKey, marks: readonly MarkedSubject[]): Promise<void>;
  defer(account: AccountKey, marks: readonly MarkedSubject[], deferral: Deferral): Promise<void>;
  countAttempt(account: AccountKey, marks: readonly MarkedSubject[]): Promise<void>;
  /** Takes every mark that waits for this plan out of its hold. */
  release(account: AccountKey, planId: string): Promise<void>;
  /** The same for all plans that were only reported: the policy allows more now. */
  releaseReported(account: AccountKey): Promise<void>;
}
