import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { observe } from '../../../src/reconcile/observing/observe.js';
import type { StopReason } from '../../../src/reconcile/run.js';

const account = { tenantId: 't', accountId: 'a' };
const log = pino({ level: 'silent' });

async function toldOf(reason: StopReason | null): Promise<readonly string[]> {
  const told: string[] = [];
  const tell = (what: string) => Promise.resolve(void told.push(what));
  const observer = {
    begin: () =>
      Promise.resolve({
        progress: () => undefined,
        compared: () => tell('compared'),
        failed: (why: string) => tell(`failed: ${why}`),
        postponed: () => tell('postponed'),
      }),
  };
  await (await observe({ observer, log }, account, 'manual')).stopped(reason);
  return told;
}

describe('a comparison that ended early', () => {
  it('is postponed where it begins again by itself', async () => {
    expect(await toldOf({ type: 'over' })).toEqual(['postponed']);
    expect(await toldOf({ type: 'lost' })).toEqual(['postponed']);
    expect(await toldOf({ type: 'wait', retryAt: new Date() })).toEqual(['postponed']);
  });

  it('has failed where the account could not be read', async () => {
    expect(await toldOf({ type: 'vendor-ill', message: 'No answer.' })).toEqual(['failed: No answer.']);
    expect(await toldOf({ type: 'paused', message: 'Wrong key.' })).toEqual(['failed: Wrong key.']);
    expect(await toldOf(null)).toEqual([expect.stringContaining('failed: Something unexpected')]);
  });
});

describe('an observer that fails', () => {
  it('disturbs nobody', async () => {
    const observer = { begin: () => Promise.reject(new Error('no database')) };
    const observed = await observe({ observer, log }, account, 'manual');

    await expect(observed.failed('x')).resolves.toBeUndefined();
    await expect((await observe({ log }, account, 'manual')).stopped(null)).resolves.toBeUndefined();
  });
});
