import type { Clock } from '../../src/lib/clock.js';

/** A clock that stands still until the test moves it. */
export interface TestClock extends Clock {
  set(to: Date | string): void;
  /** Forward by `byMs` milliseconds; backwards when negative, as a real clock may after a correction. */
  advance(byMs: number): void;
}

export function makeTestClock(start: Date | string = '2026-03-02T09:00:00.000Z'): TestClock {
  let currentMs = new Date(start).getTime();
  return {
    now: () => new Date(currentMs),
    set(to) {
      currentMs = new Date(to).getTime();
    },
    advance(byMs) {
      currentMs += byMs;
    },
  };
}
