import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Verdict } from '../../../src/domain/safety.js';
import { emailOf, groupRule, openEngine, type EngineFixture } from '../../support/engine.js';

const SALES = groupRule('Sales', { teams: ['Sales'] });
const SUPPORT = groupRule('Support', { teams: ['Support'] });

describe('seats that are billed at once', () => {
  let engine: EngineFixture;

  beforeEach(async () => {
    engine = await openEngine();
    await engine.saveRules([SALES]);
  });

  afterEach(() => engine.close());

  interface Row {
    readonly id: string;
    readonly digest: string;
    readonly state: string;
    readonly verdict: Verdict;
  }
  const plans = (state: string): Promise<readonly Row[]> =>
    engine.query<Row>(
      `select id, digest, state, verdict from plans where state = '${state}' order by created_at`,
    );
  const holdsOf = (plan: Row | undefined) => (plan?.verdict.type === 'held' ? plan.verdict.holds : []);
  const setCeiling = (seatCeiling: number) => engine.setSettings({ safety: { seatCeiling } });
  const strangers = (count: number): void => {
    for (let one = 0; one < count; one += 1) engine.vendor.addAgent({ email: `stranger${one}@example.com` });
  };
  const isThere = (name: string): boolean => engine.vendor.byEmail(emailOf(name)) !== undefined;

  it('are not given twice: what waits for approval in other plans counts', async () => {
    await setCeiling(2);
    strangers(1);
    await engine.addUser('Ada', ['Sales']);
    await engine.addUser('Bea', ['Sales']);
    await engine.settle();
    expect(await plans('held')).toHaveLength(1);

    const cid = await engine.addUser('Cid', ['Sales']);
    await engine.settle();
    const [first, second] = await plans('held');
    expect(isThere('Cid')).toBe(false);
    expect(holdsOf(second)).toMatchObject([
      {
        code: 'seat-ceiling',
        message: expect.stringContaining('1 new agents on top of 1 and 2 that wait') as string,
      },
    ]);

    await engine.decisions.reject({ account: engine.account, planId: first?.id ?? '', actor: 'boss' });
    await engine.setTitle(cid, 'Head of sales');
    await engine.settle();
    expect(isThere('Cid')).toBe(true);
  });

  it('are counted among everybody at the vendor, not just among those that a push concerns', async () => {
    strangers(60);
    await engine.requestReconcile();
    await engine.settle();
    await setCeiling(60);
    engine.directory.clock.advance(11 * 60_000);
    await engine.addUser('Ada', ['Sales']);
    await engine.settle();
    expect(isThere('Ada')).toBe(false);
    expect(holdsOf((await plans('held'))[0])).toMatchObject([{ code: 'seat-ceiling' }]);
  });

  it('that were taken since void an approval which knew nothing of it', async () => {
    await engine.addUser('Ada', ['Sales']);
    await engine.addUser('Bea', ['Support']);
    await engine.requestReconcile();
    await engine.settle();
    await setCeiling(2);
    await engine.saveRules([SUPPORT]);
    await engine.requestReconcile();
    await engine.settle();
    const [plan] = await plans('held');
    expect(holdsOf(plan).map(({ code }) => code)).toEqual(['rules-changed']);

    strangers(1);
    const { id: planId = '', digest = '' } = plan ?? {};
    await engine.decisions.approve({ account: engine.account, planId, digest, actor: 'boss' });
    await engine.settle();
    expect(isThere('Bea')).toBe(false);
    expect((await plans('superseded')).map(({ id }) => id)).toContain(planId);
    const codes = (await plans('held')).flatMap((one) => holdsOf(one).map(({ code }) => code));
    expect(codes).toContain('seat-ceiling');
  });
});
