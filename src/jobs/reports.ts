import type { JobBackend } from './backend.js';
import type { ReportJob } from './queues.js';

export interface ReportSchedule extends ReportJob {
  /** Five-field cron in `timeZone`. */
  readonly cron: string;
  readonly timeZone: string;
}

/** Reports on a schedule: made when a destination's moment has come, and sent from rows. */
export interface ReportJobs {
  readonly listSchedules: () => Promise<readonly ReportSchedule[]>;
  readonly run: (destination: ReportJob) => Promise<void>;
  /** Sends what is due. */
  readonly deliverDue: () => Promise<void>;
}

const DELIVER_ID = 'delivery';
const DELIVER_EVERY_MS = 5_000;

/** One schedule for each destination, and one for what is due. Schedules of destinations that are gone are removed. */
export async function syncReportSchedules(reports: ReportJobs, queues: JobBackend): Promise<void> {
  await queues.queue('delivery').schedule(DELIVER_ID, { every: DELIVER_EVERY_MS }, {});
  const queue = queues.queue('report');
  const known = new Set<string>();
  for (const { tenantId, destinationId, cron, timeZone } of await reports.listSchedules()) {
    known.add(destinationId);
    await queue.schedule(destinationId, { pattern: cron, tz: timeZone }, { tenantId, destinationId });
  }
  for (const id of await queue.listSchedules()) if (!known.has(id)) await queue.unschedule(id);
}
