import type { FaultStatus } from '../faults.js';
import type { RequestLogEntry } from '../request-log.js';
import { makeTable, type Table } from '../table.js';
import type {
  ApiToken,
  CallRecord,
  DepartmentRecord,
  LoginFailures,
  NumberRecord,
  RoleRecord,
  SessionRecord,
  TimeGroupRecord,
  UserRecord,
} from './records.js';

/** The next id of each kind. Kept when rows go, so that no id is ever given twice. */
export interface Counters {
  user: number;
  agent: number;
  intercom: number;
  department: number;
  number: number;
  call: number;
  timeGroup: number;
}

interface Scalars {
  /** Null until an account was seeded. */
  companyName: string | null;
  readonly next: Counters;
  readonly tokens: ApiToken[];
  readonly sessions: SessionRecord[];
  readonly failures: Record<string, LoginFailures>;
  readonly roles: RoleRecord[];
  readonly timeGroups: TimeGroupRecord[];
  readonly agentGroups: string[];
  readonly calls: CallRecord[];
}

/** Everything the simulated account consists of. */
export interface SmartfloState extends Scalars {
  readonly users: Table<UserRecord>;
  readonly departments: Table<DepartmentRecord>;
  readonly numbers: Table<NumberRecord>;
  /** Ids of the deleted, for the Dashboard's view. */
  readonly deletedUserIds: number[];
}

const FORMAT = 'smartflo-sandbox-1';

/** The state file's content. */
export interface SavedState extends Scalars {
  readonly format: typeof FORMAT;
  readonly clockOffsetMs: number;
  readonly faults: readonly FaultStatus[];
  readonly log: { readonly lastSeq: number; readonly entries: readonly RequestLogEntry[] };
  readonly users: readonly UserRecord[];
  readonly departments: readonly DepartmentRecord[];
  readonly numbers: readonly NumberRecord[];
  readonly deletedUserIds: number[];
}

/** Ranges lie apart, so that an id of one kind is never valid for another. */
function firstIds(): Counters {
  return {
    user: 314_001,
    agent: 1,
    intercom: 1001,
    department: 52_001,
    number: 1_759_001,
    call: 900_000_001,
    timeGroup: 7001,
  };
}

/** Role ids as a portal shows them in its addresses; the numbers differ from account to account. */
const STANDARD_ROLES: readonly RoleRecord[] = [
  { id: 41, name: 'Agent' },
  { id: 42, name: 'Supervisor' },
  { id: 43, name: 'Admin' },
];

export function makeState(saved: SavedState | null): SmartfloState {
  return {
    companyName: saved?.companyName ?? null,
    next: saved?.next ?? firstIds(),
    tokens: saved?.tokens ?? [],
    sessions: saved?.sessions ?? [],
    failures: saved?.failures ?? {},
    roles: saved?.roles ?? [...STANDARD_ROLES],
    timeGroups: saved?.timeGroups ?? [],
    agentGroups: saved?.agentGroups ?? [],
    calls: saved?.calls ?? [],
    users: makeTable(saved?.users ?? []),
    departments: makeTable(saved?.departments ?? []),
    numbers: makeTable(saved?.numbers ?? []),
    deletedUserIds: saved?.deletedUserIds ?? [],
  };
}

/** The state as data; shares rows with the live state, so turn it into text at once. */
export function saveState(
  state: SmartfloState,
  around: Pick<SavedState, 'clockOffsetMs' | 'faults' | 'log'>,
): SavedState {
  return {
    format: FORMAT,
    ...around,
    ...state,
    users: state.users.rows(),
    departments: state.departments.rows(),
    numbers: state.numbers.rows(),
  };
}

/** Tells our own state file from anything else by its format mark. */
export function readSavedState(content: unknown, file: string): SavedState | null {
  if (content === null) return null;
  if (!isSavedState(content)) {
    throw new Error(
      `${file} is not a state file of this sandbox (format ${FORMAT}). Name another file, or delete it to start empty.`,
    );
  }
  return content;
}

function isSavedState(content: unknown): content is SavedState {
  return typeof content === 'object' && content !== null && 'format' in content && content.format === FORMAT;
}
