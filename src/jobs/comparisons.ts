import type { ComparisonJob } from './queues.js';
import type { JobBackend } from './backend.js';

/** What is compared: a phone system's seats with their use, or an identity provider with the directory here. */
export type ComparedSource = Omit<ComparisonJob, 'isScheduled'>;

export interface ComparisonSchedule {
  readonly source: ComparedSource;
  /** Five-field cron in `timeZone`. */
  readonly cron: string;
  readonly timeZone: string;
}

/** Comparisons that are asked for in rows: the queue only says that there may be some. */
export interface ComparisonJobs {
  readonly listSchedules: () => Promise<readonly ComparisonSchedule[]>;
  /** The schedule's moment has come. */
  readonly askScheduled: (source: ComparedSource) => Promise<void>;
  /** Makes the comparison of this source that is due, if any. */
  readonly work: (source: ComparedSource) => Promise<void>;
  /** What is due in the rows. */
  readonly findDue: () => Promise<readonly ComparedSource[]>;
  /** The process is to stop: comparisons that only wait end now. */
  readonly stop: () => void;
}

/** One at a time for each source; what comes later finds its work in the rows. */
export async function enqueueComparison(
  queues: JobBackend,
  { tenantId, type, id }: ComparedSource,
): Promise<void> {
  await queues.queue('compare').add(
    { tenantId, type, id, isScheduled: false },
    {
      deduplication: { id: `${type}-${id}`, keepLastIfActive: true },
      removeOnComplete: true,
      removeOnFail: { count: 100 },
    },
  );
}

/** One schedule for each source. Schedules of sources that are gone are removed. */
export async function syncComparisonSchedules(
  { listSchedules }: ComparisonJobs,
  queues: JobBackend,
): Promise<void> {
  const queue = queues.queue('compare');
  const known = new Set<string>();
  for (const { source, cron, timeZone } of await listSchedules()) {
    const id = `${source.type}-${source.id}`;
    known.add(id);
    await queue.schedule(id, { pattern: cron, tz: timeZone }, { ...source, isScheduled: true });
  }
  for (const id of await queue.listSchedules()) if (!known.has(id)) await queue.unschedule(id);
}
