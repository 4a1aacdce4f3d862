import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeTurn, initialPace, type PaceState } from '../../../src/reconcile/pacing/bucket.js';
import { makePaceStore } from '../../../src/store/pace.js';
import { openDirectory, type DirectoryFixture } from '../../support/directory.js';

const SETTINGS = { limitPerMinute: 1_000, shareForOthers: 0 };

describe('the stored request budget', () => {
  let fixture: DirectoryFixture;
  let key: { tenantId: string; accountId: string };

  beforeEach(async () => {
    fixture = await openDirectory();
    const tenantId = await fixture.addTenant('acme', 1);
    const { rows } = await sql<{ id: string }>`select id from accounts`.execute(fixture.database.system());
    key = { tenantId, accountId: rows[0]!.id };
  });

  afterEach(() => fixture.close());

  it('is never spent twice, even by the first requests of several workers at once', async () => {
    const at = fixture.clock.now().getTime();
    const full = Math.floor(initialPace(SETTINGS, at).tokens);
    const store = makePaceStore(fixture.database, key);
    const ask = (): Promise<number> =>
      store.update((state) => {
        const turn = takeTurn(state ?? initialPace(SETTINGS, at), SETTINGS, at);
        return { state: turn.state, result: turn.waitMs };
      });

    const waits = await Promise.all(Array.from({ length: full + 10 }, ask));

    expect(waits.filter((waitMs) => waitMs === 0)).toHaveLength(full);
  });

  it('keeps every part of its state', async () => {
    const store = makePaceStore(fixture.database, key);
    const at = fixture.clock.now().getTime();
    const state: PaceState = {
      tokens: 1.25,
      refilledAt: at,
      blockedUntil: at + 5_000,
      limitPerMinute: 60,
      slowdown: 0.5,
    };
    await store.update(() => ({ state, result: null }));

    const read = await store.update((known) => ({ state: known ?? state, result: known }));

    expect(read).toEqual(state);
  });
});
