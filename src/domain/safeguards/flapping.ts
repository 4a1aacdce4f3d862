import { entitlementKey } from '../entitlement.js';
import type { Change, Plan } from '../plan.js';
import { isDemotion } from '../planning/removal.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** One direction of something that can be done and undone. */
export interface FlapStep {
  readonly thing: string;
  readonly direction: 'add' | 'remove';
}

export interface AppliedStep extends FlapStep {
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** What a change does or undoes, to be kept with every applied change; null for what cannot flap. */
export function flapStep(change: Change): FlapStep | null {
  const { subjectId } = change;
  switch (change.action) {
    case 'create':
      return { thing: `agent:${subjectId}`, direction: 'add' };
    case 'delete':
      return { thing: `agent:${subjectId}`, direction: 'remove' };
    case 'restore':
      return { thing: `access:${subjectId}`, direction: 'add' };
    case 'park':
      return { thing: `access:${subjectId}`, direction: 'remove' };
    case 'grant':
      return { thing: `${entitlementKey(change.entitlement)}:${subjectId}`, direction: 'add' };
    case 'revoke':
      return { thing: `${entitlementKey(change.entitlement)}:${subjectId}`, direction: 'remove' };
    case 'update':
      if (change.after.role === undefined) return null;
      return { thing: `role:${subjectId}`, direction: isDemotion(change) ? 'remove' : 'add' };
    case 'adopt':
    case 'forget':
    case 'manual':
    case 'create-team':
      return null;
  }
}

/**
 * Changes that would give once more what was given and taken again `max` times or more within the last day. Only
 * giving is stopped: whoever flaps ends up with less, never with a leaver inside.
 */
export function flappingChanges(
  plan: Plan,
  history: readonly AppliedStep[],
  { max, now }: { readonly max: number; readonly now: number },
): readonly Change[] {
  const recent = history.filter(({ at }) => at > now - DAY_MS);
  const undone = countUndone(recent);
  return plan.changes.filter((change) => {
    const step = flapStep(change);
    return step?.direction === 'add' && (undone.get(step.thing) ?? 0) >= max;
  });
}

/** How often each thing was given and then taken. */
function countUndone(steps: readonly AppliedStep[]): ReadonlyMap<string, number> {
  const isGiven = new Map<string, boolean>();
  const undone = new Map<string, number>();
  for (const { thing, direction } of steps.toSorted((a, b) => a.at - b.at)) {
    if (direction === 'remove' && isGiven.get(thing) === true)
      undone.set(thing, (undone.get(thing) ?? 0) + 1);
    isGiven.set(thing, direction === 'add');
  }
  return undone;
}
