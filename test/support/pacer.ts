import type { AccountPacing, LimitSignal, Pacer } from '../../src/providers/port.js';
import type { PaceState } from '../../src/reconcile/pacing/bucket.js';
import { makePacer, type PaceStore } from '../../src/reconcile/pacing/pacer.js';

/** A pacer that never waits and remembers what it was asked and told. */
export interface RecordingPacer extends Pacer {
  taken(): number;
  signals(): readonly LimitSignal[];
}

export function makeRecordingPacer(): RecordingPacer {
  const signals: LimitSignal[] = [];
  let taken = 0;
  return {
    taken: () => taken,
    signals: () => signals,
    async take(requests) {
      taken += requests;
    },
    observe: (signal) => void signals.push(signal),
  };
}

/** The budget of one account in memory, as a store that several pacers can share. */
export function makeMemoryPaceStore(): PaceStore & { state(): PaceState | null } {
  let state: PaceState | null = null;
  return {
    state: () => state,
    async update(change) {
      const changed = change(state);
      state = changed.state;
      return changed.result;
    },
  };
}

/** A real pacer over memory whose waiting is its clock's: `sleep` moves the time and returns. */
export function makeMemoryPacer({
  settings,
  startAt = 1_760_000_000_000,
  sliceMs = Infinity,
  store = makeMemoryPaceStore(),
}: {
  readonly settings: AccountPacing;
  readonly startAt?: number;
  readonly sliceMs?: number;
  readonly store?: PaceStore;
}): Pacer & { now(): number; advance(ms: number): void } {
  let now = startAt;
  const pacer = makePacer({
    store,
    settings,
    now: () => now,
    sliceEndsAt: () => startAt + sliceMs,
    sleep: async (ms) => {
      now += ms;
    },
  });
  return { ...pacer, now: () => now, advance: (ms) => void (now += ms) };
}
