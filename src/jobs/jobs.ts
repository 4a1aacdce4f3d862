import type { Logger } from 'pino';
import type { Clock } from '../lib/clock.js';
import type { AccountKey } from '../reconcile/account.js';
import type { Drain, ScheduledDeletion } from '../reconcile/draining/drain.js';
import { openJobBackend, type JobBackend } from './backend.js';
import {
  enqueueComparison,
  syncComparisonSchedules,
  type ComparedSource,
  type ComparisonJobs,
} from './comparisons.js';
import { outcomeOfDrain, outcomeOfError, type JobOutcome } from './outcome.js';
import { QUEUES, type QueueName } from './queues.js';
import { syncReportSchedules, type ReportJobs } from './reports.js';

/** When an account is reconciled as a whole. */
export interface Schedule extends AccountKey {
  /** Five-field cron in `timeZone`. */
  readonly cron: string;
  readonly timeZone: string;
}

/** Housekeeping between the sweeps. */
export interface UpkeepStep {
  readonly name: string;
  readonly work: () => Promise<unknown>;
}

export interface JobsDeps {
  readonly databaseUrl: string;
  /** null: the queue lives in the database. */
  readonly redisUrl: string | null;
  readonly log: Logger;
  readonly clock: Clock;
  readonly drain: Drain;
  readonly requestReconcile: (account: AccountKey) => Promise<void>;
  /** Accounts with work that nobody is doing. */
  readonly findWork: () => Promise<readonly AccountKey[]>;
  /** Whatever else is to be done now and then, in this order. One that fails is tried again by the next sweep. */
  readonly upkeep: readonly UpkeepStep[];
  /** Sends the e-mails that are due. On a queue of its own: a mail server that hangs must hold up nothing else. */
  readonly deliverMail: () => Promise<void>;
  readonly reports: ReportJobs;
  readonly listSchedules: () => Promise<readonly Schedule[]>;
  /** Comparisons other than of whole accounts. */
  readonly comparisons: ComparisonJobs;
  /** Every permanent deletion that is scheduled: their jobs are renewed when a process starts. */
  readonly listDeletions: () => Promise<readonly ScheduledDeletion[]>;
  /** Accounts worked on side by side in this process. */
  readonly accountsAtOnce: number;
  /** How long one account is worked on before others get their turn. */
  readonly sliceMs: number;
  readonly sweepEveryMs: number;
}

/**
 * Moves work between processes; holds none of it. Whatever is lost here is found again from the rows by the sweep,
 * and the sweep's own schedule is renewed by every process that works.
 */
export interface Jobs {
  /** Producer only: for a process that serves requests and leaves the work to others. */
  connect(): Promise<void>;
  /** Connects and works. */
  start(): Promise<void>;
  /** Lets running drains end after the change they are at, then closes everything. Safe to call twice. */
  stop(): Promise<void>;
  /** Never throws: a lost job is found again. */
  enqueueDrain(account: AccountKey, options?: { readonly urgent?: boolean }): Promise<void>;
  enqueueDeletion(deletion: ScheduledDeletion): Promise<void>;
  /** A hint that a comparison was asked for. */
  enqueueComparison(source: ComparedSource): Promise<void>;
  /** Brings the schedules in line with the accounts' settings. */
  syncSchedules(): Promise<void>;
}

/** How often a process makes sure that the sweep and the schedules are still in the queue. */
const RENEW_EVERY_MS = 30_000;
const SWEEP_ID = 'sweep';
/** They mostly wait for somebody else's answers. */
const COMPARISONS_AT_ONCE = 4;
const MAIL_ID = 'mail';
const MAIL_EVERY_MS = 5_000;

export function makeJobs(deps: JobsDeps): Jobs {
  const { log } = deps;
  const stopping = new AbortController();
  let backend: JobBackend | null = null;
  let renewal: NodeJS.Timeout | null = null;

  async function open(): Promise<JobBackend> {
    backend ??= await openJobBackend(deps);
    return backend;
  }

  async function quietly(what: string, work: (queue: JobBackend) => Promise<void>): Promise<void> {
    if (backend === null || stopping.signal.aborted) return;
    try {
      await work(backend);
    } catch (error) {
      log.warn({ err: error, what }, 'queue unavailable; the sweep makes up for it');
    }
  }

  const jobs: Jobs = {
    async connect() {
      await open();
    },
    async start() {
      const queues = await open();
      const handlers = makeHandlers(deps, jobs, stopping.signal);
      queues.work('drain', handlers.drain, deps.accountsAtOnce);
      queues.work('compare', handlers.compare, COMPARISONS_AT_ONCE);
      for (const name of ['reconcile', 'deprovision', 'sweep', 'mail', 'report', 'delivery'] as const)
        queues.work(name, handlers[name], 1);
      await renew();
      await quietly('take-over', (opened) => takeOver(deps, jobs, opened));
      for (const deletion of await deps.listDeletions()) await jobs.enqueueDeletion(deletion);
      renewal = setInterval(() => void renew(), RENEW_EVERY_MS);
      renewal.unref();
    },
    async stop() {
      if (renewal !== null) clearInterval(renewal);
      stopping.abort();
      deps.comparisons.stop();
      const open = backend;
      backend = null;
      await open?.close();
    },
    enqueueDrain: ({ tenantId, accountId }, { urgent = false } = {}) =>
      quietly('drain', (queues) =>
        queues.queue('drain').add({ tenantId, accountId }, { ...ONE_AT_A_TIME(accountId), lifo: urgent }),
      ),
    enqueueDeletion: ({ tenantId, accountId, deletionId, dueAt }) =>
      quietly('deprovision', (queues) =>
        queues.queue('deprovision').add(
          { tenantId, accountId, deletionId },
          {
            jobId: `deletion-${deletionId}`,
            delay: Math.max(0, dueAt.getTime() - deps.clock.now().getTime()),
            ...FORGOTTEN_AFTERWARDS,
          },
        ),
      ),
    enqueueComparison: (source) => quietly('compare', (queues) => enqueueComparison(queues, source)),
    syncSchedules: () =>
      quietly('schedules', async (queues) => {
        await syncSchedules(deps, queues);
        await syncComparisonSchedules(deps.comparisons, queues);
        await syncReportSchedules(deps.reports, queues);
      }),
  };

  async function renew(): Promise<void> {
    await quietly('sweep', (queues) =>
      queues.queue('sweep').schedule(SWEEP_ID, { every: deps.sweepEveryMs }, {}),
    );
    await quietly('mail', (queues) => queues.queue('mail').schedule(MAIL_ID, { every: MAIL_EVERY_MS }, {}));
    await jobs.syncSchedules();
  }

  return jobs;
}

const FORGOTTEN_AFTERWARDS = { removeOnComplete: true, removeOnFail: { count: 100 } } as const;

/** One job per account waits at most, besides the one that runs: what comes later finds its work in the rows. */
function ONE_AT_A_TIME(accountId: string) {
  return { deduplication: { id: accountId, keepLastIfActive: true }, ...FORGOTTEN_AFTERWARDS };
}

/**
 * What a killed process was at still counts as running until its lock ends, and new jobs for that account would wait
 * behind it. Whether somebody really is at it, the lease says: this process looks for itself.
 */
async function takeOver(deps: JobsDeps, jobs: Jobs, queues: JobBackend): Promise<void> {
  for (const account of await deps.findWork()) {
    await queues.queue('drain').forget(account.accountId);
    await jobs.enqueueDrain(account);
  }
}

type Handlers = Readonly<Record<QueueName, (data: unknown) => Promise<Date | null>>>;

function makeHandlers(deps: JobsDeps, jobs: Jobs, signal: AbortSignal): Handlers {
  const run = <Name extends QueueName>(
    name: Name,
    work: (data: ReturnType<(typeof QUEUES)[Name]['parse']>) => Promise<JobOutcome>,
  ) => {
    return async (data: unknown): Promise<Date | null> => {
      const outcome = await attempt(deps, () =>
        work(QUEUES[name].parse(data) as ReturnType<(typeof QUEUES)[Name]['parse']>),
      );
      if (outcome.type === 'later') return outcome.at;
      if (outcome.type === 'failed') throw outcome.error;
      return null;
    };
  };
  return {
    drain: run('drain', async (account) => {
      const outcome = outcomeOfDrain(await deps.drain(account, { sliceMs: deps.sliceMs, signal }));
      if (outcome.type === 'again') await jobs.enqueueDrain(account);
      return outcome;
    }),
    reconcile: run('reconcile', async (account) => {
      await deps.requestReconcile(account);
      await jobs.enqueueDrain(account);
      return { type: 'done' };
    }),
    deprovision: run('deprovision', async ({ tenantId, accountId }) => {
      await jobs.enqueueDrain({ tenantId, accountId });
      return { type: 'done' };
    }),
    compare: run('compare', async ({ isScheduled, ...source }) => {
      if (isScheduled) await deps.comparisons.askScheduled(source);
      await deps.comparisons.work(source);
      return { type: 'done' };
    }),
    sweep: run('sweep', async () => {
      for (const account of await deps.findWork()) await jobs.enqueueDrain(account);
      for (const source of await deps.comparisons.findDue()) await jobs.enqueueComparison(source);
      for (const step of deps.upkeep) await keepUp(deps, step);
      return { type: 'done' };
    }),
    mail: run('mail', async () => {
      await deps.deliverMail();
      return { type: 'done' };
    }),
    report: run('report', async (destination) => {
      await deps.reports.run(destination);
      return { type: 'done' };
    }),
    delivery: run('delivery', async () => {
      await deps.reports.deliverDue();
      return { type: 'done' };
    }),
  };
}

/** What one step cannot do must not keep the others from their work. */
async function keepUp({ log }: JobsDeps, { name, work }: UpkeepStep): Promise<void> {
  try {
    await work();
  } catch (error) {
    log.error({ err: error, step: name }, 'upkeep failed; the next sweep tries it again');
  }
}

async function attempt(deps: JobsDeps, work: () => Promise<JobOutcome>): Promise<JobOutcome> {
  try {
    return await work();
  } catch (error) {
    const outcome = outcomeOfError(error, deps.clock.now());
    if (outcome.type === 'failed') deps.log.error({ err: error }, 'job failed');
    return outcome;
  }
}

/** One schedule per account. Schedules of accounts that are gone are removed. */
async function syncSchedules(deps: JobsDeps, queues: JobBackend): Promise<void> {
  const queue = queues.queue('reconcile');
  const wanted = await deps.listSchedules();
  for (const { tenantId, accountId, cron, timeZone } of wanted) {
    await queue.schedule(accountId, { pattern: cron, tz: timeZone }, { tenantId, accountId });
  }
  const known = new Set(wanted.map(({ accountId }) => accountId));
  for (const id of await queue.listSchedules()) if (!known.has(id)) await queue.unschedule(id);
}
