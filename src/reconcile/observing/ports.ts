import type { Capabilities, VendorLimits } from '../../domain/capabilities.js';
import type { FindingRule } from '../../domain/findings/policy.js';
import type { Plan } from '../../domain/plan.js';
import type { ActualState, Link, SubjectState } from '../../domain/state.js';
import type { ReadProgress } from '../../providers/port.js';
import type { AccountKey } from '../account.js';

/** A whole account as it was read and planned; nothing of the plan has been applied yet. */
export interface WholeComparison {
  readonly plan: Plan;
  readonly states: ReadonlyMap<string, SubjectState>;
  readonly links: readonly Link[];
  readonly actual: ActualState;
  readonly capabilities: Capabilities;
  readonly limits: VendorLimits;
}

/** One comparison under way. Exactly one of its three ends is told. */
export interface ObservedComparison {
  /** How far the reading is; nobody waits for it. */
  progress(step: ReadProgress): void;
  compared(comparison: WholeComparison): Promise<void>;
  /** The account could not be read or planned as a whole. `reason` is for a person. */
  failed(reason: string): Promise<void>;
  /** Something more urgent came first, or the vendor asked for a pause: it begins again. */
  postponed(): Promise<void>;
}

/** Told of comparisons of whole accounts. What it does or fails to do changes nothing about them. */
export interface ReconcileObserver {
  begin(account: AccountKey, trigger: string): Promise<ObservedComparison>;
}

/** What people chose to be done about drift of an account. */
export interface FindingRuleReader {
  read(account: AccountKey): Promise<FindingRule>;
}
