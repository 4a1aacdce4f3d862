import { makeTable, type Table } from '../table.js';
import type { JournalEntry, MemberRecord, NumberRecord } from './records.js';

interface Scalars {
  /** Null until an organisation was seeded. */
  organisation: string | null;
  /** The next id of each kind; no id is ever given twice. */
  readonly next: { member: number; number: number; entry: number };
  /** Oldest first. */
  readonly journal: JournalEntry[];
}

/** Everything the simulated organisation consists of. */
export interface VxtState extends Scalars {
  readonly members: Table<MemberRecord>;
  readonly numbers: Table<NumberRecord>;
}

const FORMAT = 'vxt-sandbox-1';

/** The state file's content. */
export interface SavedState extends Scalars {
  readonly format: typeof FORMAT;
  readonly clockOffsetMs: number;
  readonly members: readonly MemberRecord[];
  readonly numbers: readonly NumberRecord[];
}

export function makeState(saved: SavedState | null): VxtState {
  return {
    organisation: saved?.organisation ?? null,
    next: saved?.next ?? { member: 1, number: 1, entry: 1 },
    journal: saved?.journal ?? [],
    members: makeTable(saved?.members ?? []),
    numbers: makeTable(saved?.numbers ?? []),
  };
}

/** The state as data; shares rows with the live state, so turn it into text at once. */
export function saveState(state: VxtState, clockOffsetMs: number): SavedState {
  return {
    format: FORMAT,
    clockOffsetMs,
    ...state,
    members: state.members.rows(),
    numbers: state.numbers.rows(),
  };
}

/** Tells our own state file from anything else by its format mark. */
export function readSavedState(content: unknown, file: string): SavedState | null {
  if (content === null) return null;
  const isOurs =
    typeof content === 'object' && content !== null && 'format' in content && content.format === FORMAT;
  if (isOurs) return content as SavedState;
  throw new Error(
    `${file} is not a state file of this sandbox (format ${FORMAT}). Name another file, or delete it to start empty.`,
  );
}
