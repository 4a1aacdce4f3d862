import {
  ACTIVE_LIFECYCLE,
  type DeletionGuards,
  type Lifecycle,
  type LifecycleEvent,
  type LifecycleRefusal,
  type LifecycleResult,
  type LifecycleState,
} from './lifecycle.js';
import type { LinkState } from './state.js';

/**
 * The next state, or why not. Repeating an event that was already taken in changes nothing. `deleting` is entered
 * from `due` only, with the date and every guard checked in that moment, so that no interleaving of pushes,
 * approvals, retries and clocks deletes early or twice.
 */
export function nextLifecycle(lifecycle: Lifecycle, event: LifecycleEvent): LifecycleResult {
  switch (event.type) {
    case 'park':
      return park(lifecycle, event.at, event.graceMs);
    case 'restore':
      return isGoing(lifecycle) || lifecycle.state === 'active' ? next(ACTIVE_LIFECYCLE) : over(lifecycle);
    case 'forget':
      return forget(lifecycle);
    case 'cancel':
      return reschedule(lifecycle, null);
    case 'reschedule':
      return reschedule(lifecycle, event.deleteDueAt);
    case 'clock':
      return next(isDue(lifecycle, event.now) ? { ...lifecycle, state: 'due' } : lifecycle);
    case 'hold':
      return from(lifecycle, ['due', 'held'], { state: 'held', holds: event.reasons });
    case 'release':
      return from(lifecycle, ['held', 'due'], { state: 'due', holds: [] });
    case 'begin-delete':
      return beginDelete(lifecycle, event.now, event.guards);
    case 'delete-confirmed':
      return from(lifecycle, ['deleting', 'deleted'], { state: 'deleted' });
    case 'delete-refused':
      return from(lifecycle, ['deleting'], { state: 'held', holds: [event.reason] });
    case 'found-present':
      return foundPresent(lifecycle);
    case 'found-gone':
      return next(isEnded(lifecycle) ? lifecycle : { ...lifecycle, state: 'deleted', holds: [] });
    case 'verify':
      return from(lifecycle, ['deleted', 'verified'], { state: 'verified' });
  }
}

/** The coarse state that the link of such an agent has. */
export function linkStateOf(state: LifecycleState): LinkState | 'forgotten' {
  switch (state) {
    case 'active':
    case 'deleting':
    case 'deleted':
    case 'forgotten':
      return state;
    case 'parked':
    case 'due':
    case 'held':
      return 'parked';
    case 'verified':
      return 'deleted';
  }
}

/** A second park keeps the first one's moment and date. */
function park(lifecycle: Lifecycle, at: number, graceMs: number): LifecycleResult {
  if (isGoing(lifecycle)) return next(lifecycle);
  if (lifecycle.state !== 'active') return over(lifecycle);
  return next({ state: 'parked', parkedAt: at, deleteDueAt: at + graceMs, holds: [] });
}

function forget(lifecycle: Lifecycle): LifecycleResult {
  if (lifecycle.state === 'forgotten') return next(lifecycle);
  if (lifecycle.state !== 'active' && !isGoing(lifecycle)) return over(lifecycle);
  return next({ ...ACTIVE_LIFECYCLE, state: 'forgotten' });
}

function reschedule(lifecycle: Lifecycle, deleteDueAt: number | null): LifecycleResult {
  if (lifecycle.state === 'active')
    return refused('impossible', 'No deletion is planned for an active agent.');
  if (!isGoing(lifecycle)) return over(lifecycle);
  return next({ ...lifecycle, state: 'parked', deleteDueAt, holds: [] });
}

function beginDelete(lifecycle: Lifecycle, now: number, guards: DeletionGuards): LifecycleResult {
  const { state, deleteDueAt } = lifecycle;
  if (state === 'parked') return refused('too-early', 'The deletion is not due yet.');
  if (state !== 'due') return refused('impossible', `An agent that is ${state} cannot begin to be deleted.`);
  if (deleteDueAt === null || now < deleteDueAt) {
    return refused('too-early', 'The clock stands before the date of the deletion.');
  }
  return guardedDelete(lifecycle, guards);
}

function guardedDelete(lifecycle: Lifecycle, guards: DeletionGuards): LifecycleResult {
  if (guards.protections.length > 0) {
    return refused('protected', `The agent is protected: ${guards.protections.join(', ')}.`);
  }
  if (guards.isPlanHeld)
    return refused('plan-held', 'The plan that the deletion belongs to waits for approval.');
  if (!guards.hasManifest) return refused('no-manifest', 'No retention manifest has been recorded.');
  if (guards.isInCall) return refused('in-call', 'The agent is in a call.');
  return next({ ...lifecycle, state: 'deleting' });
}

/**
 * Still there after a lost answer: to be tried again. Still there although it was gone: as before where nobody had
 * asked for its deletion, else a person has to look.
 */
function foundPresent(lifecycle: Lifecycle): LifecycleResult {
  if (lifecycle.state === 'deleting') return next({ ...lifecycle, state: 'due' });
  if (lifecycle.state !== 'deleted') return next(lifecycle);
  if (lifecycle.parkedAt === null) return next(ACTIVE_LIFECYCLE);
  if (lifecycle.deleteDueAt === null) return next({ ...lifecycle, state: 'parked' });
  return next({
    ...lifecycle,
    state: 'held',
    holds: ['The agent was deleted, but the vendor still lists it.'],
  });
}

/** Parked and not yet being deleted. */
function isGoing({ state }: Lifecycle): boolean {
  return state === 'parked' || state === 'due' || state === 'held';
}

/** Nothing more happens to it. */
function isEnded({ state }: Lifecycle): boolean {
  return state === 'verified' || state === 'forgotten';
}

function isDue({ state, deleteDueAt }: Lifecycle, now: number): boolean {
  return state === 'parked' && deleteDueAt !== null && now >= deleteDueAt;
}

function from(
  lifecycle: Lifecycle,
  states: readonly LifecycleState[],
  change: Partial<Lifecycle> & Pick<Lifecycle, 'state'>,
): LifecycleResult {
  if (states.includes(lifecycle.state)) return next({ ...lifecycle, ...change });
  return refused('impossible', `This cannot happen to an agent that is ${lifecycle.state}.`);
}

function next(lifecycle: Lifecycle): LifecycleResult {
  return { type: 'next', lifecycle };
}

/** Why there is no way back. */
function over({ state }: Lifecycle): LifecycleResult {
  if (state === 'forgotten') return refused('impossible', 'The agent is not ours any more.');
  return refused('too-late', 'The permanent deletion has begun and cannot be taken back.');
}

function refused(refusal: LifecycleRefusal, message: string): LifecycleResult {
  return { type: 'refused', refusal, message };
}
