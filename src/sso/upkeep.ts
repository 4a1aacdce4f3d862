import type { MetadataRefresh } from './metadata-refresh.js';
import type { AdmissionStore, TraceStore } from './ports.js';
import type { Sessions } from './sessions.js';

export interface SsoUpkeepDeps {
  readonly admissions: Pick<AdmissionStore, 'removeExpired'>;
  readonly traces: Pick<TraceStore, 'removeExpired'>;
  readonly sessions: Pick<Sessions, 'removeExpired'>;
  readonly refresh: Pick<MetadataRefresh, 'runDue'>;
  readonly now: () => Date;
}

/**
 * What the worker does now and then, safe to run at any time and by several processes: reads metadata that is a day
 * old and deletes what has expired.
 */
export function makeSsoUpkeep(
  deps: SsoUpkeepDeps,
): () => Promise<{ readonly refreshed: number; readonly removed: number }> {
  return async () => {
    const refreshed = await deps.refresh.runDue();
    const now = deps.now();
    const removed = [
      await deps.admissions.removeExpired(now),
      await deps.traces.removeExpired(now),
      await deps.sessions.removeExpired(),
    ];
    return { refreshed, removed: removed.reduce((sum, count) => sum + count, 0) };
  };
}
