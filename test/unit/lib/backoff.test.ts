import { describe, expect, it } from 'vitest';
import { backoffDelayMs } from '../../../src/lib/backoff.js';

const almostOne = () => 1 - Number.EPSILON;

describe('backoffDelayMs', () => {
  it('doubles the longest wait with each retry, up to the cap', () => {
    const longest = [0, 1, 2, 3, 4, 50, 5_000].map((retry) =>
      backoffDelayMs(retry, { baseMs: 100, capMs: 1_000, random: almostOne }),
    );
    expect(longest).toEqual([99, 199, 399, 799, 999, 999, 999]);
  });

  it('spreads over the whole range from nothing', () => {
    const wait = (random: number) => backoffDelayMs(3, { baseMs: 100, capMs: 10_000, random: () => random });
    expect([0, 0.25, 0.5].map(wait)).toEqual([0, 200, 400]);
  });
});
