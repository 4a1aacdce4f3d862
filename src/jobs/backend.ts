import {
  createPostgresBackend,
  DelayedError,
  Queue,
  runMigrations,
  Worker,
  type Job,
  type JobsOptions,
  type PgPool,
  type RepeatOptions,
} from 'bullmq';
import { Pool } from 'pg';
import type { Logger } from 'pino';
import type { QueueName } from './queues.js';

/** Schema of the queue's own tables, beside ours in the same database. */
const QUEUE_SCHEMA = 'bullmq';
/** Two workers' LISTEN connections for each queue, and as many for their statements. */
const POOL_MAX = 10;

/** A queue as this application uses it. */
export interface JobQueue {
  add(data: object, options: JobsOptions): Promise<void>;
  /** Lets the next job with this deduplication id in, whatever became of the last one. */
  forget(deduplicationId: string): Promise<void>;
  schedule(id: string, repeat: Omit<RepeatOptions, 'key'>, data: object): Promise<void>;
  listSchedules(): Promise<readonly string[]>;
  unschedule(id: string): Promise<void>;
}

/** Carries out one job. A date: not now, but then. */
export type JobHandler = (data: unknown) => Promise<Date | null>;

export interface JobBackend {
  queue(name: QueueName): JobQueue;
  work(name: QueueName, handler: JobHandler, concurrency: number): void;
  /** Waits for running jobs, then closes workers, queues and connections, in this order. */
  close(): Promise<void>;
}

export interface BackendOptions {
  readonly databaseUrl: string;
  /** null: the queue lives in the database too. */
  readonly redisUrl: string | null;
  readonly log: Logger;
}

/**
 * Opens the queue: in Postgres, or in Redis where one is named. The one place that knows which.
 * Throws what the store throws when it cannot be reached.
 */
export async function openJobBackend(options: BackendOptions): Promise<JobBackend> {
  return options.redisUrl === null
    ? openPostgres(options)
    : openRedis({ url: options.redisUrl, log: options.log });
}

async function openPostgres({ databaseUrl, log }: BackendOptions): Promise<JobBackend> {
  const pool = new Pool({
    connectionString: databaseUrl,
    max: POOL_MAX,
    keepAlive: true,
    options: `-c search_path=${QUEUE_SCHEMA}`,
    application_name: 'patchbay-queue',
  });
  // Every queue and worker listens for the pool's errors.
  pool.setMaxListeners(0);
  let isEnding = false;
  pool.on('error', (error) => {
    // The pool's end does not wait for its connections': a database that stops right after it would be noted here.
    if (!isEnding) log.warn({ err: error }, 'idle queue connection lost');
  });
  try {
    await migrate(pool);
  } catch (error) {
    await pool.end();
    throw error;
  }
  // node-postgres declares its parameters mutable; it does not change them.
  const options = { connection: pool as PgPool };
  return makeBackend(log, {
    openQueue: (name) => new Queue(name, options, createPostgresBackend),
    openWorker: (name, processor, concurrency) =>
      new Worker(name, processor, { ...options, ...workerOptions(concurrency) }, createPostgresBackend),
    end() {
      isEnding = true;
      return pool.end();
    },
  });
}

async function migrate(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await runMigrations(client, QUEUE_SCHEMA);
  } finally {
    client.release();
  }
}

function openRedis({ url, log }: { readonly url: string; readonly log: Logger }): Promise<JobBackend> {
  // A request must not wait for Redis to come back; a worker must.
  const producing = { url, enableOfflineQueue: false, maxRetriesPerRequest: 1 };
  const consuming = { url, maxRetriesPerRequest: null };
  return Promise.resolve(
    makeBackend(log, {
      openQueue: (name) => new Queue(name, { connection: producing, prefix: 'patchbay' }),
      openWorker: (name, processor, concurrency) =>
        new Worker(name, processor, {
          connection: consuming,
          prefix: 'patchbay',
          ...workerOptions(concurrency),
        }),
      end: () => Promise.resolve(),
    }),
  );
}

/** After these a job of a process that died is taken up again. Should one only have been slow, the lease stops the second. */
const LOCK_MS = 15_000;
const STALLED_EVERY_MS = 5_000;

function workerOptions(concurrency: number) {
  return { concurrency, lockDuration: LOCK_MS, stalledInterval: STALLED_EVERY_MS, maxStalledCount: 1 };
}

type Processor = (job: Job, token?: string) => Promise<void>;

/** What queues and workers of both stores have in common. */
interface AnyQueue {
  add(name: string, data: object, options: JobsOptions): Promise<unknown>;
  upsertJobScheduler(
    id: string,
    repeat: Omit<RepeatOptions, 'key'>,
    template: { name: string; data: object; opts: object },
  ): Promise<unknown>;
  removeDeduplicationKey(id: string): Promise<number>;
  getJobSchedulers(): Promise<readonly { readonly key: string }[]>;
  removeJobScheduler(id: string): Promise<boolean>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(): Promise<void>;
}

interface AnyWorker {
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(): Promise<void>;
}

interface Store {
  openQueue(name: QueueName): AnyQueue;
  openWorker(name: QueueName, processor: Processor, concurrency: number): AnyWorker;
  end(): Promise<void>;
}

function makeBackend(log: Logger, store: Store): JobBackend {
  const queues = new Map<QueueName, AnyQueue>();
  const workers: AnyWorker[] = [];
  let isClosing = false;
  const report = (error: Error): void => {
    if (!isClosing) log.warn({ err: error }, 'queue error');
  };
  const open = (name: QueueName): AnyQueue => {
    const known = queues.get(name);
    if (known !== undefined) return known;
    const queue = store.openQueue(name);
    queue.on('error', report);
    queues.set(name, queue);
    return queue;
  };
  return {
    queue: (name) => wrapQueue(name, open(name)),
    work(name, handler, concurrency) {
      const worker = store.openWorker(name, (job, token) => runJob(handler, job, token), concurrency);
      worker.on('error', report);
      workers.push(worker);
    },
    async close() {
      isClosing = true;
      await Promise.all(workers.map((worker) => worker.close()));
      await Promise.all([...queues.values()].map((queue) => queue.close()));
      await store.end();
    },
  };
}

async function runJob(handler: JobHandler, job: Job, token: string | undefined): Promise<void> {
  const later = await handler(job.data);
  if (later === null) return;
  await job.moveToDelayed(later.getTime(), token);
  throw new DelayedError();
}

function wrapQueue(name: QueueName, queue: AnyQueue): JobQueue {
  return {
    async add(data, options) {
      await queue.add(name, data, options);
    },
    async forget(deduplicationId) {
      await queue.removeDeduplicationKey(deduplicationId);
    },
    async schedule(id, repeat, data) {
      const opts = { removeOnComplete: true, removeOnFail: true };
      await queue.upsertJobScheduler(id, repeat, { name, data, opts });
    },
    async listSchedules() {
      return (await queue.getJobSchedulers()).map(({ key }) => key);
    },
    async unschedule(id) {
      await queue.removeJobScheduler(id);
    },
  };
}
