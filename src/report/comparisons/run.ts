import { isAppError } from '../../domain/errors.js';
import type { Clock } from '../../lib/clock.js';
import type { ComparisonFigures, ComparisonSource, RunProgress, RunStore } from '../ports.js';

/**
 * A run that has shown no sign of life for so long was interrupted. Nobody waits longer than five minutes for one
 * answer.
 */
export const DEAD_AFTER_MS = 10 * 60_000;

/** `busy`: one was under way. `incomplete`: the source could not be read as a whole; nothing was concluded. */
export type RunOutcome =
  | { readonly type: 'complete'; readonly runId: string; readonly figures: ComparisonFigures }
  | {
      readonly type: 'incomplete';
      readonly runId: string;
      readonly reason: string;
      /** When it may be tried again; null: on its schedule. */
      readonly retryAt: Date | null;
    }
  | { readonly type: 'busy' };

export interface RunDeps {
  readonly runs: RunStore;
  readonly clock: Clock;
  readonly newId: () => string;
}

/** Hears of every step, besides what is kept of it in the rows. */
export type OnRunProgress = (progress: RunProgress) => void;

export interface RunWork {
  readonly source: ComparisonSource;
  readonly trigger: string;
  readonly onProgress?: OnRunProgress | undefined;
  /** Reads, compares and records. Whatever it throws on purpose makes the run incomplete. */
  readonly work: (
    runId: string,
    progress: (progress: RunProgress) => Promise<void>,
  ) => Promise<ComparisonFigures>;
}

/** One comparison from beginning to end, never two of one source at a time. */
export async function runComparison(
  { runs, clock, newId }: RunDeps,
  { source, trigger, onProgress, work }: RunWork,
): Promise<RunOutcome> {
  const at = clock.now();
  const deadBefore = new Date(at.getTime() - DEAD_AFTER_MS);
  const runId = await runs.begin(source, { runId: newId(), trigger, at, deadBefore });
  if (runId === null) return { type: 'busy' };
  try {
    const progress = (step: RunProgress): Promise<void> => {
      onProgress?.(step);
      return runs.progress(source, runId, step, clock.now());
    };
    return { type: 'complete', runId, figures: await work(runId, progress) };
  } catch (error) {
    const reason = isAppError(error) ? error.message : 'Something unexpected happened; the log says what.';
    await runs.abandon(source, runId, reason, clock.now());
    if (!isAppError(error)) throw error;
    return { type: 'incomplete', runId, reason, retryAt: error.retryAt ?? null };
  }
}
