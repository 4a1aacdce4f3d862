import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeAdoptionView } from '../../../src/store/console/adoption.js';
import { emailOf, groupRule, openEngine, type EngineFixture } from '../../support/engine.js';
import { holdingsOf } from '../../support/memory-provider.js';

interface PlanBody {
  readonly notices: readonly { readonly code: string; readonly providerUserId: string | null }[];
}

describe('a new account', () => {
  let engine: EngineFixture;

  beforeEach(async () => {
    engine = await openEngine({ policy: 'report-only' });
    await engine.saveRules([groupRule('Sales', { teams: ['Sales'] })]);
  });

  afterEach(() => engine.close());

  it('only reports: the first plan adopts nobody yet, and names who is unmanaged', async () => {
    const known = engine.vendor.addAgent({ email: emailOf('Ada') });
    const stranger = engine.vendor.addAgent({ email: 'stranger@example.com' });
    await engine.addUser('Ada', ['Sales']);
    await engine.addUser('Bea', ['Sales']);
    await engine.requestReconcile();
    await engine.settle();

    expect(engine.vendor.writes()).toEqual([]);
    expect(await engine.query('select id from links')).toEqual([]);
    const [plan] = await engine.query<{ body: PlanBody; state: string }>(
      "select body, state from plans where scope = 'all'",
    );
    expect(plan?.state).toBe('reported');
    const changes = await engine.query<{ action: string; email: string }>(
      "select action, body->>'email' as email from changes order by position",
    );
    expect(changes).toContainEqual({ action: 'adopt', email: known.email });
    expect(changes).toContainEqual({ action: 'create', email: emailOf('Bea') });
    const view = makeAdoptionView(engine.directory.database);
    const { tenantId, accountId } = engine.account;
    expect(await view.find(tenantId, accountId, 100)).toMatchObject({
      matched: [{ email: known.email, providerUserId: known.providerUserId }],
      matchedCount: 1,
      unmanaged: [{ providerUserId: stranger.providerUserId }],
      unmanagedCount: 1,
      newcomers: 1,
      takenOver: 0,
    });
    expect(await view.find(tenantId, accountId, 0)).toMatchObject({
      matched: [],
      matchedCount: 1,
      unmanaged: [],
    });
    const unmanaged = plan?.body.notices.filter(({ code }) => code === 'unmanaged-agent');
    expect(unmanaged?.map(({ providerUserId }) => providerUserId)).toEqual([stranger.providerUserId]);
  });

  it('does what was reported once its policy is sync: adopts by e-mail, leaves strangers alone', async () => {
    const known = engine.vendor.addAgent({ email: emailOf('Ada'), givenName: 'Ada', familyName: 'Tester' });
    const stranger = engine.vendor.addAgent({ email: 'stranger@example.com' });
    await engine.addUser('Ada', ['Sales']);
    await engine.addUser('Bea', ['Sales']);
    await engine.requestReconcile();
    await engine.settle();
    await engine.settle();
    expect(engine.vendor.writes()).toEqual([]);

    await engine.setPolicy('sync');
    await engine.settle();

    expect(engine.vendor.byEmail(emailOf('Ada'))?.providerUserId).toBe(known.providerUserId);
    expect(holdingsOf(known).teams).toEqual(['Sales']);
    const bea = engine.vendor.byEmail(emailOf('Bea'));
    expect(bea && holdingsOf(bea).teams).toEqual(['Sales']);
    expect(stranger.teams).toEqual(new Set());
    await engine.requestReconcile();
    await engine.settle();
    const view = makeAdoptionView(engine.directory.database);
    expect(await view.find(engine.account.tenantId, engine.account.accountId, 100)).toMatchObject({
      matchedCount: 0,
      unmanagedCount: 1,
      newcomers: 0,
      takenOver: 1,
    });
    expect(await engine.query('select origin from links order by origin')).toEqual([
      { origin: 'adopted' },
      { origin: 'created' },
    ]);
  });

  it('does not loop on what it only reports', async () => {
    await engine.addUser('Ada', ['Sales']);
    await engine.settle();
    const calls = engine.vendor.requests.length;
    for (let round = 0; round < 5; round += 1) expect(await engine.settle()).toEqual({ type: 'idle' });

    expect(engine.vendor.requests.length).toBe(calls);
  });
});

describe('the policy upsert-only', () => {
  it('gives and changes, but takes nothing', async () => {
    const engine = await openEngine({ policy: 'upsert-only' });
    await engine.saveRules([groupRule('Sales', { teams: ['Sales'] })]);
    await engine.requestReconcile();
    const ada = await engine.addUser('Ada', ['Sales']);
    await engine.settle();
    await engine.setActive(ada, false);
    await engine.settle();

    expect(engine.vendor.byEmail(emailOf('Ada'))?.teams).toEqual(new Set(['Sales']));
    expect(await engine.query('select state from links')).toEqual([{ state: 'active' }]);
    await engine.close();
  });
});

describe('a policy that becomes report-only', () => {
  it('stops a plan between two changes', async () => {
    const engine = await openEngine();
    await engine.saveRules([groupRule('Sales', { teams: ['Sales'] })]);
    await engine.requestReconcile();
    for (let person = 0; person < 5; person += 1) await engine.addUser(`P${person}`, ['Sales']);
    let writes = 0;
    engine.vendor.onRequest = async (request) => {
      if (request.call === 'write' && (writes += 1) === 2) await engine.setPolicy('report-only');
    };
    await engine.settle();

    expect(engine.vendor.writes()).toHaveLength(2);
    await engine.close();
  });
});

describe('changed rules that take something away', () => {
  let engine: EngineFixture;

  beforeEach(async () => {
    engine = await openEngine();
    await engine.saveRules([groupRule('Sales', { teams: ['Sales', 'All hands'] })]);
    await engine.requestReconcile();
    for (let person = 0; person < 5; person += 1) await engine.addUser(`P${person}`, ['Sales']);
    await engine.settle();
    await engine.saveRules([groupRule('Sales', { teams: ['Sales'] })]);
    await engine.requestReconcile();
    await engine.settle();
  });

  afterEach(() => engine.close());

  it('are held as one plan and carried out once approved', async () => {
    const held = await engine.query<{ id: string; digest: string }>(
      "select id, digest from plans where state = 'held'",
    );
    expect(held).toHaveLength(1);
    expect(engine.vendor.writes().filter(({ type }) => type === 'revoke')).toEqual([]);

    const [{ id: planId, digest }] = held as [{ id: string; digest: string }];
    await engine.decisions.approve({ account: engine.account, planId, digest, actor: 'admin' });
    await engine.settle();

    expect(engine.vendor.writes().filter(({ type }) => type === 'revoke')).toHaveLength(5);
    expect(await engine.query('select * from dirty_subjects')).toEqual([]);
  });

  it('are not covered by an approval where a further reason came up since', async () => {
    const held = () =>
      engine.query<{ id: string; digest: string }>("select id, digest from plans where state = 'held'");
    const approve = async (): Promise<void> => {
      const [{ id: planId, digest }] = (await held()) as [{ id: string; digest: string }];
      await engine.decisions.approve({ account: engine.account, planId, digest, actor: 'admin' });
      await engine.settle();
    };
    const revoked = () => engine.vendor.writes().filter(({ type }) => type === 'revoke').length;
    const [before] = await held();
    await engine.setSettings({ safety: { removalCeiling: 4 } });
    await approve();
    expect(revoked()).toBe(0);
    const [after, ...more] = await held();
    expect(more).toEqual([]);
    expect(after).toMatchObject({ digest: before?.digest });
    const [voided] = await engine.query<{ body: { data: { holds: object[] } } }>(
      `select jsonb_build_object('data', data) as body from audit_events where action = 'plan.approval-void'`,
    );
    expect(voided?.body.data.holds).toMatchObject([{ code: 'removal-ceiling' }]);

    await approve();
    expect(revoked()).toBe(5);
  });

  it('do not hold up somebody new', async () => {
    await engine.addUser('Ada', ['Sales']);
    await engine.settle();

    expect(engine.vendor.byEmail(emailOf('Ada'))?.teams).toEqual(new Set(['Sales']));
  });
});
