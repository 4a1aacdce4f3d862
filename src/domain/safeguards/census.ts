import type { Change, Plan } from '../plan.js';
import { type RemovalKind, removalKind } from '../planning/removal.js';

/** Who loses what by a plan. Every set holds subject ids. */
export interface RemovalCensus {
  /** People who end up with less: parked, deleted, gone, or something taken and nothing given. */
  readonly losers: ReadonlySet<string>;
  /** Parks and deletes, as counted by the hourly budget. */
  readonly departures: number;
  /** People who lose something although the directory did not say that they left: only rules can be the cause. */
  readonly byRules: ReadonlySet<string>;
}

export function takeCensus({ changes }: Plan): RemovalCensus {
  const losers = new Set<string>();
  const trimmed = new Set<string>();
  const gaining = new Set<string>();
  const byRules = new Set<string>();
  let departures = 0;
  for (const change of changes) {
    const kind = removalKind(change);
    if (isGain(change)) gaining.add(change.subjectId);
    if (kind === null || kind === 'task') continue;
    if (kind === 'park' || kind === 'delete') departures += 1;
    (isDeparture(kind) ? losers : trimmed).add(change.subjectId);
    if (isByRules(change, kind)) byRules.add(change.subjectId);
  }
  for (const subjectId of trimmed) if (!gaining.has(subjectId)) losers.add(subjectId);
  return { losers, departures, byRules };
}

function isDeparture(kind: RemovalKind): boolean {
  return kind === 'park' || kind === 'delete' || kind === 'lose';
}

/** A mover is not a loser: what they lose is made up for. */
function isGain(change: Change): boolean {
  switch (change.action) {
    case 'grant':
    case 'restore':
    case 'create':
      return true;
    case 'update':
      return change.after.role !== undefined && removalKind(change) === null;
    case 'adopt':
    case 'revoke':
    case 'park':
    case 'delete':
    case 'forget':
    case 'manual':
    case 'create-team':
      return false;
  }
}

/** Urgent removals beyond a park's own follow a leaver fact; a park does so unless the person is just unmapped. */
function isByRules(change: Change, kind: RemovalKind): boolean {
  if (change.action === 'park') return change.fact === 'unmapped';
  return !change.urgent && (kind === 'revoke' || kind === 'demote');
}
