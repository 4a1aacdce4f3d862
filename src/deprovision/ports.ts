import type { Logger } from 'pino';
import type { EntitlementSet } from '../domain/entitlement.js';
import type { ErrorKind } from '../domain/errors.js';
import type { Plan } from '../domain/plan.js';
import type { Verdict } from '../domain/safety.js';
import type { Clock } from '../lib/clock.js';
import type { AccountKey, AuditRecord, NewStep } from '../reconcile/ports.js';
import type { Manifest } from './manifest.js';

export type DeletionState = 'scheduled' | 'held' | 'deleting' | 'deleted' | 'verified' | 'cancelled';

/** One permanent deletion. The row, not the queue, is the truth about whether and when. */
export interface Deletion {
  readonly id: string;
  readonly linkId: string;
  readonly subjectId: string;
  readonly providerUserId: string;
  readonly email: string;
  readonly dueAt: Date;
  readonly state: DeletionState;
  readonly attempts: number;
  /** What the agent held when it was parked. */
  readonly held: EntitlementSet | null;
  readonly manifest: Manifest | null;
  /** The plan under which it was begun or is held; tells one beginning from the next. */
  readonly planId: string | null;
  /** The plan that waits, or waited, for a person's approval. */
  readonly heldPlan: { readonly id: string; readonly digest: string; readonly isApproved: boolean } | null;
}

export interface DeletionDeps {
  readonly deletions: DeletionStore;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: Logger;
  /** A named moment at which a crash must do no harm; tests stop the process here. */
  readonly checkpoint: (name: string) => void;
}

export interface DeletionStart {
  readonly deletion: Deletion;
  readonly holder: string;
  readonly planId: string;
  readonly changeId: string;
  readonly plan: Plan;
  readonly digest: string;
  readonly verdict: Verdict;
  readonly manifest: Manifest;
  readonly manifestHash: string;
  readonly at: Date;
}

export interface DeletionStore {
  /**
   * The next deletion with something to do: due by the database's clock as well as by `now`, begun and unfinished,
   * or done and not yet verified. None that is put off.
   */
  nextDue(account: AccountKey, now: Date): Promise<Deletion | null>;
  saveManifest(account: AccountKey, deletionId: string, manifest: Manifest, at: Date): Promise<void>;
  /**
   * Begins the deletion in one transaction, if in that very moment everything still stands: due by both clocks,
   * link parked, person gone from the directory with nothing about them left to look at, rules as planned, account
   * active under policy sync, lease ours. The person's row is locked meanwhile: who comes back later finds the
   * deletion begun, who came back before stops it. False: something changed, and nothing was begun.
   */
  begin(account: AccountKey, start: DeletionStart): Promise<boolean>;
  /** The agent is gone: deletion and link end together, the link for good. */
  recordDeleted(
    account: AccountKey,
    deletion: Deletion,
    record: { readonly at: Date; readonly audit: AuditRecord; readonly result: 'applied' | 'already' },
  ): Promise<void>;
  recordVerified(account: AccountKey, deletionId: string, at: Date, audit: AuditRecord): Promise<void>;
  /**
   * Begun under this plan, without effect: back to `scheduled`, with every guard to be asked again. Does nothing
   * where another worker has begun it anew meanwhile.
   */
  takeBack(account: AccountKey, deletion: Deletion, at: Date, error: DeletionError): Promise<void>;
  /** Waits for a person. `plan` is stored as held where there is one to approve. */
  hold(
    account: AccountKey,
    deletion: Deletion,
    hold: {
      readonly reason: string;
      readonly at: Date;
      readonly recheckAt: Date;
      readonly plan: HeldPlan | null;
      readonly audit: AuditRecord;
    },
  ): Promise<void>;
  /**
   * Asks a person to do it, with the manifest that goes before it, and looks again at `recheckAt` or as soon as it is
   * confirmed. Asked again it changes nothing but the words.
   */
  ask(account: AccountKey, deletion: Deletion, question: DeletionQuestion): Promise<void>;
  /** Takes back what was asked: it is not wanted, or not now. */
  unask(account: AccountKey, deletion: Deletion, at: Date): Promise<void>;
  putOff(account: AccountKey, deletionId: string, until: Date, error: DeletionError | null): Promise<void>;
}

export interface DeletionQuestion {
  readonly step: NewStep;
  readonly manifest: Manifest;
  readonly manifestHash: string;
  readonly at: Date;
  readonly recheckAt: Date;
  readonly audit: AuditRecord;
}

export interface DeletionError {
  readonly kind: ErrorKind;
  readonly message: string;
}

export interface HeldPlan {
  readonly id: string;
  readonly changeId: string;
  readonly plan: Plan;
  readonly digest: string;
  readonly verdict: Verdict;
}
