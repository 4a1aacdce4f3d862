import type { Capabilities, VendorLimits } from '../domain/capabilities.js';
import type { DirectorySnapshot } from '../domain/directory.js';
import type { RuleSet } from '../domain/mapping.js';
import type { Protection } from '../domain/protection.js';
import type { ActualState } from '../domain/state.js';
import type { Provider } from '../providers/port.js';
import type { AccountKey, EngineAccount, ReconcileTrigger } from './account.js';
import type { AuditRecord } from './plan-store.js';

/** The account's row as the engine needs it. */
export interface EngineAccountStore {
  load(account: AccountKey): Promise<EngineAccount | null>;
  /** Stops all work on the account until a person resumes it. False when it was paused already. */
  pause(account: AccountKey, reason: string, at: Date, audit: AuditRecord): Promise<boolean>;
  /** Asks for a whole-account reconciliation; the drain does it in its turn. */
  requestReconcile(account: AccountKey, trigger: ReconcileTrigger, at: Date): Promise<void>;
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

/** The last complete reading of an account, kept so that pushes need not read everything again. */
export interface ReadingStore {
  latest(account: AccountKey): Promise<ActualState | null>;
  save(account: AccountKey, reading: ActualState): Promise<void>;
}

/** What happened lately, as far as the safety rules ask for it. */
export interface HistoryReader {
  /** Parks and deletes applied at or after `since`. */
  countRemovals(account: AccountKey, since: Date): Promise<number>;
  /** How often each of these people was granted and revoked the same thing since then, by change key. */
  listApplied(
    account: AccountKey,
    subjectIds: readonly string[],
    since: Date,
  ): Promise<readonly { readonly key: string; readonly subjectId: string; readonly action: string }[]>;
}

/** Manual tasks that planning found no longer wanted, or done. */
export interface TaskCloser {
  /** Closes the open planner's tasks of these people whose key is not in `keep`. Returns how many. */
  closeOthers(
    account: AccountKey,
    about: { readonly subjectIds: readonly string[]; readonly keep: readonly string[] },
    at: Date,
  ): Promise<number>;
}

/** An account's vendor, opened: what it can do and how to call it. */
export interface OpenVendor {
  readonly displayName: string;
  readonly provider: Provider;
  readonly capabilities: Capabilities;
  readonly limits: VendorLimits;
  readonly protections: readonly Protection[];
  dashboardLink(providerUserId: string | null): string;
}

export interface VendorOpener {
  /** `sliceEndsAt`: epoch milliseconds after which nobody should still be waiting for the request budget. */
  open(account: AccountKey, options: { readonly sliceEndsAt: () => number }): Promise<OpenVendor>;
}
