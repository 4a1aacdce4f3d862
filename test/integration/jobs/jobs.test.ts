import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openJobBackend } from '../../../src/jobs/backend.js';
import { makeJobs, type Jobs, type JobsDeps } from '../../../src/jobs/jobs.js';
import { systemClock } from '../../../src/lib/clock.js';
import type { AccountKey } from '../../../src/reconcile/account.js';
import type { DrainReport } from '../../../src/reconcile/draining/drain.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

const redisUrl = process.env['TEST_REDIS_URL'];
const backends = [
  { name: 'Postgres', redisUrl: null },
  ...(redisUrl === undefined ? [] : [{ name: 'Redis', redisUrl }]),
];

if (redisUrl === undefined) it.skip('jobs on Redis: set TEST_REDIS_URL to run them there as well');

function newAccount(): AccountKey {
  return { tenantId: randomUUID(), accountId: randomUUID() };
}

/** Something that many parties can wait for and one opens. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

const eventually = { timeout: 300_000, interval: 20 };

describe.each(backends)('jobs on $name', (backend) => {
  let database: TestDatabase;
  const started: Jobs[] = [];

  beforeEach(async () => {
    database = await createTestDatabase();
    if (backend.redisUrl === null) return;
    const redis = new Redis(backend.redisUrl);
    await redis.flushdb();
    await redis.quit();
  });

  afterEach(async () => {
    await Promise.all(started.splice(0).map((jobs) => jobs.stop()));
    // Fails where a connection was left open.
    await database.drop();
  });

  function open(overrides: Partial<JobsDeps>): Jobs {
    const jobs = makeJobs({
      databaseUrl: database.url,
      redisUrl: backend.redisUrl,
      log: pino({ level: process.env['TEST_LOG'] ?? 'silent' }),
      clock: systemClock,
      drain: () => Promise.resolve({ type: 'idle' }),
      requestReconcile: () => Promise.resolve(),
      findWork: () => Promise.resolve([]),
      upkeep: [],
      deliverMail: () => Promise.resolve(),
      reports: {
        listSchedules: () => Promise.resolve([]),
        run: () => Promise.resolve(),
        deliverDue: () => Promise.resolve(),
      },
      listSchedules: () => Promise.resolve([]),
      comparisons: {
        listSchedules: () => Promise.resolve([]),
        askScheduled: () => Promise.resolve(),
        work: () => Promise.resolve(),
        findDue: () => Promise.resolve([]),
        stop: () => undefined,
      },
      listDeletions: () => Promise.resolve([]),
      accountsAtOnce: 4,
      sliceMs: 1_000,
      sweepEveryMs: 60_000,
      ...overrides,
    });
    started.push(jobs);
    return jobs;
  }

  it('drain one account at a time, and once more for whatever came in meanwhile', async () => {
    const account = newAccount();
    const [begun, release] = [gate(), gate()];
    let running = 0;
    let most = 0;
    let drains = 0;
    const drain = async (): Promise<DrainReport> => {
      running += 1;
      drains += 1;
      most = Math.max(most, running);
      begun.open();
      if (drains === 1) await release.opened;
      running -= 1;
      return { type: 'idle' };
    };
    const jobs = open({ drain });
    await jobs.start();
    await jobs.enqueueDrain(account);
    await begun.opened;

    for (let push = 0; push < 5; push += 1) await jobs.enqueueDrain(account, { urgent: true });
    release.open();

    await vi.waitFor(() => expect(drains).toBe(2), eventually);
    expect(most).toBe(1);
  });

  it('work on several accounts side by side', async () => {
    const both = gate();
    const seen = new Set<string>();
    const drain = async ({ accountId }: AccountKey): Promise<DrainReport> => {
      seen.add(accountId);
      if (seen.size === 2) both.open();
      await both.opened;
      return { type: 'idle' };
    };
    const jobs = open({ drain });
    await jobs.start();
    await jobs.enqueueDrain(newAccount());
    await jobs.enqueueDrain(newAccount());

    await both.opened;
    expect(seen.size).toBe(2);
  });

  it('go on with an account whose slice was used up, and wait as long as the vendor says', async () => {
    const account = newAccount();
    let retryAt = new Date(0);
    const startedAt: number[] = [];
    const drain = (): Promise<DrainReport> => {
      startedAt.push(Date.now());
      if (startedAt.length === 1) return Promise.resolve({ type: 'more' });
      if (startedAt.length > 2) return Promise.resolve({ type: 'idle' });
      retryAt = new Date(Date.now() + 400);
      return Promise.resolve({ type: 'wait', retryAt });
    };
    const jobs = open({ drain });
    await jobs.start();
    await jobs.enqueueDrain(account);

    await vi.waitFor(() => expect(startedAt.length).toBe(3), eventually);
    // Stores may round to whole milliseconds.
    expect(startedAt[2]).toBeGreaterThanOrEqual(retryAt.getTime() - 5);
  });

  it('do the rest of the upkeep where one step of it fails', async () => {
    const done: string[] = [];
    const work = (name: string) => () => Promise.resolve(done.push(name));
    const fail = () => Promise.reject(new Error('no disk'));
    const jobs = open({
      upkeep: [
        { name: 'before', work: work('before') },
        { name: 'broken', work: fail },
        { name: 'after', work: work('after') },
      ],
    });
    await jobs.start();

    await vi.waitFor(() => expect(done).toEqual(['before', 'after']), eventually);
  });

  it('find work again after the queue was wiped', async () => {
    const account = newAccount();
    const pending = new Set([account]);
    const drain = (): Promise<DrainReport> => {
      pending.delete(account);
      return Promise.resolve({ type: 'idle' });
    };
    const first = open({ drain });
    await first.connect();
    await first.enqueueDrain(account);
    await first.stop();
    await wipe();

    const second = open({ drain, findWork: () => Promise.resolve([...pending]), sweepEveryMs: 200 });
    await second.start();

    await vi.waitFor(() => expect(pending.size).toBe(0), eventually);
  });

  it('begin at once with the work of a process that was killed, although the queue still takes it for running', async () => {
    const account = newAccount();
    const [begun, never] = [gate(), gate()];
    const killed = open({
      accountsAtOnce: 1,
      drain: async () => {
        begun.open();
        await never.opened;
        return { type: 'idle' };
      },
    });
    await killed.start();
    await killed.enqueueDrain(account);
    await begun.opened;

    const drained: AccountKey[] = [];
    const drain = (key: AccountKey): Promise<DrainReport> => {
      drained.push(key);
      return Promise.resolve({ type: 'idle' });
    };
    const next = open({ drain, findWork: () => Promise.resolve(drained.length === 0 ? [account] : []) });
    await next.start();

    await vi.waitFor(() => expect(drained).toEqual([account]), eventually);
    never.open();
  });

  it('look at an account when one of its deletions is due, and not before', async () => {
    const account = newAccount();
    const dueAt = new Date(Date.now() + 900);
    const drainedAt: number[] = [];
    const drain = (): Promise<DrainReport> => {
      drainedAt.push(Date.now());
      return Promise.resolve({ type: 'idle' });
    };
    const deletion = { ...account, deletionId: randomUUID(), dueAt };
    const jobs = open({ drain, listDeletions: () => Promise.resolve([deletion]) });
    await jobs.start();
    // The same deletion again, as when it is scheduled and the process restarts: still one job.
    await jobs.enqueueDeletion(deletion);
    // Where that came too late, the account is rightly looked at once more.
    const isInTime = Date.now() < dueAt.getTime();
    const inAMonth = new Date(Date.now() + 30 * 86_400_000);
    await jobs.enqueueDeletion({ ...account, deletionId: randomUUID(), dueAt: inAMonth });

    await vi.waitFor(() => expect(drainedAt.length).toBeGreaterThan(0), eventually);
    expect(drainedAt[0]).toBeGreaterThanOrEqual(dueAt.getTime() - 5);
    if (isInTime) expect(drainedAt).toHaveLength(1);
  });

  it('let a running drain end its change when the process stops, and start nothing after it', async () => {
    const account = newAccount();
    const begun = gate();
    let ended = false;
    const drain: JobsDeps['drain'] = async (_key, { signal }) => {
      begun.open();
      await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
      ended = true;
      return { type: 'more' };
    };
    const jobs = open({ drain });
    await jobs.start();
    await jobs.enqueueDrain(account);
    await begun.opened;

    await jobs.stop();

    expect(ended).toBe(true);
  });

  it('run a schedule per account and forget those of accounts that are gone', async () => {
    const [kept, gone] = [newAccount(), newAccount()];
    let schedules = [kept, gone].map((key) => ({ ...key, cron: '0 3 * * *', timeZone: 'Europe/Paris' }));
    const jobs = open({ listSchedules: () => Promise.resolve(schedules) });
    await jobs.start();
    expect(await schedulesStored()).toEqual([kept.accountId, gone.accountId].toSorted());

    schedules = schedules.slice(0, 1);
    await jobs.syncSchedules();

    expect(await schedulesStored()).toEqual([kept.accountId]);
  });

  async function wipe(): Promise<void> {
    if (backend.redisUrl !== null) {
      const redis = new Redis(backend.redisUrl);
      await redis.flushdb();
      await redis.quit();
      return;
    }
    const pool = new Pool({ connectionString: database.url, max: 1 });
    const { rows } = await pool.query<{ name: string }>(
      "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'bullmq' and tablename <> 'migration'",
    );
    await pool.query(`truncate ${rows.map(({ name }) => name).join(', ')} cascade`);
    await pool.end();
  }

  async function schedulesStored(): Promise<readonly string[]> {
    const log = pino({ level: 'silent' });
    const observer = await openJobBackend({ databaseUrl: database.url, redisUrl: backend.redisUrl, log });
    const ids = await observer.queue('reconcile').listSchedules();
    await observer.close();
    return ids.toSorted();
  }
});
