import type { ManualAct, ManualRecord, RecordedAgent } from '../domain/manual-record.js';
import type { AccountKey, AuditRecord } from '../reconcile/ports.js';

export type StepState = 'open' | 'confirmed' | 'settled' | 'withdrawn';

/** One step of a checklist, as people see and tick it. */
export interface Step {
  readonly id: string;
  readonly taskId: string;
  readonly accountId: string;
  readonly subjectId: string;
  /** The kind of change that waits for it, such as `create` or `revoke`. */
  readonly action: string;
  readonly act: ManualAct;
  readonly title: string;
  readonly instructions: readonly string[];
  readonly link: string | null;
  /** What has to be typed to confirm it; null: ticking is enough. */
  readonly typed: string | null;
  readonly isUrgent: boolean;
  readonly state: StepState;
  readonly askedAt: Date;
  readonly confirmedAt: Date | null;
  readonly confirmedBy: string | null;
  readonly confirmedThrough: 'person' | 'import' | null;
  /** What was known of the person when it was confirmed; null: nothing. */
  readonly recordBefore: RecordedAgent | null;
}

/** What a decision about the record does to it. */
export interface RecordChange {
  readonly put: readonly RecordedAgent[];
  /** Ids. */
  readonly drop: readonly string[];
}

export interface StepStore {
  /** Steps of one checklist in the order in which they are done; empty for any other task. */
  list(tenantId: string, taskId: string): Promise<readonly Step[]>;
  /**
   * Confirms one step in one transaction: `decide` sees the step and the account's record, both locked, and says what
   * the record is from then on, or throws. The person is planned again, and the checklist closes with its last step.
   * Throws AppError `notFound`.
   */
  confirm(
    step: { readonly tenantId: string; readonly taskId: string; readonly stepId: string },
    by: { readonly actor: string; readonly at: Date },
    decide: (step: Step, record: ManualRecord) => RecordChange & { readonly before: RecordedAgent | null },
  ): Promise<void>;
  /**
   * Takes a confirmation back in one transaction, decided like one. The step is not wanted any more; the person is
   * planned again, which asks anew for whatever is. Throws AppError `notFound`.
   */
  undo(
    step: { readonly tenantId: string; readonly taskId: string; readonly stepId: string },
    by: { readonly actor: string; readonly at: Date },
    decide: StepDecision,
  ): Promise<void>;
}

export type StepDecision = (step: Step, record: ManualRecord) => RecordChange;

export type ImportState = 'previewed' | 'applied' | 'discarded';

/** An uploaded member list. */
export interface ImportRow {
  readonly id: string;
  readonly accountId: string;
  readonly state: ImportState;
  readonly fileName: string;
  /** SHA-256 of the text. */
  readonly fileHash: string;
  /** Whether the list says that it names everybody. */
  readonly isComplete: boolean;
  readonly exportedAt: Date;
  /** How many people it added and so on; empty before it is applied. */
  readonly figures: Readonly<Record<string, number>>;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly decidedAt: Date | null;
  readonly decidedBy: string | null;
}

export interface NewImport extends Omit<ImportRow, 'state' | 'figures' | 'decidedAt' | 'decidedBy'> {
  readonly content: string;
}

/** What applying an import does, decided on the record as it is in that moment. */
export interface ImportOutcome extends RecordChange {
  readonly figures: Readonly<Record<string, number>>;
  /** Steps that the list shows to be done. */
  readonly confirmed: readonly string[];
}

export interface ImportStore {
  /** Stores the upload; one that nobody decided on is thrown away. */
  insert(tenantId: string, upload: NewImport): Promise<void>;
  find(tenantId: string, importId: string): Promise<(ImportRow & { readonly content: string | null }) | null>;
  /** Newest first. */
  recent(account: AccountKey, limit: number): Promise<readonly ImportRow[]>;
  discard(
    tenantId: string,
    importId: string,
    by: { readonly actor: string; readonly at: Date },
  ): Promise<boolean>;
  /**
   * Applies in one transaction what `decide` says of the record and the open steps, both locked. False where the
   * import was decided on meanwhile.
   */
  apply(
    found: Pick<ImportRow, 'id' | 'isComplete' | 'exportedAt'> & AccountKey,
    by: { readonly actor: string; readonly at: Date },
    decide: (record: ManualRecord, open: readonly Step[]) => ImportOutcome,
  ): Promise<boolean>;
}

export interface RecordReader {
  read(account: AccountKey): Promise<ManualRecord>;
  /** Steps that are open in the account. */
  openSteps(account: AccountKey): Promise<readonly Step[]>;
}

export type { AuditRecord };
