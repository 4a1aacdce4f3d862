import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { makeDrainHints } from '../../../src/app/drain-hints.js';
import type { AccountKey } from '../../../src/reconcile/account.js';

function start(options: { fail?: boolean } = {}) {
  const sent: (readonly [string, boolean])[] = [];
  const hints = makeDrainHints({
    listAccounts: (tenantId) => Promise.resolve([{ tenantId, accountId: `${tenantId}-1` }, { tenantId, accountId: `${tenantId}-2` }]), // prettier-ignore
    enqueueDrain: (account: AccountKey, { urgent }) => {
      sent.push([account.accountId, urgent]);
      return options.fail === true ? Promise.reject(new Error('queue away')) : Promise.resolve();
    },
    log: pino({ level: 'silent' }),
    gatherMs: 3_600_000,
  });
  return { hints, sent };
}

describe('drain hints', () => {
  it('ordinary changes of a tenant share one hint to each of its accounts, and none is lost at the end', async () => {
    const { hints, sent } = start();
    for (let i = 0; i < 50; i += 1) hints.onDirectoryChange('a', { urgent: false });
    expect(sent).toEqual([]);
    await hints.stop();
    expect(sent).toEqual([['a-1', false], ['a-2', false]]); // prettier-ignore
  });

  it('a leaver does not wait for the others', async () => {
    const { hints, sent } = start();
    hints.onDirectoryChange('a', { urgent: false });
    hints.onDirectoryChange('b', { urgent: true });
    await expect.poll(() => sent.length).toBe(2);
    expect(sent).toEqual([['b-1', true], ['b-2', true]]); // prettier-ignore
    await hints.stop();
  });

  it('a queue that is away fails nobody', async () => {
    const { hints, sent } = start({ fail: true });
    hints.onDirectoryChange('a', { urgent: true });
    await hints.stop();
    expect(sent).toHaveLength(1);
  });
});
