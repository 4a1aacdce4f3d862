import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderDecision } from '../../../src/app/commands/plans.js';
import { makePlansView } from '../../../src/store/console/plans.js';
import { groupRule, openEngine, type EngineFixture } from '../../support/engine.js';

describe('an account that asks for four eyes', () => {
  let engine: EngineFixture;
  let held: { readonly id: string; readonly digest: string };

  beforeEach(async () => {
    engine = await openEngine({ settings: { fourEyes: true } });
    await engine.saveRules([groupRule('Sales', { teams: ['Sales'] })]);
    await engine.addUser('Ada', ['Sales']);
    await engine.settle();
    await engine.requestReconcile();
    await engine.settle();
    await engine.saveRules([groupRule('Sales', { teams: ['Other'] })]);
    await engine.requestReconcile();
    await engine.settle();
    const [plan] = await engine.query<{ id: string; digest: string }>(
      "select id, digest from plans where state = 'held'",
    );
    if (plan === undefined) throw new Error('No plan is held.');
    held = plan;
  });

  afterEach(() => engine.close());

  const approve = (actor: string) =>
    engine.decisions.approve({ account: engine.account, planId: held.id, digest: held.digest, actor });
  const stateOf = async () =>
    (await engine.query<{ state: string }>(`select state from plans where id = '${held.id}'`))[0]?.state;

  /** As `patchbay plans show` says it. */
  const decision = async () => {
    const view = makePlansView(engine.directory.database);
    const shown = await view.find(engine.account.tenantId, held.id);
    return shown === null ? '' : renderDecision(shown);
  };

  it('does nothing on one approval, however often the same person gives it', async () => {
    const writes = engine.vendor.writes().length;
    await expect(approve('ada')).resolves.toMatchObject({ isApproved: false, approvers: ['ada'] });
    await expect(approve('ada')).rejects.toMatchObject({ kind: 'conflict' });
    await engine.settle();

    expect(await stateOf()).toBe('held');
    expect(await decision()).toMatch(
      /^Approved by ada on 20.*\nIt waits for the approval of a second person\.$/mu,
    );
    expect(engine.vendor.writes()).toHaveLength(writes);
  });

  it('applies the plan once two different people approved it, and the audit trail names both', async () => {
    await approve('ada');
    await expect(approve('bea')).resolves.toMatchObject({ isApproved: true, approvers: ['ada', 'bea'] });
    await engine.settle();

    expect(await stateOf()).toBe('applied');
    expect(await decision()).toMatch(/^Approved by ada on 20.*\nApproved by bea on 20[^\n]*$/mu);
    const audit = await engine.query<{ actor: string; action: string }>(
      "select actor, action from audit_events where action like 'plan.approved%' order by id",
    );
    expect(audit).toEqual([
      { actor: 'ada', action: 'plan.approved-by-one' },
      { actor: 'bea', action: 'plan.approved' },
    ]);
  });

  it('approves once where two people do so at the same moment', async () => {
    const results = await Promise.all([approve('ada'), approve('bea')]);

    expect(results.map(({ isApproved }) => isApproved).toSorted()).toEqual([false, true]);
    expect(await stateOf()).toBe('approved');
  });
});

it('one approval is enough where an account does not ask for four eyes', async () => {
  const engine = await openEngine({ settings: { safety: { seatCeiling: 0 } } });
  try {
    await engine.saveRules([groupRule('Sales', { teams: ['Sales'] })]);
    await engine.addUser('Ada', ['Sales']);
    await engine.settle();
    const [plan] = await engine.query<{ id: string; digest: string }>(
      "select id, digest from plans where state = 'held'",
    );
    const { id: planId = '', digest = '' } = plan ?? {};
    const decision = { account: engine.account, planId, digest, actor: 'ada' };
    await expect(engine.decisions.approve(decision)).resolves.toMatchObject({ isApproved: true });
  } finally {
    await engine.close();
  }
});
