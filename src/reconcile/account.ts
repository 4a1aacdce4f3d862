import type { AccountPolicy } from '../domain/plan.js';
import type { ArchivePolicy, RetentionSettings } from '../domain/retention.js';
import type { SafetySettings } from '../domain/safety.js';

/** Which account of which tenant. Rows and jobs name accounts only by both. */
export interface AccountKey {
  readonly tenantId: string;
  readonly accountId: string;
}

export interface DeletionSettings {
  /** Every permanent deletion waits for a person. */
  readonly approval: boolean;
  /** Whether a line that rings nobody makes the deletion wait, or is only said. */
  readonly handover: 'say' | 'wait';
  readonly calendar: 'all-days' | 'business-days';
  /** Days as YYYY-MM-DD on which nobody works. */
  readonly holidays: readonly string[];
}

export interface ArchiveSettings {
  readonly policy: ArchivePolicy;
  /** How long the vendor's plan keeps recordings; null: not known. */
  readonly vendorKeepsDays: number | null;
  /** Recordings asked for at the line after a deletion. */
  readonly samples: number;
}

export interface EngineSettings {
  readonly safety: SafetySettings;
  /** From parking to permanent deletion. */
  readonly graceDays: number;
  readonly deletion: DeletionSettings;
  readonly archive: ArchiveSettings;
  readonly retention: RetentionSettings;
  /** Held plans need the approval of two different people. */
  readonly fourEyes: boolean;
  readonly adoptExisting: boolean;
  readonly protectedEmails: readonly string[];
  /** Whose the account's credential is, by e-mail. */
  readonly credentialUser: string | null;
  /** Whether people lose managed teams and numbers that somebody gave them by hand. */
  readonly revokeManaged: boolean;
  /** Unreadable roles written longer ago are written again on a schedule. null: never. */
  readonly reassertRolesDays: number | null;
  /** Whether people whom no number reaches become tasks. */
  readonly taskWithoutNumber: boolean;
  /** Every team whose name begins so is managed as well. */
  readonly teamPrefix: string | null;
  /** In which days begin. */
  readonly timeZone: string;
}

/** What planning and applying need to know of an account; secrets stay with whoever opens the vendor. */
export interface EngineAccount extends AccountKey {
  readonly name: string;
  readonly policy: AccountPolicy;
  readonly settings: EngineSettings;
  readonly isPaused: boolean;
  readonly firstPlanDone: boolean;
  /** Rule set of the last whole-account plan that passed its verdict; null before the first. */
  readonly appliedRuleSetVersion: number | null;
  /** Active directory users at that moment. */
  readonly appliedActiveUsers: number | null;
  /** The vendor was ill: no work before this moment. */
  readonly restUntil: Date | null;
  /** A whole-account reconciliation is asked for, and by what. */
  readonly reconcileRequest: { readonly trigger: ReconcileTrigger; readonly at: Date } | null;
}

export const RECONCILE_TRIGGERS = ['schedule', 'rules', 'manual', 'webhook'] as const;
export type ReconcileTrigger = (typeof RECONCILE_TRIGGERS)[number];
