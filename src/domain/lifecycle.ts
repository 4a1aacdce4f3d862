/**
 * The way of an agent out of an account: `active -> parked -> due -> (held) -> deleting -> deleted -> verified`,
 * with ways back until `deleting`. `forgotten` is an agent that is ours no longer. Stored with its moments; time alone
 * never deletes anything.
 */
export type LifecycleState =
  'active' | 'parked' | 'due' | 'held' | 'deleting' | 'deleted' | 'verified' | 'forgotten';

export interface Lifecycle {
  readonly state: LifecycleState;
  /** Milliseconds since the epoch; null while active. */
  readonly parkedAt: number | null;
  /** Earliest permanent deletion in milliseconds since the epoch; null while active or once cancelled. */
  readonly deleteDueAt: number | null;
  /** Why the deletion waits; empty unless held. */
  readonly holds: readonly string[];
}

export const ACTIVE_LIFECYCLE: Lifecycle = { state: 'active', parkedAt: null, deleteDueAt: null, holds: [] };

export type LifecycleEvent =
  | { readonly type: 'park'; readonly at: number; readonly graceMs: number }
  /** Wanted again: everything as before the park. */
  | { readonly type: 'restore' }
  /** Ours no longer: somebody else deleted it, or it follows the person to another entry of the directory. */
  | { readonly type: 'forget' }
  /** Stays parked without a date of deletion. */
  | { readonly type: 'cancel' }
  | { readonly type: 'reschedule'; readonly deleteDueAt: number }
  | { readonly type: 'clock'; readonly now: number }
  | { readonly type: 'hold'; readonly reasons: readonly string[] }
  | { readonly type: 'release' }
  /** The moment before the call: every guard is asked again here. */
  | { readonly type: 'begin-delete'; readonly now: number; readonly guards: DeletionGuards }
  | { readonly type: 'delete-confirmed' }
  /** The vendor refused: nothing happened, a person has to look. */
  | { readonly type: 'delete-refused'; readonly reason: string }
  /** The answer was lost and a look shows that the agent is still there. */
  | { readonly type: 'found-present' }
  /** The agent is gone at the vendor, whoever deleted it. */
  | { readonly type: 'found-gone' }
  | { readonly type: 'verify' };

export interface DeletionGuards {
  /** Reasons of protection as of now; any of them forbids. */
  readonly protections: readonly string[];
  readonly hasManifest: boolean;
  readonly isPlanHeld: boolean;
  readonly isInCall: boolean;
}

export type LifecycleRefusal =
  'impossible' | 'too-early' | 'protected' | 'no-manifest' | 'plan-held' | 'in-call' | 'too-late';

export type LifecycleResult =
  | { readonly type: 'next'; readonly lifecycle: Lifecycle }
  | { readonly type: 'refused'; readonly refusal: LifecycleRefusal; readonly message: string };
