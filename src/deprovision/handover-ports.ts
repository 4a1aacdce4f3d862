import type { Handover } from '../domain/handover.js';
import type { AccountKey, DirectoryReader, ReadingStore, RuleSetReader } from '../reconcile/ports.js';
import type { Deletion } from './deletion.js';

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
}

export interface HandoverTask {
  readonly id: string;
  readonly title: string;
  readonly steps: readonly string[];
  readonly link: string | null;
}
