import { AppError } from '../domain/errors.js';
import type { AccountKey } from './account.js';

/** How long a lease lasts without renewal, and how much of it must be left before a vendor call. Milliseconds. */
export interface LeaseTimes {
  readonly ttlMs: number;
  readonly renewEveryMs: number;
  /** At least as long as one vendor call may take: no call of ours is under way when somebody takes over. */
  readonly callMarginMs: number;
}

export const DEFAULT_LEASE_TIMES: LeaseTimes = { ttlMs: 90_000, renewEveryMs: 15_000, callMarginMs: 35_000 };

/** Rows that say who applies to an account. Time is the database's. */
export interface LeaseStore {
  /** Takes the lease when it is free, expired or ours. Otherwise names the holder. */
  take(
    account: AccountKey,
    holder: string,
    ttlMs: number,
  ): Promise<{ readonly isTaken: boolean; readonly holder: string }>;
  /** Takes the lease from a holder that is known to be gone. False when it changed hands meanwhile. */
  takeFrom(account: AccountKey, gone: string, holder: string, ttlMs: number): Promise<boolean>;
  /** False when the lease is no longer ours. */
  renew(account: AccountKey, holder: string, ttlMs: number): Promise<boolean>;
  release(account: AccountKey, holder: string): Promise<void>;
}

export interface LeaseDeps {
  readonly leases: LeaseStore;
  readonly times: LeaseTimes;
  /** A name no other run has ever had; tells the process apart. */
  readonly newHolder: () => string;
  /** Whether that holder's process is dead for certain. A doubt is a no. */
  readonly isGone: (holder: string) => boolean;
  /** Monotonic milliseconds: a wall clock that is set back must not prolong a lease. */
  readonly monotonicMs: () => number;
}

/** The right to write to one account, alone. */
export interface Lease {
  readonly holder: string;
  /** Whether the lease is ours for at least one more vendor call. */
  isHeld(): boolean;
  /** Throws AppError `stale` where it is not; asked in the moment before each vendor request. */
  assertHeld(): void;
  release(): Promise<void>;
}

/** Takes the account's lease and keeps it by heartbeat until it is released. null: somebody else works on it. */
export async function acquireLease(deps: LeaseDeps, account: AccountKey): Promise<Lease | null> {
  const holder = deps.newHolder();
  const askedAt = deps.monotonicMs();
  if (!(await takeOver(deps, account, holder))) return null;
  return keepLease(deps, account, holder, askedAt + deps.times.ttlMs);
}

async function takeOver(deps: LeaseDeps, account: AccountKey, holder: string): Promise<boolean> {
  const { leases, times, isGone } = deps;
  const answer = await leases.take(account, holder, times.ttlMs);
  if (answer.isTaken) return true;
  return isGone(answer.holder) && leases.takeFrom(account, answer.holder, holder, times.ttlMs);
}

function keepLease(deps: LeaseDeps, account: AccountKey, holder: string, heldUntilMs: number): Lease {
  const { leases, times, monotonicMs } = deps;
  let heldUntil = heldUntilMs;
  const renew = async (): Promise<void> => {
    const askedAt = monotonicMs();
    const isOurs = await leases.renew(account, holder, times.ttlMs);
    heldUntil = isOurs ? askedAt + times.ttlMs : 0;
  };
  // A renewal that fails is not an error yet: the lease runs on until its time is over.
  const heartbeat = setInterval(() => void renew().catch(() => undefined), times.renewEveryMs);
  heartbeat.unref();
  const isHeld = (): boolean => heldUntil - monotonicMs() >= times.callMarginMs;
  return {
    holder,
    isHeld,
    assertHeld() {
      if (isHeld()) return;
      throw new AppError('stale', 'Another worker has taken over this account. It continues the work.');
    },
    async release() {
      clearInterval(heartbeat);
      heldUntil = 0;
      await leases.release(account, holder);
    },
  };
}
