import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  allowedPerMinute,
  initialPace,
  observeLimit,
  takeTurn,
  type PaceState,
} from '../../src/reconcile/pacing/bucket.js';
import type { AccountPacing } from '../../src/providers/port.js';

const START = 1_760_000_000_000;
const MINUTE = 60_000;

const pacing = fc.record({
  limitPerMinute: fc.integer({ min: 1, max: 600 }),
  shareForOthers: fc.double({ min: 0, max: 0.9, noNaN: true }),
});

/** Asks as soon as it may; before request n the asker is busy with something else for `idleMs[n]`. */
function run(settings: AccountPacing, untilMs: number, idleMs: readonly number[] = []) {
  const sentAt: number[] = [];
  let state = initialPace(settings, START);
  let now = START;
  for (let asked = 0; ; asked += 1) {
    now += idleMs[asked] ?? 0;
    let turn = takeTurn(state, settings, now);
    while (turn.waitMs > 0) {
      now += turn.waitMs;
      turn = takeTurn(turn.state, settings, now);
    }
    state = turn.state;
    if (now > START + untilMs) return { sentAt, state };
    sentAt.push(now);
  }
}

function mostInAnyMinute(sentAt: readonly number[]): number {
  let most = 0;
  let first = 0;
  for (const [index, at] of sentAt.entries()) {
    while ((sentAt[first] ?? at) <= at - MINUTE) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

describe('the token bucket', () => {
  test('never lets more than the allowed number start in any 60 seconds', () => {
    fc.assert(
      fc.property(pacing, fc.array(fc.nat({ max: 90_000 }), { maxLength: 60 }), (settings, idleMs) => {
        const { sentAt, state } = run(settings, 5 * MINUTE, idleMs);

        expect(mostInAnyMinute(sentAt)).toBeLessThanOrEqual(allowedPerMinute(state, settings));
      }),
    );
  });

  test('uses at least 97 % of the allowed number while work waits', () => {
    fc.assert(
      fc.property(pacing, (settings) => {
        const { sentAt, state } = run(settings, 10 * MINUTE);

        expect(sentAt.length / 10).toBeGreaterThanOrEqual(0.97 * allowedPerMinute(state, settings));
      }),
    );
  });

  test('has no more than the allowed number arrive in any 60 seconds, though some take half a second longer', () => {
    fc.assert(
      fc.property(pacing, fc.array(fc.nat({ max: 499 }), { minLength: 1 }), (settings, delaysMs) => {
        const { sentAt, state } = run(settings, 3 * MINUTE);
        const arrivals = sentAt.map((at, index) => at + (delaysMs[index % delaysMs.length] ?? 0));

        const most = mostInAnyMinute(arrivals.toSorted((a, b) => a - b));
        expect(most).toBeLessThanOrEqual(allowedPerMinute(state, settings));
      }),
    );
  });

  test('leaves the others their share of the limit', () => {
    fc.assert(
      fc.property(pacing, (settings) => {
        const most = mostInAnyMinute(run(settings, 3 * MINUTE).sentAt);

        const share = settings.limitPerMinute * (1 - settings.shareForOthers);
        expect(most).toBeLessThanOrEqual(Math.max(1, share));
      }),
    );
  });

  test('answers a wait after which the request may really go', () => {
    fc.assert(
      fc.property(pacing, fc.nat({ max: 50 }), (settings, used) => {
        let state = initialPace(settings, START);
        for (let taken = 0; taken < used; taken += 1) state = takeTurn(state, settings, START).state;
        const { waitMs, state: asked } = takeTurn(state, settings, START);
        fc.pre(waitMs > 0);

        expect(Number.isInteger(waitMs)).toBe(true);
        expect(takeTurn(asked, settings, START + waitMs).waitMs).toBe(0);
        if (waitMs > 1) expect(takeTurn(asked, settings, START + waitMs - 2).waitMs).toBeGreaterThan(0);
      }),
    );
  });

  test('asking in vain costs nothing', () => {
    fc.assert(
      fc.property(pacing, fc.array(fc.nat({ max: 40 }), { maxLength: 50 }), (settings, pauses) => {
        const { state } = run(settings, MINUTE);
        let now = START + MINUTE;
        let asked = state;
        for (const pause of pauses) {
          now += pause;
          const turn = takeTurn(asked, settings, now);
          if (turn.waitMs > 0) asked = turn.state;
        }
        const patient = takeTurn(state, settings, now).waitMs;

        expect(Math.abs(takeTurn(asked, settings, now).waitMs - patient)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('what the vendor says', () => {
  const settings = { limitPerMinute: 110, shareForOthers: 0 };
  const fresh = initialPace(settings, START);

  function waitOf(state: PaceState, now: number): number {
    return takeTurn(state, settings, now).waitMs;
  }

  test('a lower limit holds at once and for good, a higher one changes nothing', () => {
    const lower = observeLimit(fresh, settings, START, { limitPerMinute: 60 });
    const higher = observeLimit(lower, settings, START, { limitPerMinute: 6_000 });

    expect(allowedPerMinute(lower, settings)).toBe(60);
    expect(allowedPerMinute(takeTurn(lower, settings, START + 60 * MINUTE).state, settings)).toBe(60);
    expect(allowedPerMinute(higher, settings)).toBe(110);
  });

  test('after a 429 nothing goes before the moment it names, whatever is heard meanwhile', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3_600_000 }),
        fc.array(fc.record({ after: fc.nat({ max: 3_600_000 }), remaining: fc.nat({ max: 120 }) })),
        (pauseMs, heard) => {
          const retryAt = START + pauseMs;
          let state = observeLimit(fresh, settings, START, { retryAt });
          for (const { after, remaining } of heard.toSorted((a, b) => a.after - b.after)) {
            const signal = { limitPerMinute: 120, remaining, resetAt: START + after + 10 };
            if (after < pauseMs) state = observeLimit(state, settings, START + after, signal);
          }

          expect(waitOf(state, retryAt - 1)).toBeGreaterThan(0);
        },
      ),
    );
  });

  test('an unexplained 429 slows down, answers under way count once, and the pace comes back', () => {
    const retryAt = START + MINUTE;
    const once = observeLimit(fresh, settings, START, { retryAt });
    const thrice = [1, 2].reduce((state) => observeLimit(state, settings, START, { retryAt }), once);
    const later = takeTurn(once, settings, START + 60 * MINUTE).state;

    expect(allowedPerMinute(once, settings)).toBe(82);
    expect(allowedPerMinute(thrice, settings)).toBe(82);
    expect(allowedPerMinute(later, settings)).toBe(110);
  });

  test('a 429 that a lower limit explains slows down no further', () => {
    const state = observeLimit(fresh, settings, START, { retryAt: START + MINUTE, limitPerMinute: 60 });

    expect(allowedPerMinute(state, settings)).toBe(60);
  });

  test('the rest of a window is left to the others when it is their share', () => {
    const shared = { limitPerMinute: 110, shareForOthers: 0.2 };
    const resetAt = START + 20_000;
    const signal = { limitPerMinute: 120, resetAt };

    const spent = observeLimit(initialPace(shared, START), shared, START, { ...signal, remaining: 24 });
    const unspent = observeLimit(initialPace(shared, START), shared, START, { ...signal, remaining: 25 });

    expect(takeTurn(spent, shared, START).waitMs).toBe(20_000);
    expect(takeTurn(unspent, shared, START).waitMs).toBe(0);
  });

  test('no word of the vendor and no leap of a clock stops the account for good', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e12, max: 1e12 }),
        fc.integer({ min: -1e12, max: 1e12 }),
        (pauseMs, leapMs) => {
          const told = observeLimit(fresh, settings, START, { retryAt: START + pauseMs });
          const now = START + leapMs;
          const waited = takeTurn(told, settings, now);

          expect(waited.waitMs).toBeLessThanOrEqual(3_600_000);
          const then = now + waited.waitMs;
          expect(takeTurn(waited.state, settings, then + MINUTE).waitMs).toBe(0);
        },
      ),
    );
  });
});
