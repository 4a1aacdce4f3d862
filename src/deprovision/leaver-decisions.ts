import { AppError } from '../domain/errors.js';
import type { AuditRecord } from '../reconcile/ports.js';

/** What a person may say about a leaver's permanent deletion. */
export interface LeaverDecision {
  readonly tenantId: string;
  readonly deletionId: string;
  readonly actor: string;
}

/** `too-late`: it has begun. `impossible`: that cannot happen to it, as when it was restored. */
export type DecisionOutcome = 'done' | 'too-late' | 'impossible' | 'unknown';

export interface LeaverDecisionStore {
  /** Stays parked without a date. */
  cancel(decision: LeaverDecision, at: Date, audit: AuditRecord): Promise<DecisionOutcome>;
  reschedule(decision: LeaverDecision, dueAt: Date, at: Date, audit: AuditRecord): Promise<DecisionOutcome>;
  /** Lets go of everything that could not be fetched; how many that were. */
  waive(
    decision: LeaverDecision,
    at: Date,
    auditOf: (objects: readonly string[]) => AuditRecord,
  ): Promise<number>;
}

export interface LeaverDecisions {
  /** The leaver stays parked, and is not deleted until somebody gives a date again. */
  cancel(decision: LeaverDecision): Promise<void>;
  /** Another date, sooner or later; also for one that was cancelled, held, or whose plan was rejected. */
  reschedule(decision: LeaverDecision & { readonly dueAt: Date }): Promise<void>;
  /** Recordings that cannot be fetched no longer hold the deletion; they are named in the audit trail. */
  waive(decision: LeaverDecision & { readonly reason: string }): Promise<{ readonly count: number }>;
}

const REASON_MAX_CHARS = 500;

export function makeLeaverDecisions(deps: {
  readonly store: LeaverDecisionStore;
  readonly now: () => Date;
}): LeaverDecisions {
  const { store, now } = deps;
  return {
    async cancel(decision) {
      refuse(await store.cancel(decision, now(), auditOf(decision, 'deletion.cancelled', {})));
    },
    async reschedule(decision) {
      const { dueAt } = decision;
      const audit = auditOf(decision, 'deletion.rescheduled', { dueAt });
      refuse(await store.reschedule(decision, dueAt, now(), audit));
    },
    async waive(decision) {
      const reason = decision.reason.trim();
      if (reason === '' || reason.length > REASON_MAX_CHARS) {
        throw new AppError(
          'invalid',
          `Say why in 1 to ${String(REASON_MAX_CHARS)} characters. Nothing was changed.`,
        );
      }
      const count = await store.waive(decision, now(), (objects) =>
        auditOf(decision, 'recordings.waived', { reason, objects }),
      );
      if (count > 0) return { count };
      throw new AppError('conflict', 'No recording of this deletion is missing. Nothing was changed.');
    },
  };
}

function refuse(outcome: DecisionOutcome): void {
  switch (outcome) {
    case 'done':
      return;
    case 'too-late':
      throw new AppError('conflict', 'The permanent deletion has begun and cannot be taken back.');
    case 'impossible':
      throw new AppError('conflict', 'The person is back: there is no deletion to decide about.');
    case 'unknown':
      throw new AppError('notFound', 'There is no such deletion. The list of leavers shows those there are.');
  }
}

function auditOf(
  { deletionId, actor }: LeaverDecision,
  action: string,
  data: Readonly<Record<string, unknown>>,
): AuditRecord {
  return { actor, action, targetType: 'deletion', targetId: deletionId, correlationId: deletionId, data };
}
