/** Limits per account; every number has its unit in its name. */
export interface SafetySettings {
  /** A plan is held when its removals exceed this count AND the share below. */
  readonly removalFloor: number;
  /** 0..1 of the account's active links. */
  readonly removalShareMax: number;
  /** A plan is held when it has more removals than this, whatever the share. null: no ceiling. */
  readonly removalCeiling: number | null;
  /** Held when the directory's active users shrank by more than this share since the last applied plan. 0..1. */
  readonly directoryShrinkShareMax: number;
  /** Agents (linked or not) the company pays for; a create beyond it is held. null: unknown. */
  readonly seatCeiling: number | null;
  /** Parks and deletes per hour and account before further ones are held. */
  readonly removalsPerHourMax: number;
  /** The same change applied and undone this often within a day is flapping. */
  readonly flapsPerDayMax: number;
}

export const DEFAULT_SAFETY: SafetySettings = {
  removalFloor: 3,
  removalShareMax: 0.1,
  removalCeiling: 50,
  directoryShrinkShareMax: 0.3,
  seatCeiling: null,
  removalsPerHourMax: 20,
  flapsPerDayMax: 3,
};

export type HoldCode =
  | 'removal-share'
  | 'removal-ceiling'
  | 'empty-desired'
  | 'directory-shrank'
  | 'protected-agent'
  | 'rules-changed'
  | 'seat-ceiling'
  | 'removal-budget'
  | 'flapping'
  | 'deletion-approval';

export interface Hold {
  readonly code: HoldCode;
  /** What was found, what the limit is, what to do. */
  readonly message: string;
  /** Who or what in particular, where it is about some rather than about the plan as such. */
  readonly about?: readonly string[];
  /** How far it goes beyond a limit that costs something: seats above the ceiling. */
  readonly extent?: number;
}

/** `allowed`, or `held` with every reason at once. */
export type Verdict =
  { readonly type: 'allowed' } | { readonly type: 'held'; readonly holds: readonly Hold[] };

/**
 * Reasons to hold a plan that whoever approved it did not know of: such as came up since, are about somebody else as
 * well, or go further than they did.
 */
export function unapprovedHolds(approved: Verdict, now: Verdict): readonly Hold[] {
  const known = approved.type === 'held' ? approved.holds : [];
  return now.type === 'held' ? now.holds.filter((hold) => !known.some((one) => covers(one, hold))) : [];
}

function covers(approved: Hold, hold: Hold): boolean {
  const about = new Set(approved.about);
  return (
    approved.code === hold.code &&
    (hold.about ?? []).every((one) => about.has(one)) &&
    (hold.extent ?? 0) <= (approved.extent ?? 0)
  );
}
