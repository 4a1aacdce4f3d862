import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/domain/errors.js';
import type { RuleSet } from '../../../src/domain/mapping.js';
import type { AccountKey } from '../../../src/reconcile/account.js';
import type { ImpactOnAccount } from '../../../src/domain/impact.js';
import { makeRulesImpact, type RulesImpactDeps } from '../../../src/reconcile/rules-impact.js';
import { MEMORY_CAPABILITIES } from '../../support/memory-provider.js';
import { emailOf, groupRule, openEngine, type EngineFixture } from '../../support/engine.js';

type PacedAccounts = Awaited<ReturnType<RulesImpactDeps['listAccounts']>>;
const paced = (key: AccountKey, name: string): PacedAccounts[number] => ({
  key,
  name,
  requestsPerMinute: 60,
  seatPrice: null,
  capabilities: MEMORY_CAPABILITIES,
});

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

  function impactOf(
    rules: RuleSet,
    more: Partial<RulesImpactDeps> = {},
  ): Promise<readonly ImpactOnAccount[]> {
    const listAccounts = (): Promise<PacedAccounts> => Promise.resolve([paced(engine.account, 'Phones')]);
    return makeRulesImpact({ ...engine.deps, listAccounts, ...more })(engine.account.tenantId, rules);
  }

  it('is shown before anything is saved, and writes nothing anywhere', async () => {
    const before = {
      writes: engine.vendor.writes().length,
      plans: await engine.query('select id from plans'),
    };
    const [impact] = await impactOf({
      version: 0,
      defaultRole: 'agent',
      owners: [],
      rules: [groupRule('Support', { teams: ['Support'] })],
    });

    expect(impact).toMatchObject({
      type: 'known',
      impact: { gaining: [emailOf('Bo')], losing: [emailOf('Ada')] },
      verdict: { type: 'held' },
    });
    expect(engine.vendor.writes()).toHaveLength(before.writes);
    expect(await engine.query('select id from plans')).toEqual(before.plans);
    expect(await engine.query('select version from rule_sets')).toHaveLength(1);
  });

  it('counts nobody’s loss a second time that waits for approval already', async () => {
    const support = groupRule('Support', { teams: ['Support'] });
    for (const rules of [[groupRule('Sales', { teams: ['Sales'] }), support], [support]]) {
      await engine.saveRules(rules);
      await engine.requestReconcile();
      await engine.settle();
    }
    expect(await engine.query("select id from plans where state = 'held'")).toHaveLength(1);
    const others = { version: 0, defaultRole: 'agent' as const, owners: [] };
    const [same] = await impactOf({ ...others, rules: [support] });
    expect(same).toMatchObject({ impact: { losing: [] } });
    const [more] = await impactOf({ ...others, rules: [] });
    expect(more).toMatchObject({ impact: { losing: [emailOf('Bo')] } });
  });

  it('counts nothing that the rules in force bring anyway, from one reading of the phone system', async () => {
    await engine.setPolicy('report-only');
    await engine.addUser('Cid', ['Sales']);
    const sales = groupRule('Sales', { teams: ['Sales'] });
    const support = groupRule('Support', { teams: ['Support'] });
    const rules = { version: 0, defaultRole: 'agent' as const, owners: [], rules: [sales, support] };
    let readings = 0;
    engine.vendor.onRequest = ({ call }) => {
      if (call === 'read-all') readings += 1;
      return Promise.resolve();
    };
    const [more] = await impactOf(rules);
    expect(readings).toBe(1);
    expect(more).toMatchObject({
      impact: {
        gaining: [emailOf('Bo')],
        losing: [],
        newSeats: 1,
        pending: { people: 1, newSeats: 1 },
        spared: [],
      },
    });
    const [same] = await impactOf({ ...rules, rules: [sales] });
    expect(same).toMatchObject({
      impact: { gaining: [], newSeats: 0, byAction: [], pending: { people: 1 } },
    });
    const [fewer] = await impactOf({ ...rules, rules: [] });
    expect(fewer).toMatchObject({ impact: { losing: [emailOf('Ada')], spared: [emailOf('Cid')] } });
    const whole = makeRulesImpact({
      ...engine.deps,
      listAccounts: () => Promise.resolve([paced(engine.account, 'Phones')]),
    });
    expect(await whole(engine.account.tenantId, rules, 'nothing')).toMatchObject([
      { impact: { gaining: [emailOf('Bo'), emailOf('Cid')], newSeats: 2, pending: { changes: 0 } } },
    ]);
  });

  it('is told of every account that can be asked, and why of the others', async () => {
    const { tenantId } = engine.account;
    const other = { tenantId, accountId: engine.directory.newId() };
    await engine.query(`insert into accounts (tenant_id, id, name, provider, config, secrets, policy, settings,
      created_at, updated_at) values ('${tenantId}', '${other.accountId}', 'Elsewhere', 'memory', '{}', '', 'sync', '{}', now(), now())`);
    const { vendors } = engine.deps;
    const impacts = await impactOf(
      { version: 0, defaultRole: 'agent', owners: [], rules: [] },
      {
        listAccounts: () => Promise.resolve([paced(other, 'Elsewhere'), paced(engine.account, 'Phones')]),
        vendors: {
          open: (key, options) =>
            key.accountId === other.accountId
              ? Promise.reject(new AppError('credential', 'The key was rejected.'))
              : vendors.open(key, options),
        },
      },
    );
    expect(impacts).toMatchObject([
      { type: 'unknown', accountName: 'Elsewhere', error: { kind: 'credential' } },
      { type: 'known', accountName: 'Phones', impact: { losing: [emailOf('Ada')] } },
    ]);
  });
});
