import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeRulesImpact } from '../../../src/reconcile/rules-impact.js';
import { emailOf, groupRule, openEngine, type EngineFixture } from '../../support/engine.js';

describe('the impact of rules', () => {
  let engine: EngineFixture;

  beforeEach(async () => {
    engine = await openEngine();
    await engine.saveRules([groupRule('Sales', { teams: ['Sales'] })]);
    await engine.addUser('Ada', ['Sales']);
    await engine.addUser('Bo', ['Support']);
    await engine.requestReconcile();
    await engine.settle();
  });

  afterEach(() => engine.close());

  it('is shown before anything is saved, and writes nothing anywhere', async () => {
    const before = {
      writes: engine.vendor.writes().length,
      plans: await engine.query('select id from plans'),
    };
    const impactOf = makeRulesImpact({
      ...engine.deps,
      listAccounts: () =>
        Promise.resolve([{ key: engine.account, name: 'Phones', requestsPerMinute: 60, seatPrice: null }]),
    });

    const [impact] = await impactOf(engine.account.tenantId, {
      version: 0,
      defaultRole: 'agent',
      owners: [],
      rules: [groupRule('Support', { teams: ['Support'] })],
    });

    expect(impact?.impact.gaining).toEqual([emailOf('Bo')]);
    expect(impact?.impact.losing).toEqual([emailOf('Ada')]);
    expect(impact?.verdict.type).toBe('held');
    expect(engine.vendor.writes()).toHaveLength(before.writes);
    expect(await engine.query('select id from plans')).toEqual(before.plans);
    expect(await engine.query('select version from rule_sets')).toHaveLength(1);
  });

  it('counts nobody’s loss a second time that waits for approval already', async () => {
    const impactOf = makeRulesImpact({
      ...engine.deps,
      listAccounts: () =>
        Promise.resolve([{ key: engine.account, name: 'Phones', requestsPerMinute: 60, seatPrice: null }]),
    });
    const support = groupRule('Support', { teams: ['Support'] });
    for (const rules of [[groupRule('Sales', { teams: ['Sales'] }), support], [support]]) {
      await engine.saveRules(rules);
      await engine.requestReconcile();
      await engine.settle();
    }
    expect(await engine.query("select id from plans where state = 'held'")).toHaveLength(1);
    const others = { version: 0, defaultRole: 'agent' as const, owners: [] };
    const [same] = await impactOf(engine.account.tenantId, { ...others, rules: [support] });
    expect(same?.impact.losing).toEqual([]);
    const [more] = await impactOf(engine.account.tenantId, { ...others, rules: [] });
    expect(more?.impact.losing).toEqual([emailOf('Bo')]);
  });
});
