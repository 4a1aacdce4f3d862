import type { Clock } from '../../../src/lib/clock.js';

/**
 * Time that leaps over every wait: the work of the engine counts as it lasts, a wait for the vendor's limit costs
 * nothing. The engine and the sandbox share it, so a run of an hour takes as long as its work.
 */
export interface JumpingClock extends Clock {
  ms(): number;
  /** Leaps. */
  sleep(byMs: number): Promise<void>;
  /** What this clock showed when the machine's own, which is also the database's, showed `realMs`. */
  at(realMs: number): number;
}

interface Leap {
  readonly realMs: number;
  readonly offsetMs: number;
}

export function makeJumpingClock(): JumpingClock {
  const leaps: Leap[] = [{ realMs: -Infinity, offsetMs: 0 }];
  const last = (): Leap => leaps.at(-1) ?? { realMs: 0, offsetMs: 0 };
  const ms = (): number => Date.now() + last().offsetMs;
  return {
    ms,
    now: () => new Date(ms()),
    sleep(byMs) {
      leaps.push({ realMs: Date.now(), offsetMs: last().offsetMs + byMs });
      return Promise.resolve();
    },
    at(realMs) {
      const before = leaps.findLast((leap) => leap.realMs < realMs);
      return realMs + (before?.offsetMs ?? 0);
    },
  };
}
