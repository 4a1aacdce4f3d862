import type { Capabilities, VendorLimits } from '../domain/capabilities.js';
import type { DirectorySnapshot } from '../domain/directory.js';
import type { RuleSet } from '../domain/mapping.js';
import type { Takeovers } from '../domain/rules/subjects.js';
import type { Plan } from '../domain/plan.js';
import type { Protection } from '../domain/protection.js';
import type { Verdict } from '../domain/safety.js';
import type { ActualState, Link } from '../domain/state.js';
import type { DashboardGuide, DashboardPlace } from '../providers/dashboard.js';
import type { Provider } from '../providers/port.js';
import type { AccountKey, EngineAccount, ReconcileTrigger } from './account.js';
import type { AuditRecord } from './plan-store.js';

export type { AccountKey, EngineAccount } from './account.js';
export type { AuditRecord } from './plan-store.js';
export type { NewStep } from './steps.js';

/** The account's row as the engine needs it. */
export interface EngineAccountStore {
  load(account: AccountKey): Promise<EngineAccount | null>;
  /** Stops all work on the account until a person resumes it. False when it was paused already. */
  pause(account: AccountKey, reason: string, at: Date, audit: AuditRecord): Promise<boolean>;
  /** No work on the account before that moment. */
  rest(account: AccountKey, until: Date): Promise<void>;
  /** Asks for a whole-account reconciliation; the drain does it in its turn. */
  requestReconcile(account: AccountKey, trigger: ReconcileTrigger, at: Date): Promise<void>;
  /** The same for a moment to come; one that is asked for earlier stands. */
  scheduleReconcile(account: AccountKey, trigger: ReconcileTrigger, at: Date): Promise<void>;
  /** A whole-account plan was made: the request of that moment is answered. */
  recordReconciled(account: AccountKey, request: Date, at: Date): Promise<void>;
  /** A whole-account plan passed its verdict: later plans are compared with this rule set and this directory. */
  recordPassed(
    account: AccountKey,
    passed: { readonly ruleSetVersion: number; readonly activeUsers: number },
    at: Date,
  ): Promise<void>;
}

export interface DirectoryReader {
  snapshot(tenantId: string, subjectIds: 'all' | readonly string[]): Promise<DirectorySnapshot>;
  countActive(tenantId: string): Promise<number>;
}

export interface RuleSetReader {
  /** The newest rule set; null when none was ever saved. */
  current(tenantId: string): Promise<RuleSet | null>;
}

/** What people take over from leavers in an account. */
export interface TakeoverReader {
  list(account: AccountKey, subjectIds: 'all' | readonly string[]): Promise<Takeovers>;
}

/** The last complete reading of an account, kept so that pushes need not read everything again. */
export interface ReadingStore {
  /** Epoch milliseconds by the clock that all processes share, which is also that of `StoredLink.updatedAt`. */
  now(account: AccountKey): Promise<number>;
  latest(account: AccountKey): Promise<ActualState | null>;
  save(account: AccountKey, reading: ActualState): Promise<void>;
  drop(account: AccountKey): Promise<void>;
}

/** Whose agents nobody may delete, for reasons of law. */
export interface LegalHoldReader {
  /** Those that stand at `now`, by the database's clock as well: one that began since stands. */
  current(tenantId: string, now: Date): Promise<readonly Protection[]>;
}

/** The worklist as planning keeps it. */
export interface TaskStore {
  /** Closes tasks of these people that are done, or that nobody wants any more. Returns those that stand. */
  closeOthers(account: AccountKey, about: TaskScope, at: Date): Promise<readonly StandingTask[]>;
}

export interface TaskScope {
  readonly subjectIds: readonly string[];
  /** Keys of what is still wanted. */
  readonly keep: readonly string[];
  /** People whose number access was not read: tasks about it stay, for nothing shows them done. */
  readonly unread: readonly string[];
}

/** An open task, or one that a person said is not needed: neither is opened anew. */
export interface StandingTask {
  readonly key: string;
  readonly kind: string;
  readonly state: 'open' | 'dismissed';
}

/** An account's vendor, opened: what it can do and how to call it. */
export interface OpenVendor {
  readonly displayName: string;
  readonly provider: Provider;
  readonly capabilities: Capabilities;
  readonly limits: VendorLimits;
  readonly protections: readonly Protection[];
  readonly dashboard: DashboardGuide;
  dashboardLink(place: DashboardPlace): string;
}

export interface VendorOptions {
  /** Epoch milliseconds after which nobody should still be waiting for the request budget. */
  readonly sliceEndsAt: () => number;
  /** The process is to stop: nobody waits for the budget any longer. */
  readonly signal?: AbortSignal;
  /**
   * Asked in the moment before each request, after any waiting; throws when the account is another worker's now, or
   * a leaver is to go ahead of a reading.
   */
  readonly assertMayCall: () => void | Promise<void>;
}

export interface VendorOpener {
  /** Throws AppError `credential` when the stored secret cannot be read. */
  open(account: AccountKey, options: VendorOptions): Promise<OpenVendor>;
}

/** A turn on one account, as the drain gives it to the procedure of permanent deletion. */
export interface DeletionTurn {
  /** As of this moment, not of the beginning of the slice. */
  readonly account: EngineAccount;
  readonly vendor: OpenVendor;
  /** Who holds the account's lease. */
  readonly holder: string;
  /** Whether the slice is over or the lease lost: nothing new is begun. */
  isOver(): boolean;
  /** Whether somebody became urgent meanwhile: long work gives way between two steps. */
  isUrgentWaiting(): Promise<boolean>;
  /** Plans one person anew and judges nothing but their permanent deletion. */
  judge(subjectId: string, linkId: string): Promise<DeletionJudgement>;
  /** An agent is gone, and the readings made before still show it. */
  forgetAgent(providerUserId: string): Promise<void>;
  /** A reading of everybody, at most so old and made after `newerThan` (milliseconds since the epoch). */
  readWhole(need: { readonly ageMaxMs: number; readonly newerThan: number }): Promise<ActualState>;
}

/** `delete`: wanted by the rules and the directory, now. `not-wanted`: not, or not yet, or something is in the way. */
export type DeletionJudgement =
  | {
      readonly type: 'delete';
      readonly plan: Plan;
      readonly digest: string;
      readonly verdict: Verdict;
      readonly link: Link;
      readonly actual: ActualState;
    }
  | { readonly type: 'not-wanted'; readonly reason: string; readonly isProtected: boolean };

/** Carries out one due permanent deletion, or a part of it. False: none is due. */
export type DeleteNext = (turn: DeletionTurn) => Promise<boolean>;
