import type { Change } from '../domain/plan.js';
import type { AccountKey } from './account.js';
import type { Effect } from './effects.js';
import type { AuditRecord } from './plan-store.js';

export interface AskedStep {
  readonly key: string;
  readonly digest: string;
}

/** A step that somebody confirmed, and that our records do not follow yet. */
export interface ConfirmedStep {
  readonly id: string;
  readonly subjectId: string;
  readonly change: Change;
  readonly planId: string | null;
  readonly confirmedAt: Date;
  readonly confirmedBy: string;
  readonly through: 'person' | 'import';
}

/** Checklists as planning keeps them. What people do with them is `src/manual`. */
export interface ChecklistStore {
  /** Steps of these people that are open, or confirmed and not settled. */
  listAsked(account: AccountKey, subjectIds: 'all' | readonly string[]): Promise<readonly AskedStep[]>;
  /**
   * Withdraws the open steps of these people whose key is not in `keep`: nobody wants them any more. The step of a
   * permanent deletion stays as long as the person is among `leavers`; the deletion itself says when it is over.
   */
  withdrawOthers(
    account: AccountKey,
    about: {
      readonly subjectIds: readonly string[];
      readonly keep: readonly string[];
      readonly leavers: readonly string[];
    },
    at: Date,
  ): Promise<void>;
  /** In the order in which they were confirmed. */
  listConfirmed(account: AccountKey): Promise<readonly ConfirmedStep[]>;
  /** Records what follows from a confirmed step. False where the lease is another worker's now. */
  settle(
    account: AccountKey,
    settlement: {
      readonly step: ConfirmedStep;
      readonly holder: string;
      readonly effects: readonly Effect[];
      readonly audit: AuditRecord;
      readonly at: Date;
    },
  ): Promise<boolean>;
}
