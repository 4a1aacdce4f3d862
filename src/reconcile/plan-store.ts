import type { ErrorKind } from '../domain/errors.js';
import type { AccountPolicy, Change, Plan } from '../domain/plan.js';
import type { Verdict } from '../domain/safety.js';
import type { AccountKey } from './account.js';
import type { Effect } from './effects.js';
import type { MarkedSubject } from './marks.js';

export type StoredPlanState =
  | 'reported'
  | 'held'
  | 'approved'
  | 'applying'
  /** Gone through, and some of it waits for people to do it by hand. */
  | 'awaiting'
  | 'applied'
  | 'failed'
  | 'rejected'
  | 'superseded';

/** A change as a row: `planned` until its turn comes. */
export interface StoredChange {
  readonly id: string;
  readonly position: number;
  readonly change: Change;
  readonly state: ChangeState;
}

/** `awaiting`: a person was asked to do it and nobody has confirmed that it is so. */
export type ChangeState =
  'planned' | 'applying' | 'awaiting' | 'applied' | 'already' | 'failed' | 'stale' | 'abandoned';

export interface StoredPlan extends AccountKey {
  readonly id: string;
  readonly plan: Plan;
  readonly digest: string;
  readonly verdict: Verdict;
  readonly state: StoredPlanState;
  readonly decidedBy: string | null;
  readonly createdAt: Date;
  readonly changes: readonly StoredChange[];
}

export interface NewPlan extends StoredPlan {
  /** Marks that wait for this plan from now on; each only if it was not renewed meanwhile. */
  readonly waiting: readonly MarkedSubject[];
  readonly removalCount: number;
  readonly audit: AuditRecord | null;
}

export interface ChangeStart extends AccountKey {
  readonly changeId: string;
  readonly holder: string;
  /** The policy the plan was made under. */
  readonly policy: AccountPolicy;
  readonly at: Date;
  /** The mark that the plan was made for; it must still be there, unrenewed. null: no mark is needed. */
  readonly mark: MarkedSubject | null;
}

/**
 * `go`: the change is `applying` now. `stale`: the person changed since the plan was made. `not-ours`: the lease
 * was lost, the account paused, or its policy changed.
 */
export type StartAnswer = 'go' | 'stale' | 'not-ours';

export interface ChangeEnd extends AccountKey {
  readonly changeId: string;
  readonly holder: string;
  readonly planId: string;
  /** `planned`: it was not let through to the vendor, so it is as if it had never begun. */
  readonly state: Exclude<ChangeState, 'applying'>;
  readonly error: { readonly kind: ErrorKind; readonly message: string } | null;
  readonly effects: readonly Effect[];
  readonly audit: AuditRecord | null;
  readonly at: Date;
}

export interface PlanApproval {
  readonly approver: string;
  readonly digest: string;
  /** How many different people have to approve. */
  readonly needed: number;
  readonly at: Date;
}

export interface ApprovalResult {
  /** This person approved it before: nothing was recorded. */
  readonly isRepeated: boolean;
  readonly isApproved: boolean;
  /** Everybody who approved so far, in order. */
  readonly approvers: readonly string[];
}

export interface AuditRecord {
  readonly actor: string;
  readonly action: string;
  readonly targetType: string;
  readonly targetId: string;
  readonly correlationId: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface PlanStore {
  /** Stores the plan, its changes and which marks wait for it, in one transaction. */
  insert(plan: NewPlan): Promise<void>;
  find(account: AccountKey, planId: string): Promise<StoredPlan | null>;
  /** Approved plans of the account, oldest first. */
  listApproved(account: AccountKey): Promise<readonly StoredPlan[]>;
  /** Held plans made at or after `since`, oldest first. */
  listHeld(account: AccountKey, since: Date): Promise<readonly StoredPlan[]>;
  /** Moves a plan that is in one of `from`. False when it is in none of them. */
  move(
    account: AccountKey,
    planId: string,
    move: {
      readonly from: readonly StoredPlanState[];
      readonly to: StoredPlanState;
      readonly at: Date;
      readonly decidedBy?: string;
      readonly audit?: AuditRecord;
    },
  ): Promise<boolean>;
  /**
   * Records one person's approval of a held plan and, once `needed` different people gave theirs, moves it to
   * `approved`. null: the plan is not held any more.
   */
  addApproval(account: AccountKey, planId: string, approval: PlanApproval): Promise<ApprovalResult | null>;
  startChange(start: ChangeStart): Promise<StartAnswer>;
  /**
   * Records how a change ended and all that follows from it. False where the lease is another worker's now: nothing
   * is recorded then, for that worker has found out by itself what became of the change.
   */
  endChange(end: ChangeEnd): Promise<boolean>;
  /**
   * What a dead worker left: plans left in `applying` fail, and what was open of them is `abandoned`. Of approved
   * plans what was `applying` is `planned` again.
   */
  abandonUnfinished(account: AccountKey, at: Date): Promise<void>;
  /** Changes of this plan not yet begun become `abandoned`. */
  abandonRest(account: AccountKey, planId: string, at: Date): Promise<void>;
  /** Which of these subjects have a create whose outcome was never recorded, since their last link ended. */
  listUnconfirmedCreates(account: AccountKey, subjectIds: readonly string[]): Promise<readonly string[]>;
}
