import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeDrain } from '../../../src/reconcile/draining/drain.js';
import { acquireLease, DEFAULT_LEASE_TIMES, type LeaseDeps } from '../../../src/reconcile/lease.js';
import { groupRule, openEngine, type EngineFixture } from '../../support/engine.js';

describe('one applier per account', () => {
  let engine: EngineFixture;

  beforeEach(async () => {
    engine = await openEngine();
    await engine.saveRules([groupRule('Sales', { teams: ['Sales'] })]);
  });

  afterEach(() => engine.close());

  function leaseDeps(overrides: Partial<LeaseDeps> = {}): LeaseDeps {
    return { ...engine.deps.lease, ...overrides };
  }

  it('keeps a second worker out until the first one is done', async () => {
    await engine.addUser('Ada', ['Sales']);
    let second: string | null = null;
    engine.vendor.onRequest = async () => {
      second ??= (await engine.drain(engine.account, { sliceMs: 1_000 })).type;
    };
    await engine.settle();

    expect(second).toBe('busy');
    expect(await engine.query('select lease_holder from accounts')).toEqual([{ lease_holder: null }]);
  });

  it('is taken over when its holder stopped renewing it', async () => {
    const first = await acquireLease(leaseDeps({ isGone: () => false }), engine.account);
    expect(await acquireLease(leaseDeps({ isGone: () => false }), engine.account)).toBeNull();
    await engine.query("update accounts set lease_until = clock_timestamp() - interval '1 second'");

    const second = await acquireLease(leaseDeps({ isGone: () => false }), engine.account);

    expect(second).not.toBeNull();
    await first?.release();
    const [row] = await engine.query<{ lease_holder: string }>('select lease_holder from accounts');
    expect(row?.lease_holder).toBe(second?.holder);
    await second?.release();
  });

  it('is taken over at once from a process that is dead, and only from such a one', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(child, 'spawn');
    const own = engine.deps.lease.newHolder();
    const theirs = own.replace(/#\d+#.*$/, `#${child.pid}#other-1`);
    await engine.query(
      `update accounts set lease_holder = '${theirs}', lease_until = clock_timestamp() + interval '1 hour'`,
    );
    expect(await acquireLease(leaseDeps(), engine.account)).toBeNull();

    child.kill('SIGKILL');
    await once(child, 'exit');

    const lease = await acquireLease(leaseDeps(), engine.account);
    expect(lease).not.toBeNull();
    await lease?.release();
  });

  it('is never judged dead from another machine', () => {
    const { newHolder, isGone } = engine.deps.lease;
    const dead = newHolder().replace(/#\d+#.*$/, `#${2 ** 30}#other-1`);

    expect(isGone(dead)).toBe(true);
    expect(isGone(`elsewhere/${dead}`)).toBe(false);
    expect(isGone('')).toBe(false);
  });

  it('is over for a worker whose lease another one took while it planned: not one write', async () => {
    await engine.addUser('Ada', ['Sales']);
    engine.vendor.onRequest = async (request) => {
      if (request.call === 'write') return;
      await engine.query("update accounts set lease_holder = 'somebody#1#else'");
    };
    const report = await engine.drain(engine.account, { sliceMs: 60_000 });

    expect(report).toEqual({ type: 'busy' });
    expect(engine.vendor.writes()).toEqual([]);
  });

  it('is over for a worker whose lease another one took: not one more write', async () => {
    for (let person = 0; person < 5; person += 1) await engine.addUser(`P${person}`, ['Sales']);
    let writes = 0;
    engine.vendor.onRequest = async (request) => {
      if (request.call !== 'write' || (writes += 1) !== 3) return;
      await engine.query("update accounts set lease_holder = 'somebody#1#else'");
    };
    const report = await engine.drain(engine.account, { sliceMs: 60_000 });

    expect(report).toEqual({ type: 'busy' });
    expect(engine.vendor.writes()).toHaveLength(3);
    expect(await engine.query('select lease_holder from accounts')).toEqual([
      { lease_holder: 'somebody#1#else' },
    ]);
    // Nor a record of the last one: whoever took over finds out what became of it.
    expect(await engine.query("select id from changes where state = 'applying'")).toHaveLength(1);

    await engine.query('update accounts set lease_until = clock_timestamp()');
    await engine.settle();
    expect(engine.vendor.agents.size).toBe(5);
    expect(engine.vendor.writes().filter(({ type }) => type === 'create-agent')).toHaveLength(5);
  });

  it('ends by the monotonic clock: a worker that was frozen asks nobody before it stops', async () => {
    await engine.addUser('Ada', ['Sales']);
    let now = 0;
    const drain = makeDrain({ ...engine.deps, lease: leaseDeps({ monotonicMs: () => now }) });
    engine.vendor.onRequest = (request) => {
      // As after a laptop's sleep: the time is gone, no heartbeat ran.
      if (request.call === 'write') now += DEFAULT_LEASE_TIMES.ttlMs;
    };
    const report = await drain(engine.account, { sliceMs: 60_000 });

    expect(report).toEqual({ type: 'busy' });
    expect(engine.vendor.writes()).toHaveLength(1);
  });
});
