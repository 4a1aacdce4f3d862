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
  /** No work on the account before that moment. */
  rest(account: AccountKey, until: Date): Promise<void>;
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

/** The worklist as planning keeps it. */
export interface TaskStore {
  /**
   * Closes the open tasks of these people whose key is not in `keep`: they are done, or nobody wants them any more.
   * Returns the keys of those that are open.
   */
  closeOthers(
    account: AccountKey,
    about: { readonly subjectIds: readonly string[]; readonly keep: readonly string[] },
    at: Date,
  ): Promise<readonly string[]>;
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

export interface VendorOptions {
  /** Epoch milliseconds after which nobody should still be waiting for the request budget. */
  readonly sliceEndsAt: () => number;
  /** Asked in the moment before each request, after any waiting; throws when the account is another worker's now. */
  readonly assertMayCall: () => void;
}

export interface VendorOpener {
  /** Throws AppError `credential` when the stored secret cannot be read. */
  open(account: AccountKey, options: VendorOptions): Promise<OpenVendor>;
}
