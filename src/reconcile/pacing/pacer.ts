import { AppError } from '../../domain/errors.js';
import type { AccountPacing, LimitSignal, Pacer } from '../../providers/port.js';
import { initialPace, observeLimit, takeTurn, type PaceState } from './bucket.js';

/** Where an account's budget lives. All processes that work on the account must see the same one. */
export interface PaceStore {
  /**
   * Replaces the state by what `change` makes of it (null: there is none yet), alone with it from read to write,
   * and returns the result. `change` is pure and may run more than once.
   */
  update<Result>(
    change: (state: PaceState | null) => { readonly state: PaceState; readonly result: Result },
  ): Promise<Result>;
}

export interface PacerDeps {
  readonly store: PaceStore;
  readonly settings: AccountPacing;
  /** Milliseconds since the epoch; the clocks of all processes that share the budget must roughly agree. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** The moment after which nobody should still be waiting: the end of the drain's time slice. */
  readonly sliceEndsAt: () => number;
}

/**
 * A Pacer over a stored token bucket. `take` asks again after every wait, so that a pause which another process
 * learned of meanwhile is kept.
 */
export function makePacer({ store, settings, now, sleep, sliceEndsAt }: PacerDeps): Pacer {
  let heard: LimitSignal[] = [];
  let flushing: Promise<unknown> = Promise.resolve();

  function learn(state: PaceState | null, signals: readonly LimitSignal[], at: number): PaceState {
    return signals.reduce(
      (learned, signal) => observeLimit(learned, settings, at, signal),
      state ?? initialPace(settings, at),
    );
  }

  /** What was heard travels with the next request's own update and costs no write of its own. */
  async function ask(): Promise<{ readonly waitMs: number; readonly at: number }> {
    const signals = heard;
    heard = [];
    const at = now();
    try {
      return await store.update((state) => {
        const turn = takeTurn(learn(state, signals, at), settings, at);
        return { state: turn.state, result: { waitMs: turn.waitMs, at } };
      });
    } catch (error) {
      heard = [...signals, ...heard];
      throw error;
    }
  }

  async function takeOne(): Promise<void> {
    for (;;) {
      const { waitMs, at } = await ask();
      if (waitMs === 0) return;
      if (at + waitMs > sliceEndsAt()) throw outOfTime(new Date(at + waitMs));
      await sleep(waitMs);
    }
  }

  async function flush(): Promise<void> {
    const signals = heard;
    if (signals.length === 0) return;
    heard = [];
    const at = now();
    try {
      await store.update((state) => ({ state: learn(state, signals, at), result: null }));
    } catch {
      // Not lost: the next request's update carries it, and fails by itself if the store is still away.
      heard = [...signals, ...heard];
    }
  }

  return {
    async take(requests) {
      await flushing;
      for (let taken = 0; taken < requests; taken += 1) await takeOne();
    },
    observe(signal) {
      heard.push(signal);
      // A pause must reach the other processes although this one may send nothing more.
      if (signal.retryAt !== undefined) flushing = flush();
    },
  };
}

function outOfTime(retryAt: Date): AppError {
  return new AppError(
    'rateLimited',
    'The request budget of this account is used up for now. Work goes on by itself when the vendor allows more.',
    { retryAt },
  );
}
