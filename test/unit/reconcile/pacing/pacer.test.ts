import { describe, expect, test } from 'vitest';
import { AppError } from '../../../../src/domain/errors.js';
import { makePacer } from '../../../../src/reconcile/pacing/pacer.js';
import { makeMemoryPacer, makeMemoryPaceStore } from '../../../support/pacer.js';

const settings = { limitPerMinute: 110, shareForOthers: 0 };

describe('a pacer', () => {
  test('gives every account the same budget, whichever pacer asks', async () => {
    const store = makeMemoryPaceStore();
    const one = makeMemoryPacer({ settings, store });
    const other = makeMemoryPacer({ settings, store });

    await one.take(3);
    const before = other.now();
    await other.take(1);

    expect(other.now()).toBeGreaterThan(before);
  });

  test('spreads a long queue over the minutes', async () => {
    const pacer = makeMemoryPacer({ settings });
    const start = pacer.now();

    await pacer.take(1_100);

    const minutes = (pacer.now() - start) / 60_000;
    expect(minutes).toBeGreaterThan(9.9);
    expect(minutes).toBeLessThan(10.3);
  });

  test('says when to come back instead of waiting beyond the slice', async () => {
    const pacer = makeMemoryPacer({ settings: { limitPerMinute: 1, shareForOthers: 0 }, sliceMs: 30_000 });
    await pacer.take(1);
    const asked = pacer.now();

    const error: unknown = await pacer.take(1).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ kind: 'rateLimited', retryAt: new Date(asked + 60_500) });
    expect(pacer.now()).toBe(asked);
  });

  test('keeps a pause that the vendor asked for, and tells the other processes at once', async () => {
    const store = makeMemoryPaceStore();
    const pacer = makeMemoryPacer({ settings, store });
    await pacer.take(1);
    const retryAt = pacer.now() + 42_000;

    pacer.observe({ retryAt });
    await expect.poll(() => store.state()?.blockedUntil).toBe(retryAt);
    const other = makeMemoryPacer({ settings, store });
    await other.take(1);

    expect(other.now()).toBe(retryAt);
  });

  test('writes what it heard of the limit with the next request, and forgets nothing while the store is away', async () => {
    const store = makeMemoryPaceStore();
    let isAway = true;
    let updates = 0;
    const pacer = makePacer({
      settings,
      now: () => 1_760_000_000_000,
      sleep: () => Promise.resolve(),
      sliceEndsAt: () => Infinity,
      store: {
        async update(change) {
          updates += 1;
          if (isAway) throw new AppError('unavailable', 'The database is away.');
          return store.update(change);
        },
      },
    });

    pacer.observe({ limitPerMinute: 60 });
    expect(updates).toBe(0);
    await expect(pacer.take(1)).rejects.toMatchObject({ kind: 'unavailable' });
    pacer.observe({ retryAt: 1_760_000_000_001 });
    await expect(pacer.take(1)).rejects.toMatchObject({ kind: 'unavailable' });
    isAway = false;
    pacer.observe({ retryAt: 1_760_000_000_002 });
    await pacer.take(0);

    expect(store.state()).toMatchObject({ limitPerMinute: 60, blockedUntil: 1_760_000_000_002 });
  });
});
