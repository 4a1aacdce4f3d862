import { isAppError, type AppError } from '../../domain/errors.js';
import { bulkIdOf, readBulkOperation, type BulkEnvelope, type BulkOperation } from './envelope.js';
import { referencedBulkIds } from './references.js';

/** One operation on its way through the run. */
export interface BulkStep {
  readonly raw: unknown;
  readonly bulkId: string | null;
  /** What was wrong with the operation itself, or the operation. */
  readonly operation: BulkOperation | AppError;
  /** The bulkIds that it refers to. */
  readonly refersTo: ReadonlySet<string>;
  /** Those of them whose operations are not done yet. */
  readonly blockedBy: Set<string>;
  result: object | null;
}

/**
 * The order of a bulk run: as sent, except that an operation waits for those whose bulkIds it refers to. Every step
 * is looked at a bounded number of times, whatever refers to what.
 */
export interface BulkSchedule {
  readonly steps: readonly BulkStep[];
  isDefined(bulkId: string): boolean;
  /** The first step that is not done and waits for nothing; null when there is none. */
  next(): BulkStep | null;
  /** Lets the steps that wait for this one go on. */
  settle(step: BulkStep): void;
  /** Of the steps that are left when there is no next one: those that wait for each other in a circle. */
  circles(): ReadonlySet<BulkStep>;
}

export function makeBulkSchedule(envelope: BulkEnvelope): BulkSchedule {
  const steps = envelope.operations.map(toStep);
  const defined = new Set(steps.map((step) => step.bulkId).filter((id) => id !== null));
  for (const step of steps) {
    for (const id of step.refersTo) if (defined.has(id)) step.blockedBy.add(id);
  }
  const waiting = waitersOf(steps);
  return {
    steps,
    isDefined: (bulkId) => defined.has(bulkId),
    next: () => steps.find((step) => step.result === null && step.blockedBy.size === 0) ?? null,
    settle(step) {
      const { bulkId } = step;
      if (bulkId === null) return;
      for (const waiter of waiting.get(bulkId) ?? []) waiter.blockedBy.delete(bulkId);
    },
    circles: () => withoutEnds(steps.filter((step) => step.result === null)),
  };
}

function toStep(raw: unknown): BulkStep {
  const operation = readOrRefuse(raw);
  const refersTo = isAppError(operation)
    ? new Set<string>()
    : referencedBulkIds([operation.id, operation.data]);
  return { raw, bulkId: bulkIdOf(raw), operation, refersTo, blockedBy: new Set(), result: null };
}

function waitersOf(steps: readonly BulkStep[]): ReadonlyMap<string, readonly BulkStep[]> {
  const waiting = new Map<string, BulkStep[]>();
  for (const step of steps) {
    for (const id of step.blockedBy) {
      const waiters = waiting.get(id) ?? [];
      waiters.push(step);
      waiting.set(id, waiters);
    }
  }
  return waiting;
}

/** Takes away, again and again, the steps that nobody left waits for: what stays is in a circle, or between two. */
function withoutEnds(left: readonly BulkStep[]): ReadonlySet<BulkStep> {
  const remaining = new Set(left);
  const byId = Map.groupBy(left, (step) => step.bulkId);
  const waiters = new Map<string, number>();
  for (const step of left) for (const id of step.blockedBy) waiters.set(id, (waiters.get(id) ?? 0) + 1);
  const isEnd = (step: BulkStep): boolean => step.bulkId === null || (waiters.get(step.bulkId) ?? 0) === 0;
  const ends = left.filter(isEnd);
  for (let end = ends.pop(); end !== undefined; end = ends.pop()) {
    if (!remaining.delete(end)) continue;
    for (const id of end.blockedBy) {
      waiters.set(id, (waiters.get(id) ?? 0) - 1);
      ends.push(...(byId.get(id) ?? []).filter(isEnd));
    }
  }
  return remaining;
}

function readOrRefuse(raw: unknown): BulkOperation | AppError {
  try {
    return readBulkOperation(raw);
  } catch (error) {
    if (isAppError(error)) return error;
    throw error;
  }
}
