import type { Logger } from 'pino';
import type { Clock } from '../lib/clock.js';
import type { EngineAccount } from './account.js';
import type { ChecklistStore } from './checklists.js';
import type { Effect } from './effects.js';
import type { Lease } from './lease.js';
import type { LinkStore } from './links.js';
import type { MarkStore } from './marks.js';
import type { FindingRuleReader, ReconcileObserver } from './observing/ports.js';
import type { HistoryReader } from './planning/judge.js';
import type { AccountReader } from './planning/reading.js';
import type { PlanStore } from './plan-store.js';
import type {
  DirectoryReader,
  EngineAccountStore,
  LegalHoldReader,
  OpenVendor,
  ReadingStore,
  RuleSetReader,
  TakeoverReader,
  TaskStore,
} from './ports.js';

/** A named moment at which a crash must do no harm; tests stop the process here. Does nothing otherwise. */
export type Checkpoint = (name: string) => void;

/** Everything that planning and applying need besides the account at hand. */
export interface EngineDeps {
  readonly accounts: EngineAccountStore;
  readonly directory: DirectoryReader;
  readonly rules: RuleSetReader;
  readonly takeovers: TakeoverReader;
  readonly links: LinkStore;
  readonly marks: MarkStore;
  readonly plans: PlanStore;
  readonly readings: ReadingStore;
  readonly history: HistoryReader;
  readonly tasks: TaskStore;
  readonly checklists: ChecklistStore;
  readonly legalHolds: LegalHoldReader;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: Logger;
  readonly checkpoint: Checkpoint;
  /** Told of comparisons of whole accounts. */
  readonly observer?: ReconcileObserver;
  readonly findingRules?: FindingRuleReader;
}

/** One worker's turn on one account, for a slice of time, alone by its lease. */
export interface Run {
  readonly deps: EngineDeps;
  readonly account: EngineAccount;
  readonly vendor: OpenVendor;
  readonly reader: AccountReader;
  readonly lease: Lease;
  readonly log: Logger;
  /** Whether the slice is over: no new change is begun. */
  isOver(): boolean;
  /**
   * Does `work`, a reading, beyond the end of the slice if need be. `giving-way`: stops the run as soon as a leaver
   * turns up, and the next run begins with them.
   */
  whileReading<Result>(state: 'urgent' | 'giving-way', work: () => Promise<Result>): Promise<Result>;
  /** Tells others what was just recorded. Must not throw: the rows are the truth. */
  announce(effects: readonly Effect[]): void;
}

/** Why a run ends before its work is done. `retryAt`: nothing can go on before that moment. */
export type StopReason =
  | { readonly type: 'paused'; readonly message: string }
  | { readonly type: 'wait'; readonly retryAt: Date }
  | { readonly type: 'lost' }
  /** The slice of time is used up. */
  | { readonly type: 'over' }
  | { readonly type: 'vendor-ill'; readonly message: string };

/** Carries a stop through the layers of a run; never leaves the drain. */
export class RunStopped extends Error {
  override readonly name = 'RunStopped';
  readonly reason: StopReason;

  constructor(reason: StopReason) {
    super(`run stopped: ${reason.type}`);
    this.reason = reason;
  }
}
