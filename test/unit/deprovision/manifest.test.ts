import { describe, expect, it } from 'vitest';
import { heldMemory } from '../../support/held-memory.js';
import {
  completeManifest,
  emptyManifest,
  hashManifest,
  type Manifest,
} from '../../../src/deprovision/manifest.js';
import { AppError } from '../../../src/domain/errors.js';
import type { CallQuery, CallRecord, Provider } from '../../../src/providers/port.js';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const DAY_MS = 86_400_000;
const subject = { subjectId: 's', linkId: 'l', providerUserId: '7', email: 'ada@example.com', held: null };

function empty(hasCalls = true): Manifest {
  return emptyManifest(subject, { now: NOW, historyDays: 30, hasCalls });
}

function call(callId: string, startedAt: number): CallRecord {
  return {
    callId,
    startedAt,
    numberDigits: null,
    durationSeconds: 1,
    recordingUrl: 'https://recordings.example.com/x',
    voicemailUrl: null,
  };
}

/** A vendor's list of calls; `failAfter` calls it asks to wait, the first time. */
function vendor(records: readonly CallRecord[], failAfter = Infinity) {
  const queries: CallQuery[] = [];
  let hasFailed = false;
  const provider: Pick<Provider, 'calls'> = {
    async *calls(query) {
      queries.push(query);
      await Promise.resolve();
      let listed = 0;
      for (const record of records.filter(
        ({ startedAt }) => startedAt >= query.from && startedAt <= query.to,
      )) {
        if (!hasFailed && listed === failAfter) {
          hasFailed = true;
          throw new AppError('rateLimited', 'wait', { retryAt: new Date(NOW) });
        }
        listed += 1;
        yield record;
      }
    },
  };
  return { provider, queries };
}

const dropped = { save: () => Promise.resolve(), classOf: () => 'standard' };

describe('a retention manifest', () => {
  it('lists every call within the vendor’s reach, without its links', async () => {
    const { provider, queries } = vendor([call('1', NOW - DAY_MS), call('2', NOW - 1)]);
    const manifest = await completeManifest(empty(), provider, NOW, dropped);

    expect(queries).toEqual([{ providerUserId: '7', from: NOW - 30 * DAY_MS, to: NOW }]);
    expect(manifest).toMatchObject({ isComplete: true, callsFrom: NOW - 30 * DAY_MS, callsThrough: NOW });
    expect(manifest.calls?.map(({ callId, hasRecording }) => ({ callId, hasRecording }))).toEqual([
      { callId: '1', hasRecording: true },
      { callId: '2', hasRecording: true },
    ]);
    expect(JSON.stringify(manifest)).not.toContain('https://');
  });

  it('goes on where it was interrupted, and misses no call of the same moment', async () => {
    const records = [call('1', NOW - 5), call('2', NOW - 3), call('3', NOW - 3), call('4', NOW - 1)];
    const { provider, queries } = vendor(records, 2);
    const saved: Manifest[] = [];
    const save = {
      ...dropped,
      save: async (partial: Manifest): Promise<void> => void saved.push(partial),
    };

    await expect(completeManifest(empty(), provider, NOW, save)).rejects.toMatchObject({
      kind: 'rateLimited',
    });
    const partial = saved.at(-1)!;
    expect(partial).toMatchObject({ isComplete: false, callsThrough: NOW - 3 });
    const manifest = await completeManifest(partial, provider, NOW, save);

    expect(queries.map(({ from }) => from)).toEqual([NOW - 30 * DAY_MS, NOW - 3]);
    expect(manifest.calls?.map(({ callId }) => callId)).toEqual(['1', '2', '3', '4']);
    expect(manifest.isComplete).toBe(true);
  });

  it('is not believed when calls come out of order: some would be missed', async () => {
    const { provider } = vendor([call('2', NOW - 1), call('1', NOW - 5)]);

    await expect(completeManifest(empty(), provider, NOW, dropped)).rejects.toMatchObject({
      kind: 'contract',
    });
  });

  it('says so where the vendor has no list of calls', async () => {
    const manifest = await completeManifest(empty(false), {}, NOW, dropped);

    expect(manifest).toMatchObject({ calls: null, isComplete: true });
  });

  it('of ten thousand calls takes little memory, whatever its calls were listed from', async () => {
    const many = 10_000;
    const provider: Pick<Provider, 'calls'> = {
      async *calls() {
        await Promise.resolve();
        for (let index = 0; index < many; index += 1) {
          // As large as vendors' answers are: of all that only a line may stay.
          const payload = Buffer.alloc(5_000, index % 100).toString('latin1');
          yield { ...call(`call-${String(index)}`, NOW - many + index), recordingUrl: payload };
        }
      },
    };
    const before = heldMemory();
    const manifest = await completeManifest(empty(), provider, NOW, dropped);
    const grown = heldMemory() - before;
    expect(manifest.calls).toHaveLength(many);
    expect(grown).toBeLessThan(10_000_000);
  });

  it('has another hash when anything in it is altered', async () => {
    const { provider } = vendor([call('1', NOW - DAY_MS)]);
    const manifest = await completeManifest(empty(), provider, NOW, dropped);
    const reordered = Object.fromEntries(Object.entries(manifest).toReversed()) as unknown as Manifest;

    expect(hashManifest(reordered)).toBe(hashManifest(manifest));
    expect(hashManifest({ ...manifest, calls: [] })).not.toBe(hashManifest(manifest));
  });
});
