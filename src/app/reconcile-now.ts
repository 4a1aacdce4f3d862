import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../domain/errors.js';
import type { AccountKey } from '../reconcile/account.js';
import type { DrainReport } from '../reconcile/draining/drain.js';
import { accountSource } from '../report/comparisons/account.js';
import type { ComparisonRun } from '../report/ports.js';
import { makePlansView } from '../store/console/plans.js';
import type { PlanDetail } from '../administration/plans.js';
import type { Engine } from './engine.js';
import type { Services } from './services.js';
import { buildDrain } from './work.js';

export interface ReconcileNowOptions {
  /** Ends the work after the change it is at. */
  readonly signal: AbortSignal;
  readonly progress: (step: string, done: number, total: number) => void;
}

const POLL_MS = 250;
/** Changes that nothing more becomes of. */
const OVER: ReadonlySet<string> = new Set(['awaiting', 'applied', 'already', 'failed', 'stale', 'abandoned']);

/**
 * Asks for a whole-account reconciliation and carries it out in this process, until nothing is left to do now. While
 * another worker has the account, waits until that one has answered. Returns the plan with what became of its
 * changes; null when there was none because the signal came, or the account was paused, before it was made.
 * Throws AppError `conflict` for a paused account.
 */
export async function reconcileNow(
  services: Services,
  engine: Engine,
  account: AccountKey,
  { signal, progress }: ReconcileNowOptions,
): Promise<PlanDetail | null> {
  const before = await newestPlan(services, account, null);
  const requestedAt = services.clock.now();
  await engine.deps.accounts.requestReconcile(account, 'manual', requestedAt);
  const find = () => newestPlan(services, account, before?.id ?? null);
  const isAnswered = async (): Promise<boolean> => {
    const { reconcileRequest } = (await engine.deps.accounts.load(account)) ?? { reconcileRequest: null };
    if (reconcileRequest !== null && reconcileRequest.at <= requestedAt) return false;
    const plan = await find();
    return plan !== null && plan.state !== 'applying' && count(plan, 'abandoned') === 0;
  };
  const working = new AbortController();
  const findRun = () => comparisonSince(engine, account, requestedAt);
  const watching = watch({ find, findRun, progress }, working.signal);
  try {
    await workUntilDone(services, engine, account, { signal, isAnswered, progress });
  } finally {
    working.abort();
    await watching;
  }
  return find();
}

/** The newest comparison of the whole account that began then or later; null: none did. */
export async function comparisonSince(
  { comparisons }: Engine,
  account: AccountKey,
  since: Date,
): Promise<ComparisonRun | null> {
  const query = { source: accountSource(account), since, limit: 1 };
  const [run] = await comparisons.view.runs(account.tenantId, query);
  return run ?? null;
}

/** How many of the plan's changes are in that state. */
export function count({ tally }: PlanDetail, state: string): number {
  return tally.filter((line) => line.state === state).reduce((sum, line) => sum + line.count, 0);
}

interface Working extends ReconcileNowOptions {
  readonly isAnswered: () => Promise<boolean>;
}

async function workUntilDone(
  services: Services,
  engine: Engine,
  account: AccountKey,
  { signal, isAnswered, progress }: Working,
): Promise<void> {
  const drain = buildDrain(services, engine);
  let isWaiting = false;
  while (!signal.aborted) {
    const report = await drain(account, { sliceMs: Infinity, signal });
    if (report.type === 'idle') return;
    if (report.type === 'busy' && (await isAnswered())) return;
    if (report.type === 'busy' && !isWaiting) progress('Another worker has the account', 0, 1);
    isWaiting = report.type === 'busy';
    await pauseAfter(report, services, signal);
  }
}

/** Before the next attempt. Throws where there will be none. */
async function pauseAfter(report: DrainReport, { clock }: Services, signal: AbortSignal): Promise<void> {
  switch (report.type) {
    case 'idle':
    case 'more':
      return;
    case 'busy':
      return interruptible(POLL_MS, signal);
    case 'wait':
      return interruptible(Math.max(POLL_MS, report.retryAt.getTime() - clock.now().getTime()), signal);
    case 'paused':
      throw new AppError(
        'conflict',
        `${report.message} The reconciliation stands and begins when the account is resumed: patchbay account resume`,
      );
    case 'gone':
      throw new AppError('notFound', 'This account does not exist any more.');
  }
}

function interruptible(ms: number, signal: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { signal }).catch(() => undefined);
}

interface Watched extends Pick<ReconcileNowOptions, 'progress'> {
  readonly find: () => Promise<PlanDetail | null>;
  readonly findRun: () => Promise<ComparisonRun | null>;
}

/** Shows from the rows how far the plan is, whoever works on it. */
async function watch({ find, findRun, progress }: Watched, signal: AbortSignal): Promise<void> {
  progress('The account is read and planned', 0, 1);
  let isPlanned = false;
  for (let isLast = false; !isLast;) {
    await interruptible(POLL_MS, signal);
    isLast = signal.aborted;
    const plan = await find();
    if (plan === null) {
      showReading(await findRun(), progress);
      continue;
    }
    if (!isPlanned) progress('The account is read and planned', 1, 1);
    isPlanned = true;
    const done = plan.tally.filter(({ state }) => OVER.has(state)).reduce((sum, line) => sum + line.count, 0);
    if (plan.changeCount > 0 && plan.state !== 'held' && plan.state !== 'reported') {
      progress('Changes are applied', done, plan.changeCount);
    }
  }
}

function showReading(run: ComparisonRun | null, progress: ReconcileNowOptions['progress']): void {
  if (run?.state !== 'running' || run.done === null || run.total === null) return;
  progress(`The account is ${run.phase.replace(/^reading/, 'read:')}`, run.done, run.total);
}

/** The newest plan of the whole account, unless it is the one that is known. */
async function newestPlan(
  { database }: Services,
  { tenantId, accountId }: AccountKey,
  known: string | null,
): Promise<PlanDetail | null> {
  const row = await database
    .forTenant(tenantId)
    .selectFrom('plans')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('account_id', '=', accountId)
    .where('scope', '=', 'all')
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined || row.id === known ? null : makePlansView(database).find(tenantId, row.id);
}
