import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../src/domain/errors.js';
import { openComparisons, type ComparisonFixture } from '../../support/comparisons.js';
import { emailOf, groupRule } from '../../support/engine.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ACTOR = 'console:ada@example.com';

let fixture: ComparisonFixture;
let ann: string;
let bob: string;

beforeEach(async () => {
  fixture = await openComparisons();
  const { engine } = fixture;
  await engine.saveRules([groupRule('Sales', { teams: ['Sales'] })]);
  ann = await engine.addUser('Ann', ['Sales']);
  bob = await engine.addUser('Bob', ['Sales']);
  await fixture.reconcile();
  await fixture.reconcile();
});

afterEach(() => fixture.engine.close());

function agent(name: string) {
  const found = fixture.engine.vendor.byEmail(emailOf(name));
  if (found === undefined) throw new Error(`${name} has no agent`);
  return found;
}

function source() {
  const { tenantId, accountId } = fixture.engine.account;
  return { tenantId, type: 'account' as const, id: accountId };
}

function later(ms: number): Date {
  fixture.engine.directory.clock.advance(ms);
  return fixture.engine.directory.clock.now();
}

function act(findingId: string) {
  return { tenantId: fixture.engine.account.tenantId, findingId, actor: ACTOR };
}

describe('findings over time', () => {
  it('there are none in an account that is as it should be', async () => {
    expect(await fixture.keys()).toEqual([]);
    const [run] = await fixture.runs.list(source().tenantId, { source: source(), limit: 1 });
    expect(run).toMatchObject({
      state: 'complete',
      figures: { open: {}, opened: 0, agents: 2, parked: 0, unmanaged: 0, people: 2 },
    });
  });

  it('one is seen first, seen again, resolved, and known when it comes back', async () => {
    const key = `team-added:${ann}:club`;
    const first = later(HOUR_MS);
    agent('Ann').teams.add('Club');
    await fixture.reconcile();
    expect(await fixture.byKey(key)).toMatchObject({
      firstSeenAt: first,
      openedAt: first,
      lastSeenAt: first,
      occurrences: 1,
      resolvedAt: null,
    });

    const second = later(HOUR_MS);
    await fixture.reconcile();
    expect(await fixture.byKey(key)).toMatchObject({
      firstSeenAt: first,
      openedAt: first,
      lastSeenAt: second,
    });

    agent('Ann').teams.delete('Club');
    const third = later(HOUR_MS);
    await fixture.reconcile();
    expect(await fixture.byKey(key)).toMatchObject({ lastSeenAt: second, resolvedAt: third });
    expect(await fixture.keys()).toEqual([]);
    expect(await fixture.keys('resolved')).toContain(key);

    agent('Ann').teams.add('Club');
    const fourth = later(HOUR_MS);
    await fixture.reconcile();
    expect(await fixture.byKey(key)).toMatchObject({
      firstSeenAt: first,
      openedAt: fourth,
      occurrences: 2,
      resolvedAt: null,
    });
    expect(await fixture.keys('resolved')).not.toContain(key);
  });

  it('an incomplete reading is an incomplete report that resolves nothing', async () => {
    agent('Ann').teams.add('Club');
    await fixture.reconcile();
    agent('Ann').teams.delete('Club');
    const { vendor } = fixture.engine;
    vendor.fault = ({ call }) =>
      call === 'read-all' ? { error: new AppError('contract', 'The list of users stopped half-way.') } : null;
    later(HOUR_MS);
    await fixture.reconcile();

    expect(await fixture.keys()).toEqual([`team-added:${ann}:club`]);
    const [run] = await fixture.runs.list(source().tenantId, { source: source(), limit: 1 });
    expect(run).toMatchObject({ state: 'incomplete', figures: null });
    expect(run?.reason).toContain('stopped half-way');
  });

  it('what a plan put right is resolved by the next run', async () => {
    agent('Ann').teams.delete('Sales');
    await fixture.reconcile();
    expect(await fixture.keys()).toEqual([`team-removed:${ann}:sales`]);
    expect([...agent('Ann').teams]).toEqual(['Sales']);

    later(HOUR_MS);
    await fixture.reconcile();
    expect(await fixture.keys()).toEqual([]);
  });

  it('a run that was interrupted is told, and the next one counts', async () => {
    await fixture.comparison.begin(fixture.engine.account, 'schedule');
    later(HOUR_MS);
    await fixture.reconcile();

    const runs = await fixture.runs.list(source().tenantId, { source: source(), limit: 2 });
    expect(runs.map(({ state }) => state)).toEqual(['complete', 'incomplete']);
    expect(runs[1]?.reason).toContain('interrupted');
  });

  it('a reading shows how far it is, and counts as alive however long the vendor lets it wait', async () => {
    const { promise: held, resolve: goOn } = Promise.withResolvers<void>();
    const { promise: isReading, resolve: read } = Promise.withResolvers<void>();
    fixture.engine.vendor.onRequest = async ({ call }) => {
      if (call !== 'read-all') return;
      read();
      await held;
    };
    const { tenantId } = source();
    const [first] = await fixture.runs.list(tenantId, { source: source(), limit: 1 });
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const reconciled = fixture.reconcile();
    try {
      await isReading;
      const now = later(DAY_MS);
      vi.advanceTimersByTime(60_000);
      await vi.waitFor(
        async () => {
          const [row] = await fixture.engine.query<{ heartbeat_at: Date }>(
            `select heartbeat_at from comparison_runs where state = 'running'`,
          );
          expect(row?.heartbeat_at).toEqual(now);
        },
        { timeout: 300_000 },
      );
      await fixture.runs.abandonDead(now, now);
      const [run] = await fixture.runs.list(tenantId, { source: source(), limit: 1 });
      expect(run).toMatchObject({ state: 'running', phase: 'reading users', done: 2, total: 3 });
    } finally {
      vi.useRealTimers();
      goOn();
    }
    await reconciled;
    const [run] = await fixture.runs.list(tenantId, { source: source(), limit: 1 });
    expect(run?.runId).not.toBe(first?.runId);
    expect(run).toMatchObject({ state: 'complete' });
  });

  it('a run that was declared dead meanwhile writes nothing', async () => {
    const { runs, store } = fixture;
    const at = later(HOUR_MS);
    const runId = fixture.engine.directory.newId();
    await runs.begin(source(), { runId, trigger: 'manual', at, deadBefore: at });
    const other = fixture.engine.directory.newId();
    const second = { runId: other, trigger: 'manual', at, deadBefore: new Date(at.getTime() + 1) };
    expect(await runs.begin(source(), second)).toBe(other);
    const found = {
      runId,
      at,
      covers: ['name'] as const,
      findings: [],
      newId: fixture.engine.directory.newId,
      figures: {},
      baseline: null,
    };

    await expect(store.record(source(), found)).rejects.toMatchObject({ kind: 'stale' });
    const third = fixture.engine.directory.newId();
    expect(await runs.begin(source(), { ...second, runId: third, deadBefore: at })).toBeNull();
  });

  it('old ones are dropped once they are resolved', async () => {
    agent('Ann').teams.add('Club');
    await fixture.reconcile();
    agent('Ann').teams.delete('Club');
    agent('Bob').teams.add('Club');
    later(HOUR_MS);
    await fixture.reconcile();
    await fixture.store.prune(source().tenantId, later(DAY_MS));

    expect(await fixture.keys('resolved')).toEqual([]);
    expect(await fixture.keys()).toEqual([`team-added:${bob}:club`]);
  });

  it('more than fit into one statement are all there', async () => {
    for (let number = 0; number < 1_500; number += 1) {
      fixture.engine.vendor.addAgent({ email: `stranger${number}@elsewhere.example` });
    }
    await fixture.reconcile();
    const [run] = await fixture.runs.list(source().tenantId, { source: source(), limit: 1 });

    expect(run?.figures).toMatchObject({
      open: { 'unmanaged-agent': 1_500 },
      opened: 1_500,
      unmanaged: 1_500,
    });
    const counts = await fixture.findings.count(source().tenantId, { state: 'open' });
    expect(counts).toEqual([{ class: 'unmanaged-agent', severity: 'warning', count: 1_500 }]);
  });

  it('nobody sees those of another tenant', async () => {
    agent('Ann').teams.add('Club');
    await fixture.reconcile();
    const { id } = await fixture.byKey(`team-added:${ann}:club`);
    const other = await fixture.engine.directory.addTenant('other', 0);

    expect(await fixture.findings.list(other, { limit: 10 })).toEqual([]);
    await expect(fixture.findings.get(other, id)).rejects.toMatchObject({ kind: 'notFound' });
    await expect(
      fixture.findings.ignore({ tenantId: other, findingId: id, actor: ACTOR }, { until: null, reason: 'x' }),
    ).rejects.toMatchObject({ kind: 'notFound' });
  });
});

describe('ignoring', () => {
  beforeEach(async () => {
    agent('Ann').teams.add('Club');
    await fixture.reconcile();
  });

  it('hides a finding until its day, with the reason', async () => {
    const { id } = await fixture.byKey(`team-added:${ann}:club`);
    const until = new Date(later(0).getTime() + DAY_MS);
    await fixture.findings.ignore(act(id), { until, reason: ' a project until Friday ' });
    await fixture.reconcile();

    expect(await fixture.keys()).toEqual([]);
    expect(await fixture.keys('ignored')).toEqual([`team-added:${ann}:club`]);
    expect(await fixture.findings.get(source().tenantId, id)).toMatchObject({
      ignored: { until, reason: 'a project until Friday', by: ACTOR },
    });
    later(DAY_MS);
    expect(await fixture.keys()).toEqual([`team-added:${ann}:club`]);
  });

  it('may be for good, and be taken back', async () => {
    const { id } = await fixture.byKey(`team-added:${ann}:club`);
    await fixture.findings.ignore(act(id), { until: null, reason: 'fine' });
    later(4_000 * DAY_MS);
    expect(await fixture.keys()).toEqual([]);
    expect((await fixture.byKey(`team-added:${ann}:club`)).ignored).toMatchObject({ until: null });

    await fixture.findings.stopIgnoring(act(id));
    expect(await fixture.keys()).toEqual([`team-added:${ann}:club`]);
  });

  it('needs a reason and a day to come', async () => {
    const { id } = await fixture.byKey(`team-added:${ann}:club`);
    await expect(fixture.findings.ignore(act(id), { until: null, reason: ' ' })).rejects.toMatchObject({
      kind: 'invalid',
    });
    await expect(fixture.findings.ignore(act(id), { until: later(0), reason: 'x' })).rejects.toMatchObject({
      kind: 'invalid',
    });
  });

  it('is in the audit trail', async () => {
    const { id } = await fixture.byKey(`team-added:${ann}:club`);
    await fixture.findings.ignore(act(id), { until: null, reason: 'fine' });
    const events = await fixture.engine.query<{ actor: string; action: string; data: object }>(
      `select actor, action, data from audit_events where target_id = '${id}'`,
    );

    expect(events).toEqual([
      {
        actor: ACTOR,
        action: 'finding.ignored',
        data: { until: null, reason: 'fine', key: `team-added:${ann}:club` },
      },
    ]);
  });

  it('of what is resolved is refused', async () => {
    const { id } = await fixture.byKey(`team-added:${ann}:club`);
    agent('Ann').teams.delete('Club');
    later(HOUR_MS);
    await fixture.reconcile();

    await expect(fixture.findings.ignore(act(id), { until: null, reason: 'x' })).rejects.toMatchObject({
      kind: 'stale',
    });
  });
});

describe('assigning', () => {
  it('names who looks at it and by when, and gives it back', async () => {
    agent('Ann').teams.add('Club');
    await fixture.reconcile();
    const { id } = await fixture.byKey(`team-added:${ann}:club`);
    const dueAt = new Date('2027-01-01');
    await fixture.findings.assign(act(id), { assignee: 'Ada', dueAt });
    expect(await fixture.findings.get(source().tenantId, id)).toMatchObject({ assignee: 'Ada', dueAt });
    expect(await fixture.findings.list(source().tenantId, { assignee: 'Ada', limit: 5 })).toHaveLength(1);

    await fixture.findings.assign(act(id), { assignee: null, dueAt: null });
    expect(await fixture.findings.get(source().tenantId, id)).toMatchObject({ assignee: null, dueAt: null });
  });
});

describe('policies', () => {
  const setPolicy = (kind: 'team-removed' | 'email' | 'parked-active', policy: 'ask' | 'fix' | 'report') =>
    fixture.findings.setPolicy(source(), { class: kind, policy, actor: ACTOR });

  it('that ask leave what was found as it is, by schedule and by push, until somebody decides', async () => {
    await setPolicy('team-removed', 'ask');
    agent('Ann').teams.delete('Sales');
    await fixture.reconcile();
    await fixture.engine.join('Other', ann);
    await fixture.engine.settle();
    expect([...agent('Ann').teams]).toEqual([]);
    later(HOUR_MS);
    await fixture.reconcile();
    expect([...agent('Ann').teams]).toEqual([]);
    const { id, finding } = await fixture.byKey(`team-removed:${ann}:sales`);
    expect(finding.fixedBy).toEqual([`grant:${ann}:team:sales`]);

    await fixture.findings.decide(act(id), 'fix');
    await fixture.engine.settle();
    expect([...agent('Ann').teams]).toEqual(['Sales']);
    later(HOUR_MS);
    await fixture.reconcile();
    expect(await fixture.keys()).toEqual([]);
  });

  it('count less than a decision to accept, which lasts while the same is found', async () => {
    const key = `email:${ann}`;
    const { providerUserId } = agent('Ann');
    await setPolicy('email', 'ask');
    const found = fixture.engine.vendor.agents.get(providerUserId)!;
    found.email = 'ann@private.example';
    await fixture.reconcile();
    await fixture.findings.decide(act((await fixture.byKey(key)).id), 'accept');
    await setPolicy('email', 'fix');
    later(HOUR_MS);
    await fixture.reconcile();
    expect(found.email).toBe('ann@private.example');
    expect(await fixture.keys()).toEqual([]);
    expect(await fixture.keys('accepted')).toEqual([key]);

    found.email = 'mallory@elsewhere.example';
    later(HOUR_MS);
    await fixture.reconcile();
    expect(found.email).toBe(emailOf('Ann'));
    expect(await fixture.keys()).toEqual([key]);
  });

  it('what was ignored is told again when something else is found there', async () => {
    const key = `email:${ann}`;
    await setPolicy('email', 'report');
    const { providerUserId } = agent('Ann');
    const found = fixture.engine.vendor.agents.get(providerUserId)!;
    found.email = 'ann@private.example';
    await fixture.reconcile();
    await fixture.findings.ignore(act((await fixture.byKey(key)).id), { until: null, reason: 'known' });
    await fixture.reconcile();
    expect(await fixture.keys()).toEqual([]);

    found.email = 'mallory@elsewhere.example';
    later(HOUR_MS);
    await fixture.reconcile();
    expect(await fixture.keys()).toEqual([key]);
  });

  it('are listed with what may be chosen, and refuse anything else', async () => {
    await setPolicy('team-removed', 'ask');
    const policies = await fixture.findings.policies(source());
    expect(policies.find((one) => one.class === 'team-removed')).toEqual({
      class: 'team-removed',
      policy: 'ask',
      standard: 'fix',
      allowed: ['report', 'fix', 'adopt', 'ask'],
    });
    await expect(setPolicy('parked-active', 'report')).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('refuse to fix by plan what only a person can', async () => {
    fixture.engine.vendor.addAgent({ email: 'stranger@elsewhere.example' });
    await fixture.reconcile();
    const [key = ''] = await fixture.keys();
    const { id } = await fixture.byKey(key);

    await expect(fixture.findings.decide(act(id), 'fix')).rejects.toMatchObject({ kind: 'invalid' });
  });
});

describe('a report that cannot be written', () => {
  it('keeps nobody from being provisioned', async () => {
    await fixture.engine.query('drop table findings');
    const cem = await fixture.engine.addUser('Cem', ['Sales']);
    await fixture.reconcile();

    expect(cem).toBeTruthy();
    expect([...agent('Cem').teams]).toEqual(['Sales']);
  });
});
