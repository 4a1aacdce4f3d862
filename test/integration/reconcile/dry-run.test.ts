import { afterEach, describe, expect, it } from 'vitest';
import { reportOnly } from '../../../src/app/engine.js';
import { groupRule, openEngine, type EngineFixture } from '../../support/engine.js';

describe('a dry run', () => {
  let engine: EngineFixture;
  afterEach(() => engine.close());

  it('plans and reports for an account that may do everything, and writes nothing at the vendor', async () => {
    engine = await openEngine({
      policy: 'sync',
      overrides: ({ accounts }) => ({ accounts: reportOnly(accounts) }),
    });
    await engine.saveRules([groupRule('Sales', { teams: ['Sales'] })]);
    await engine.addUser('Ada', ['Sales']);
    await engine.requestReconcile();

    await engine.settle();

    expect(engine.vendor.writes()).toEqual([]);
    const plans = await engine.query<{ state: string; change_count: number }>(
      'select state, change_count from plans',
    );
    expect(plans.every(({ state }) => state === 'reported')).toBe(true);
    expect(Math.max(...plans.map((plan) => plan.change_count))).toBeGreaterThan(0);
  });
});
