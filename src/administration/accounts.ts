import type { AccountPolicy } from '../domain/plan.js';

/** How one account is doing: everything that the overview and the account's page show at a glance. */
export interface AccountStatus {
  readonly id: string;
  readonly name: string;
  readonly provider: string;
  readonly policy: AccountPolicy;
  readonly pausedReason: string | null;
  readonly pausedAt: Date | null;
  readonly firstPlanDone: boolean;
  readonly reconciledAt: Date | null;
  readonly reconcileAskedAt: Date | null;
  /** The vendor asked us to wait, or is ill, until then. */
  readonly restUntil: Date | null;
  readonly agents: { readonly active: number; readonly parked: number };
  /** Most agents the account may have; null: not set. */
  readonly seatCeiling: number | null;
  /** What one agent costs; null: not set. */
  readonly seatPrice: { readonly amountPerMonth: number; readonly currency: string } | null;
  readonly queue: QueueStatus;
  readonly heldPlans: number;
}

/** People who wait to be looked at in an account. */
export interface QueueStatus {
  /** Ready or put off for a while; not those that wait for an approval. */
  readonly waiting: number;
  readonly urgent: number;
  readonly oldestAt: Date | null;
  /** Wait for the approval of a plan. */
  readonly held: number;
  /** The last try failed; the next comes by itself or when the person changes. */
  readonly failing: number;
}
