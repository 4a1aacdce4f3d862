import type { Capabilities } from '../capabilities.js';
import type { Change, Notice } from '../plan.js';
import { byCodeUnits } from '../sort.js';

/** Steps within one leaver's removals: the park first, then what rings, then what sees. */
const URGENT_STEPS = { park: 0, revoke: 1, update: 2, manual: 3 } as const satisfies Partial<
  Record<Change['action'], number>
>;
/** Where people do the work, the park is their look whether anything is left: asked for when the rest has been. */
const LOOK_AT_THE_END = 4;

/**
 * Leavers first (invariant 6), then restores, then other changes, then what is new. Forgetting and adopting write
 * nothing at the vendor, and what follows for the same person needs them. Deletions come before creates: they
 * free a seat that would be billed at once.
 */
const STEPS = {
  forget: 1,
  adopt: 2,
  restore: 3,
  revoke: 4,
  update: 4,
  park: 4,
  delete: 5,
  'create-team': 6,
  create: 7,
  grant: 8,
  manual: 9,
} as const satisfies Record<Change['action'], number>;

/** The order in which changes are applied; the same for the same changes in any order. */
export function orderChanges(
  changes: readonly Change[],
  { writes }: Pick<Capabilities, 'writes'>,
): readonly Change[] {
  const newcomers = new Set(changes.flatMap((one) => (one.action === 'create' ? [one.subjectId] : [])));
  return changes
    .map((change) => ({ change, step: stepOf(change, newcomers), within: withinOf(change, writes) }))
    .toSorted(
      (a, b) =>
        a.step - b.step ||
        byCodeUnits(a.change.subjectId, b.change.subjectId) ||
        a.within - b.within ||
        byCodeUnits(a.change.key, b.change.key),
    )
    .map(({ change }) => change);
}

/** Notices by code, person and text. */
export function orderNotices(notices: readonly Notice[]): readonly Notice[] {
  return notices.toSorted(
    (a, b) =>
      byCodeUnits(a.code, b.code) ||
      byCodeUnits(a.subjectId ?? '', b.subjectId ?? '') ||
      byCodeUnits(a.providerUserId ?? '', b.providerUserId ?? '') ||
      byCodeUnits(a.message, b.message),
  );
}

/** What a newcomer gets comes right after their create: a plan that is interrupted leaves nobody half-way. */
function stepOf(change: Change, newcomers: ReadonlySet<string>): number {
  if (change.urgent) return 0;
  const isForNewcomer =
    (change.action === 'grant' && change.providerUserId === null) ||
    (change.action === 'update' && newcomers.has(change.subjectId));
  return STEPS[isForNewcomer ? 'create' : change.action];
}

function withinOf({ action }: Change, writes: Capabilities['writes']): number {
  if (action === 'park' && writes === 'manual') return LOOK_AT_THE_END;
  // Whatever else a newcomer gets needs them to be there.
  if (action === 'create') return 0;
  return Object.hasOwn(URGENT_STEPS, action) ? URGENT_STEPS[action as keyof typeof URGENT_STEPS] : 9;
}
