import type { EntitlementSet } from '../domain/entitlement.js';
import type { ChosenSuccessor, Handover } from '../domain/handover.js';
import type { TakenOver } from '../domain/takeover.js';
import type {
  AccountKey,
  AuditRecord,
  DirectoryReader,
  ReadingStore,
  RuleSetReader,
} from '../reconcile/ports.js';
import type { Deletion, DeletionState } from './deletion.js';

export interface HandoverDeps {
  readonly readings: Pick<ReadingStore, 'latest'>;
  readonly directory: Pick<DirectoryReader, 'snapshot'>;
  readonly rules: RuleSetReader;
  readonly store: HandoverStore;
}

export interface HandoverStore {
  /**
   * A deletion whose lines were not looked at lately: never, or before the account was read the last time and with
   * something left to hand over, be the person gone already.
   */
  nextUnreviewed(account: AccountKey, now: Date): Promise<Deletion | null>;
  /** Agents of everybody who is parked or being deleted. */
  listLeaving(account: AccountKey): Promise<ReadonlySet<string>>;
  /** Keeps what was found, what is given to the successor, and opens, changes or closes the task about it. */
  record(account: AccountKey, deletion: Deletion, found: ReviewedHandover): Promise<void>;
  load(account: AccountKey, deletionId: string): Promise<Handover | null>;
  successorOf(account: AccountKey, deletionId: string): Promise<Successorship | null>;
  /** Whether it was looked at since somebody chose, or took the choice back, the last time. */
  isReviewed(account: AccountKey, deletionId: string): Promise<boolean>;
  /** Whose active agent it is in the directory; null: nobody's whom we manage. */
  subjectOf(account: AccountKey, providerUserId: string): Promise<string | null>;
  /** null: nothing is given to anybody by plan. */
  takeoverOf(account: AccountKey, deletionId: string): Promise<TakeoverStanding | null>;
}

export interface ReviewedHandover {
  readonly handover: Handover;
  /** Who was chosen when it was looked at; whoever is chosen meanwhile is looked at next. */
  readonly chosen: Successorship | null;
  /** What plans give the chosen person; what was given before stays given. null: nothing. */
  readonly takeover: {
    readonly subjectId: string;
    readonly providerUserId: string;
    readonly grants: readonly TakenOver[];
  } | null;
  readonly task: HandoverTask;
  readonly at: Date;
}

/** How far the hand-over to a person is that plans carry out. */
export interface TakeoverStanding {
  readonly email: string;
  readonly grants: readonly TakenOver[];
  /** null: they have no active agent of ours any more. */
  readonly link: {
    readonly providerUserId: string;
    readonly written: EntitlementSet | null;
    /** Milliseconds since the epoch, by the database's clock. */
    readonly updatedAt: number;
  } | null;
  /** `none`: they were planned, and nothing is left to be done. */
  readonly plan:
    { readonly type: 'none' | 'ahead' | 'held' } | { readonly type: 'refused'; readonly reason: string };
}

/** Who takes the lines over, and who said so. */
export type Successorship = ChosenSuccessor & { readonly by: string };

/** What is known of one leaver's hand-over. */
export interface HandoverStanding {
  readonly account: AccountKey;
  readonly state: DeletionState;
  readonly providerUserId: string;
  /** null: not looked at yet. */
  readonly handover: Handover | null;
  readonly chosen: Successorship | null;
  /** What plans give the chosen person. */
  readonly takeovers: readonly TakenOver[];
}

/** People's side of hand-overs. */
export interface SuccessorStore {
  /** null: there is no such deletion. */
  find(tenantId: string, deletionId: string): Promise<HandoverStanding | null>;
  listLeaving(account: AccountKey): Promise<ReadonlySet<string>>;
  /**
   * Only while the deletion has not begun; taken back also afterwards, where something was given. False otherwise.
   * What was given to somebody chosen before is theirs no longer: their next plan takes it. The task about it says so
   * from the next turn on.
   */
  choose(
    tenantId: string,
    deletionId: string,
    chosen: Successorship | null,
    at: Date,
    audit: AuditRecord,
  ): Promise<boolean>;
}

export interface HandoverTask {
  readonly id: string;
  readonly title: string;
  readonly steps: readonly string[];
  readonly link: string | null;
}
