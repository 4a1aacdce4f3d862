import type { EntitlementSet } from '../domain/entitlement.js';
import type { Verdict } from '../domain/safety.js';

export type DeletionState =
  'scheduled' | 'held' | 'deleting' | 'deleted' | 'verified' | 'cancelled' | 'restored';

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
  /** The plan under which it was begun or is held; tells one beginning from the next. */
  readonly planId: string | null;
  /** The plan that waits, or waited, for a person's approval. */
  readonly heldPlan: {
    readonly id: string;
    readonly digest: string;
    readonly verdict: Verdict;
    readonly isApproved: boolean;
  } | null;
  /** null before the vendor said that the agent is gone. */
  readonly deletedAt: Date | null;
}
