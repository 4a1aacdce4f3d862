import { expect, test } from 'vitest';
import { smartflo } from '../../../src/providers/smartflo/definition.js';
import { initialPace, takeTurn } from '../../../src/reconcile/pacing/bucket.js';

const NOW = Date.parse('2026-11-28T09:00:00Z');

test('a vendor whose limit is one a second never gets more than that at once', () => {
  const pacing = smartflo.pacingFor(smartflo.configSchema.parse({}));
  let state = initialPace(pacing, NOW);
  const starts: number[] = [];
  for (let now = NOW; starts.length < 200;) {
    const turn = takeTurn(state, pacing, now);
    ({ state } = turn);
    if (turn.waitMs === 0) starts.push(now);
    now += turn.waitMs;
  }

  const inAnySecond = starts.map((from) => starts.filter((at) => at >= from && at < from + 1000).length);
  expect(Math.max(...inAnySecond)).toBeLessThanOrEqual(3);
  expect(starts.at(-1)! - NOW).toBeLessThan(100_000);
});
