import { isAppError } from '../../domain/errors.js';
import type { Clock } from '../../lib/clock.js';
import type { ComparisonRequest, ComparisonRequestStore, ComparisonSource, RunStore } from '../ports.js';
import { DEAD_AFTER_MS, type RunOutcome } from './run.js';

export interface RequestedDeps {
  readonly requests: ComparisonRequestStore;
  readonly runs: RunStore;
  /** Makes one comparison now. Throws AppError `conflict` for a paused source and `notFound` for one that is gone. */
  readonly compare: (source: ComparisonSource, trigger: string) => Promise<RunOutcome>;
  readonly clock: Clock;
}

/** Comparisons that are asked for in rows, made by whichever worker comes first. */
export interface RequestedComparisons {
  ask(source: ComparisonSource, trigger: string, delayMs?: number): Promise<void>;
  /** Makes the one that waits, if it is due. */
  work(source: ComparisonSource): Promise<void>;
  /** Of every tenant: what is due and nobody may be at. Ends runs whose worker died. */
  findDue(): Promise<readonly ComparisonSource[]>;
}

export function makeRequestedComparisons(deps: RequestedDeps): RequestedComparisons {
  const { requests, runs, clock } = deps;
  return {
    ask: (source, trigger, delayMs = 0) =>
      requests.ask({ source, trigger, dueAt: new Date(clock.now().getTime() + delayMs) }),
    async work(source) {
      const request = await requests.find(source);
      if (request !== null && request.dueAt <= clock.now()) await answer(deps, request);
    },
    async findDue() {
      const now = clock.now();
      await runs.abandonDead(new Date(now.getTime() - DEAD_AFTER_MS), now);
      return (await requests.listDue(now)).map(({ source }) => source);
    },
  };
}

/** A request stands while somebody else is at its source, and until the moment that the source itself named. */
async function answer({ requests, compare }: RequestedDeps, request: ComparisonRequest): Promise<void> {
  let outcome: RunOutcome | null = null;
  try {
    outcome = await compare(request.source, request.trigger);
  } catch (error) {
    const isOver = isAppError(error, 'conflict') || isAppError(error, 'notFound');
    if (!isOver) throw error;
  } finally {
    const retryAt = outcome?.type === 'incomplete' ? outcome.retryAt : null;
    if (retryAt !== null) await requests.postpone(request, retryAt);
    else if (outcome?.type !== 'busy') await requests.answer(request);
  }
}
