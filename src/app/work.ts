import type { AccountKey } from '../reconcile/account.js';
import { makeDrain, type Drain, type DrainDeps } from '../reconcile/draining/drain.js';
import { DEFAULT_LEASE_TIMES } from '../reconcile/lease.js';
import type { ComparisonJobs } from '../jobs/comparisons.js';
import { makeJobs, type Jobs } from '../jobs/jobs.js';
import { makeLeaseHolders } from '../store/lease-holder.js';
import { makeLeaseStore } from '../store/leases.js';
import { makeScheduledDeletions, makeWorkFinder } from '../store/work-finder.js';
import type { Engine } from './engine.js';
import { buildMailDelivery } from './mail.js';
import { buildReportJobs } from './report-delivery.js';
import type { Services } from './services.js';

/** How long one account is worked on before others get their turn, and how often lost work is looked for. */
const SLICE_MS = 60_000;
const SWEEP_EVERY_MS = 5_000;
/** Most of the time each waits for its vendor's limit. */
const ACCOUNTS_AT_ONCE = 16;
/** Comparisons with identity providers begin somewhere within so many minutes of their schedule. */
const SOURCE_SPREAD_MINUTES = 2;

/** The applier of accounts, with the rows as its only memory. */
export function buildDrain(
  services: Services,
  engine: Engine,
  onDeletionScheduled: DrainDeps['onDeletionScheduled'] = () => undefined,
): Drain {
  const holders = makeLeaseHolders();
  return makeDrain({
    ...engine.deps,
    vendors: engine.vendors,
    lease: {
      leases: makeLeaseStore(services.database),
      times: DEFAULT_LEASE_TIMES,
      newHolder: holders.newHolder,
      isGone: holders.isGone,
      monotonicMs: () => performance.now(),
    },
    deleteNext: engine.deleteNext,
    onDeletionScheduled,
  });
}

/** The queue of this process. `start()` makes it work, `connect()` only hand out work. */
export function buildJobs(services: Services, engine: Engine): Jobs {
  const { database, clock, log, config, accountStore } = services;
  const jobs: Jobs = makeJobs({
    databaseUrl: services.databaseUrl,
    redisUrl: config.redisUrl ?? null,
    log,
    clock,
    drain: buildDrain(services, engine, (deletion) => void jobs.enqueueDeletion(deletion)),
    requestReconcile: (account: AccountKey) => scheduleReconcile(services, engine, account),
    findWork: makeWorkFinder(database, () => clock.now()),
    upkeep: engine.upkeep,
    deliverMail: buildMailDelivery(services),
    reports: buildReportJobs(services),
    async listSchedules() {
      const accounts = await accountStore.listAll();
      return accounts.map(({ tenantId, id, settings }) => ({
        tenantId,
        accountId: id,
        cron: settings.reconcileCron,
        timeZone: settings.timeZone,
      }));
    },
    comparisons: comparisonJobs(services, engine),
    listDeletions: makeScheduledDeletions(database),
    accountsAtOnce: ACCOUNTS_AT_ONCE,
    sliceMs: SLICE_MS,
    sweepEveryMs: SWEEP_EVERY_MS,
  });
  return jobs;
}

/** The schedule's moment has come: somewhere within the account's spread it is done. */
async function scheduleReconcile(
  { accountStore, clock }: Services,
  engine: Engine,
  key: AccountKey,
): Promise<void> {
  const account = await accountStore.find(key.tenantId, key.accountId);
  if (account === null) return;
  const at = new Date(clock.now().getTime() + spreadMs(account.settings.jitterMinutes));
  await engine.deps.accounts.scheduleReconcile(key, 'schedule', at);
}

function spreadMs(minutes: number): number {
  return Math.floor(Math.random() * minutes * 60_000);
}

function comparisonJobs({ accountStore }: Services, { comparisons }: Engine): ComparisonJobs {
  return {
    async listSchedules() {
      const accounts = await accountStore.listAll();
      const connections = await comparisons.idpStore.listAll();
      return [
        ...accounts.map(({ tenantId, id, settings: { seatsCron, timeZone } }) => ({
          source: { tenantId, type: 'seats' as const, id },
          cron: seatsCron,
          timeZone,
        })),
        ...connections.map(({ tenantId, id, settings: { compareCron, timeZone } }) => ({
          source: { tenantId, type: 'idp' as const, id },
          cron: compareCron,
          timeZone,
        })),
      ];
    },
    askScheduled: (source) => comparisons.requested.ask(source, 'schedule', spreadMs(SOURCE_SPREAD_MINUTES)),
    work: (source) => comparisons.requested.work(source),
    async findDue() {
      const due = await comparisons.requested.findDue();
      return due.flatMap(({ tenantId, type, id }) => (type === 'account' ? [] : [{ tenantId, type, id }]));
    },
    stop: () => comparisons.stop(),
  };
}
