import type { ChosenSuccessor, Handover } from '../domain/handover.js';
import type {
  AccountKey,
  AuditRecord,
  DirectoryReader,
  ReadingStore,
  RuleSetReader,
} from '../reconcile/ports.js';
import type { Deletion, DeletionState } from './deletion.js';

export interface HandoverDeps {
  readonly readings: Pick<ReadingStore, 'latest'>;
  readonly directory: Pick<DirectoryReader, 'snapshot'>;
  readonly rules: RuleSetReader;
  readonly store: HandoverStore;
}

export interface HandoverStore {
  /** A deletion whose lines were not looked at lately: never, or a day ago with something left to hand over. */
  nextUnreviewed(account: AccountKey, now: Date): Promise<Deletion | null>;
  /** Agents of everybody who is parked or being deleted. */
  listLeaving(account: AccountKey): Promise<ReadonlySet<string>>;
  /** Keeps what was found, and opens, changes or closes the task about it. */
  record(
    account: AccountKey,
    deletion: Deletion,
    found: { readonly handover: Handover; readonly at: Date; readonly task: HandoverTask },
  ): Promise<void>;
  load(account: AccountKey, deletionId: string): Promise<Handover | null>;
  successorOf(account: AccountKey, deletionId: string): Promise<Successorship | null>;
}

/** Who takes the lines over, and who said so. */
export type Successorship = ChosenSuccessor & { readonly by: string };

/** What is known of one leaver's hand-over. */
export interface HandoverStanding {
  readonly account: AccountKey;
  readonly state: DeletionState;
  readonly providerUserId: string;
  /** null: not looked at yet. */
  readonly handover: Handover | null;
  readonly chosen: Successorship | null;
}

/** People's side of hand-overs. */
export interface SuccessorStore {
  /** null: there is no such deletion. */
  find(tenantId: string, deletionId: string): Promise<HandoverStanding | null>;
  listLeaving(account: AccountKey): Promise<ReadonlySet<string>>;
  /** Only while the deletion has not begun; false otherwise. The task about it says so from the next turn on. */
  choose(
    tenantId: string,
    deletionId: string,
    chosen: Successorship | null,
    at: Date,
    audit: AuditRecord,
  ): Promise<boolean>;
}

export interface HandoverTask {
  readonly id: string;
  readonly title: string;
  readonly steps: readonly string[];
  readonly link: string | null;
}
