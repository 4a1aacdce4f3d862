import { isAppError } from '../../domain/errors.js';
import type { AccountKey, EngineAccount } from '../account.js';
import { readFailure } from '../applying/failure.js';
import { settleConfirmed } from '../applying/settle-steps.js';
import { stopFor } from '../applying/stop.js';
import { acquireLease, type Lease, type LeaseDeps } from '../lease.js';
import type { Effect } from '../effects.js';
import type { DirtyMark } from '../marks.js';
import { makeAccountReader } from '../planning/reading.js';
import type { DeleteNext, VendorOpener } from '../ports.js';
import { RunStopped, type EngineDeps, type Run, type StopReason } from '../run.js';
import { workOnApproved } from './approved.js';
import { workOnLeavers } from './leavers.js';
import { workOnNewcomers } from './newcomers.js';
import { makeDeletionTurn } from './deletion-turn.js';
import { triage, type KnownLeavers, type Triage } from './triage.js';
import { workOnWholeAccount } from './whole-account.js';
import { READING_AGE_MAX_MS, workOn } from './work.js';

export interface DrainDeps extends EngineDeps {
  readonly vendors: VendorOpener;
  readonly lease: LeaseDeps;
  readonly deleteNext: DeleteNext;
  /** A permanent deletion was scheduled: a hint, the row is what counts. */
  readonly onDeletionScheduled: (deletion: ScheduledDeletion) => void;
}

export interface ScheduledDeletion extends AccountKey {
  readonly deletionId: string;
  readonly dueAt: Date;
}

export interface DrainOptions {
  /** How long at most one call works before it gives others their turn. */
  readonly sliceMs: number;
  /** Ends the slice early, between two changes, when the process is to stop. */
  readonly signal?: AbortSignal;
}

/**
 * How a drain ended. `idle`: nothing is left to do now. `more`: call again at once. `wait`: not before `retryAt`.
 * `busy`: another worker has the account. `paused`, `gone`: nothing to do until a person acts.
 */
export type DrainReport =
  | { readonly type: 'idle' | 'more' | 'busy' | 'gone' }
  | { readonly type: 'paused'; readonly message: string }
  | { readonly type: 'wait'; readonly retryAt: Date };

/** So long does an ill vendor get to recover before the next attempt. */
const VENDOR_REST_MS = 15_000;
const BUG_REST_MS = 60_000;
/** A change that began in the slice is given so long to end: its look-up would be made again otherwise. */
const CHANGE_MS = 5_000;
/** People changed between two looks at the marks; between changes the urgent ones are looked for anyway. */
const CHANGES_AT_ONCE = 100;

export type Drain = (account: AccountKey, options: DrainOptions) => Promise<DrainReport>;

/** Builds the applier of accounts: whatever is dirty, due, approved or asked for, most urgent first. */
export function makeDrain(deps: DrainDeps): Drain {
  return async (key, options) => {
    const account = await deps.accounts.load(key);
    if (account === null) return { type: 'gone' };
    if (account.isPaused) return { type: 'paused', message: 'The account is paused.' };
    const now = deps.clock.now();
    if (account.restUntil !== null && account.restUntil > now)
      return { type: 'wait', retryAt: account.restUntil };
    const lease = await acquireLease(deps.lease, key);
    if (lease === null) return { type: 'busy' };
    try {
      return await drainWith(deps, account, lease, options);
    } finally {
      await lease.release();
    }
  };
}

async function drainWith(
  deps: DrainDeps,
  account: EngineAccount,
  lease: Lease,
  options: DrainOptions,
): Promise<DrainReport> {
  try {
    const known: KnownLeavers = new Map();
    const run = await startRun(deps, account, lease, { ...options, known });
    while (!run.isOver()) {
      if (!(await workOnce(deps, run, known))) return { type: 'idle' };
    }
    return { type: 'more' };
  } catch (error) {
    return reportOf(deps, account, await reasonOf(deps, account, error));
  }
}

async function startRun(
  deps: DrainDeps,
  account: EngineAccount,
  lease: Lease,
  { sliceMs, signal, known }: DrainOptions & { readonly known: KnownLeavers },
): Promise<Run> {
  const reading: { state: 'none' | 'urgent' | 'giving-way' } = { state: 'none' };
  const endsAt = deps.clock.now().getTime() + sliceMs;
  const vendor = await deps.vendors.open(account, {
    // A reading that began is made to its end: cut off, a large account's would never come to one.
    sliceEndsAt: () =>
      signal?.aborted === true ? 0 : reading.state === 'none' ? endsAt + CHANGE_MS : Infinity,
    ...(signal === undefined ? {} : { signal }),
    async assertMayCall() {
      lease.assertHeld();
      if (reading.state === 'giving-way' && (await hasNewLeaver(deps, account, known))) {
        throw new RunStopped({ type: 'over' });
      }
    },
  });
  await deps.plans.abandonUnfinished(account, deps.clock.now());
  if (account.policy !== 'report-only') await deps.marks.releaseReported(account);
  return {
    deps,
    account,
    vendor,
    lease,
    reader: makeAccountReader({ account, vendor, readings: deps.readings }),
    log: deps.log.child({ tenantId: account.tenantId, accountId: account.accountId }),
    isOver: () => signal?.aborted === true || deps.clock.now().getTime() >= endsAt,
    async whileReading(state, work) {
      reading.state = state;
      try {
        return await work();
      } finally {
        reading.state = 'none';
      }
    },
    announce: (effects) => announceDeletions(deps, account, effects),
  };
}

/**
 * Whether somebody with a link became urgent since the marks were last sorted. A reading of a large account takes
 * minutes, and leavers go ahead of it. Whoever was sorted already never stops a reading again.
 */
async function hasNewLeaver(deps: DrainDeps, account: AccountKey, known: KnownLeavers): Promise<boolean> {
  const news = await listNews(deps, account, known);
  if (news.length === 0) return false;
  return (await deps.marks.listOf(account, news)).some(({ isLinked }) => isLinked);
}

async function listNews(
  { marks, clock }: EngineDeps,
  account: AccountKey,
  known: KnownLeavers,
): Promise<readonly string[]> {
  const urgent = await marks.listUrgent(account, clock.now());
  return urgent
    .filter(({ subjectId, generation }) => known.get(subjectId)?.generation !== generation)
    .map(({ subjectId }) => subjectId);
}

function announceDeletions(
  { onDeletionScheduled }: DrainDeps,
  { tenantId, accountId }: AccountKey,
  effects: readonly Effect[],
): void {
  for (const effect of effects) {
    if (effect.type !== 'deletion-scheduled') continue;
    const { deletionId, dueAt } = effect;
    onDeletionScheduled({ tenantId, accountId, deletionId, dueAt });
  }
}

/** Does the most urgent thing there is. False when there is nothing. */
async function workOnce(deps: DrainDeps, run: Run, known: KnownLeavers): Promise<boolean> {
  const marks = await triage(run, known);
  const between = () => giveWayToLeavers(run, known);
  // After the marks were read: what is confirmed from here on renews a mark, and the plan of the old one is stale.
  await settleConfirmed(run);
  if (marks.leavers.length > 0) return done(workOnLeavers(run, marks.leavers));
  if (marks.leaversToVerify.length > 0) return done(workOnLinked(run, marks.leaversToVerify, between));
  const account = await deps.accounts.load(run.account);
  if (account === null || account.isPaused || account.policy !== run.account.policy) {
    throw new RunStopped({ type: 'over' });
  }
  if (await deps.deleteNext(makeDeletionTurn(run, account))) return true;
  const approved = (await deps.plans.listApproved(account)).find(
    ({ plan }) => plan.trigger !== 'deletion-due',
  );
  if (approved !== undefined) return done(workOnApproved(run, approved, between));
  if (account.reconcileRequest !== null && account.reconcileRequest.at <= deps.clock.now()) {
    return done(workOnWholeAccount(run, account.reconcileRequest, between));
  }
  return workOnMarks(run, marks, between);
}

/** Movers before newcomers, and everybody who was changed is looked at again at the end. */
async function workOnMarks(run: Run, marks: Triage, between: () => Promise<void>): Promise<boolean> {
  const { changes, newcomers, toVerify } = marks;
  if (changes.length > 0) return done(workOnLinked(run, changes, between));
  if (newcomers.length > 0) return done(workOnNewcomers(run, newcomers, between));
  if (toVerify.length > 0) return done(workOnLinked(run, toVerify, between));
  return false;
}

/** Plans people with a link from a reading that is newer than whatever was written for them. */
function workOnLinked(run: Run, marks: readonly DirtyMark[], between: () => Promise<void>): Promise<void> {
  const readingAgeMaxMs = READING_AGE_MAX_MS.change;
  return workOn(run, { marks, between, readingAgeMaxMs, trigger: 'push', peopleMax: CHANGES_AT_ONCE });
}

async function done(work: Promise<void>): Promise<true> {
  await work;
  return true;
}

/** Between two changes: leavers who arrived meanwhile go ahead of everything that is queued (invariant 6). */
async function giveWayToLeavers(run: Run, known: KnownLeavers): Promise<void> {
  if ((await listNews(run.deps, run.account, known)).length === 0) return;
  const { leavers } = await triage(run, known);
  if (leavers.length > 0) await workOnLeavers(run, leavers);
}

async function reasonOf(deps: DrainDeps, account: EngineAccount, error: unknown): Promise<StopReason> {
  if (error instanceof RunStopped) return error.reason;
  if (!isAppError(error)) {
    // Not known to pass by itself: without a rest the sweep would run into it again and again.
    await deps.accounts
      .rest(account, new Date(deps.clock.now().getTime() + BUG_REST_MS))
      .catch(() => undefined);
    throw error;
  }
  const failure = readFailure(error);
  return (await stopFor({ deps, account }, failure)) ?? { type: 'vendor-ill', message: failure.message };
}

async function reportOf(deps: DrainDeps, account: EngineAccount, reason: StopReason): Promise<DrainReport> {
  const { tenantId, accountId } = account;
  switch (reason.type) {
    case 'over':
      return { type: 'more' };
    case 'lost':
      return { type: 'busy' };
    case 'paused':
      return { type: 'paused', message: reason.message };
    case 'wait':
      return { type: 'wait', retryAt: reason.retryAt };
    case 'vendor-ill': {
      const retryAt = new Date(deps.clock.now().getTime() + VENDOR_REST_MS);
      await deps.accounts.rest(account, retryAt);
      deps.log.warn({ tenantId, accountId, reason: reason.message }, 'the vendor is ill: resting');
      return { type: 'wait', retryAt };
    }
  }
}
