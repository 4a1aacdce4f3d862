import type { FaultStatus } from '../faults.js';
import type { RequestLogEntry } from '../request-log.js';
import { makeCallIndex, type CallIndex } from './call-index.js';
import type {
  ApiKey,
  CallRecord,
  DeletedUser,
  Invoice,
  NumberRecord,
  OutboxItem,
  TeamRecord,
  UserRecord,
  WebhookRecord,
} from './records.js';
import { makeTable, type Table } from '../table.js';

/** The next id of each kind. Kept when rows go, so that no id is ever given twice. */
export interface Counters {
  user: number;
  team: number;
  number: number;
  call: number;
  webhook: number;
  outbox: number;
  extension: number;
}

interface Scalars {
  /** Null until a company was seeded. */
  companyName: string | null;
  /** The user whom the vendor counts the API credential as. */
  apiUserId: number | null;
  readonly next: Counters;
  readonly apiKeys: ApiKey[];
  readonly webhooks: WebhookRecord[];
  readonly outbox: OutboxItem[];
  readonly invoices: Invoice[];
}

/** Everything the simulated company consists of. */
export interface AircallState extends Scalars {
  readonly users: Table<UserRecord>;
  /** Lower-case address to id. */
  readonly idsByEmail: Map<string, number>;
  readonly deletedUsers: Map<number, DeletedUser>;
  readonly deletedEmails: Set<string>;
  readonly teams: Table<TeamRecord>;
  readonly numbers: Table<NumberRecord>;
  readonly calls: CallIndex;
}

/** The state file's content. */
export interface SavedState extends Scalars {
  readonly format: 'aircall-sandbox-1';
  readonly clockOffsetMs: number;
  readonly faults: readonly FaultStatus[];
  /** Requests that may not have reached the log file before a crash, and where its numbering stood. */
  readonly log: { readonly lastSeq: number; readonly entries: readonly RequestLogEntry[] };
  readonly users: readonly UserRecord[];
  readonly deletedUsers: readonly DeletedUser[];
  readonly teams: readonly (Omit<TeamRecord, 'memberIds'> & { readonly memberIds: readonly number[] })[];
  readonly numbers: readonly NumberRecord[];
  readonly calls: readonly CallRecord[];
}

/** Ranges lie apart, so that an id of one kind is never valid for another. */
function firstIds(): Counters {
  return {
    user: 1_000_001,
    team: 200_001,
    number: 300_001,
    call: 4_000_000_001,
    webhook: 50_001,
    outbox: 1,
    extension: 1,
  };
}

export function makeState(saved: SavedState | null): AircallState {
  const users = saved?.users ?? [];
  const deleted = saved?.deletedUsers ?? [];
  const teams = saved?.teams.map((team) => ({ ...team, memberIds: new Set(team.memberIds) })) ?? [];
  return {
    companyName: saved?.companyName ?? null,
    apiUserId: saved?.apiUserId ?? null,
    next: saved?.next ?? firstIds(),
    apiKeys: saved?.apiKeys ?? [],
    webhooks: saved?.webhooks ?? [],
    outbox: saved?.outbox ?? [],
    invoices: saved?.invoices ?? [],
    users: makeTable(users),
    idsByEmail: new Map(users.map((user) => [user.email.toLowerCase(), user.id])),
    deletedUsers: new Map(deleted.map((user) => [user.id, user])),
    deletedEmails: new Set(deleted.map((user) => user.email.toLowerCase())),
    teams: makeTable(teams),
    numbers: makeTable(saved?.numbers ?? []),
    calls: makeCallIndex(saved?.calls ?? []),
  };
}

/** The state as data; shares rows with the live state, so turn it into text at once. */
export function saveState(
  state: AircallState,
  around: Pick<SavedState, 'clockOffsetMs' | 'faults' | 'log'>,
): SavedState {
  const { idsByEmail: _idsByEmail, deletedEmails: _deletedEmails, ...rest } = state;
  return {
    format: 'aircall-sandbox-1',
    ...around,
    ...rest,
    users: state.users.rows(),
    deletedUsers: [...state.deletedUsers.values()],
    teams: state.teams.rows().map((team) => ({ ...team, memberIds: [...team.memberIds] })),
    numbers: state.numbers.rows(),
    calls: state.calls.all(),
  };
}

/** Tells our own state file from anything else by its format mark. */
export function readSavedState(content: unknown, file: string): SavedState | null {
  if (content === null) return null;
  if (!isSavedState(content)) {
    throw new Error(
      `${file} is not a state file of this sandbox (format aircall-sandbox-1). Name another file, or delete it to start empty.`,
    );
  }
  return content;
}

function isSavedState(content: unknown): content is SavedState {
  return (
    typeof content === 'object' &&
    content !== null &&
    'format' in content &&
    content.format === 'aircall-sandbox-1'
  );
}
