import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError, type ErrorKind } from '../../../src/domain/errors.js';
import { emailOf, groupRule, openEngine, type EngineFixture } from '../../support/engine.js';
import { holdingsOf, type MemoryFault, type MemoryRequest } from '../../support/memory-provider.js';

function isWrite(request: MemoryRequest, type: string): boolean {
  return request.call === 'write' && request.operation.type === type;
}

describe('a vendor that does not do as asked', () => {
  let engine: EngineFixture;

  beforeEach(async () => {
    engine = await openEngine();
    await engine.saveRules([groupRule('Sales', { teams: ['Sales'] })]);
    await engine.requestReconcile();
    await engine.settle();
  });

  afterEach(() => engine.close());

  /** Fails the first requests that match, with and without effect. Returns how often it fired. */
  function failFirst(
    matches: (request: MemoryRequest) => boolean,
    fault: MemoryFault,
    times = 1,
  ): () => number {
    let fired = 0;
    engine.vendor.fault = (request) => {
      if (fired >= times || !matches(request)) return null;
      fired += 1;
      return fault;
    };
    return () => fired;
  }

  function error(kind: ErrorKind, retryAt?: Date): AppError {
    return new AppError(kind, `simulated ${kind}`, retryAt === undefined ? {} : { retryAt });
  }

  function marks(): Promise<readonly { attempts: number; not_before: unknown; last_error: string | null }[]> {
    return engine.query('select attempts, not_before, last_error from dirty_subjects');
  }

  it('credential rejected: the account pauses with one notice, and nothing is called until it is resumed', async () => {
    await engine.addUser('Ada', ['Sales']);
    await engine.addUser('Bea', ['Sales']);
    const fired = failFirst(
      (request) => isWrite(request, 'create-agent'),
      { error: error('credential') },
      99,
    );

    expect((await engine.settle()).type).toBe('paused');
    const calls = engine.vendor.requests.length;
    expect((await engine.settle()).type).toBe('paused');

    expect(fired()).toBe(1);
    expect(engine.vendor.requests.length).toBe(calls);
    const notices = await engine.query("select id from audit_events where action = 'account.paused'");
    expect(notices).toHaveLength(1);

    engine.vendor.fault = () => null;
    await engine.query("update accounts set state = 'active', paused_reason = null");
    expect(await engine.settle()).toEqual({ type: 'idle' });
    expect(engine.vendor.agents.size).toBe(2);
  });

  it('credential rejected while reading: the same', async () => {
    await engine.addUser('Ada', ['Sales']);
    engine.directory.clock.advance(60 * 60_000);
    failFirst((request) => request.call === 'read-all' || request.call === 'read-subjects', {
      error: error('credential'),
    });

    expect((await engine.settle()).type).toBe('paused');
    expect(await engine.query('select state from accounts')).toEqual([{ state: 'paused' }]);
  });

  it('told to wait: the slice ends, no attempt is used up, and the work goes on afterwards', async () => {
    await engine.addUser('Ada', ['Sales']);
    const retryAt = new Date(engine.directory.clock.now().getTime() + 30_000);
    const fired = failFirst((request) => isWrite(request, 'create-agent'), {
      error: error('rateLimited', retryAt),
    });

    expect(await engine.settle()).toEqual({ type: 'wait', retryAt });
    expect(fired()).toBe(1);
    expect((await marks()).map(({ attempts }) => attempts)).toEqual([0]);

    expect(await engine.settle()).toEqual({ type: 'idle' });
    expect(engine.vendor.agents.size).toBe(1);
  });

  it('lost response to a create: the agent is found by e-mail and ours, never made twice', async () => {
    await engine.setSettings({ adoptExisting: false });
    await engine.addUser('Ada', ['Sales']);
    const fired = failFirst((request) => isWrite(request, 'create-agent'), {
      error: error('unavailable'),
      hasEffect: true,
    });
    await engine.settle();
    expect(fired()).toBe(1);
    expect(await engine.query('select id from links')).toEqual([]);
    engine.directory.clock.advance(60_000);

    await engine.settle();

    expect(engine.vendor.writes().filter(({ type }) => type === 'create-agent')).toHaveLength(1);
    expect(engine.vendor.agents.size).toBe(1);
    expect(await engine.query('select origin, state from links')).toEqual([
      { origin: 'created', state: 'active' },
    ]);
    expect(engine.vendor.byEmail(emailOf('Ada'))?.teams).toEqual(new Set(['Sales']));
  });

  it('one person fails: the others go on, and that person is tried again later', async () => {
    await engine.addUser('Ada', ['Sales']);
    await engine.addUser('Bea', ['Sales']);
    const fired = failFirst(
      (request) =>
        request.call === 'write' &&
        request.operation.type === 'create-agent' &&
        request.operation.profile.email === emailOf('Ada'),
      { error: error('unavailable') },
    );
    await engine.settle();

    expect(fired()).toBe(1);
    expect(engine.vendor.byEmail(emailOf('Bea'))?.teams).toEqual(new Set(['Sales']));
    expect(engine.vendor.byEmail(emailOf('Ada'))).toBeUndefined();
    expect((await marks()).map(({ attempts }) => attempts)).toEqual([1]);

    engine.directory.clock.advance(60_000);
    await engine.settle();
    expect(engine.vendor.byEmail(emailOf('Ada'))?.teams).toEqual(new Set(['Sales']));
    expect(await marks()).toEqual([]);
  });

  it('the whole vendor is down: after a few calls the account rests, and nothing is lost', async () => {
    for (let person = 0; person < 10; person += 1) await engine.addUser(`P${person}`, ['Sales']);
    const fired = failFirst((request) => request.call === 'write', { error: error('unavailable') }, 99);

    expect((await engine.settle()).type).toBe('wait');
    expect(fired()).toBe(3);
    expect((await engine.settle()).type).toBe('wait');
    expect(fired()).toBe(3);

    engine.vendor.fault = () => null;
    engine.directory.clock.advance(5 * 60_000);
    expect(await engine.settle()).toEqual({ type: 'idle' });
    expect(engine.vendor.agents.size).toBe(10);
  });

  it('data refused: a task says what to correct, and the person is tried again only when they change', async () => {
    const ada = await engine.addUser('Ada', ['Sales']);
    const fired = failFirst((request) => isWrite(request, 'create-agent'), { error: error('invalid') }, 99);
    await engine.settle();
    engine.directory.clock.advance(24 * 60 * 60_000);
    await engine.settle();

    expect(fired()).toBe(1);
    const tasks = await engine.query<{ kind: string; state: string }>(
      'select kind, state from worklist_items',
    );
    expect(tasks).toEqual([{ kind: 'fix-data', state: 'open' }]);

    engine.vendor.fault = () => null;
    await engine.join('Everybody', ada);
    await engine.settle();
    expect(engine.vendor.agents.size).toBe(1);
    expect(await engine.query('select state from worklist_items')).toEqual([{ state: 'done' }]);
  });

  it('unreadable answer to a reading: nothing is removed, and the account rests', async () => {
    const ada = await engine.addUser('Ada', ['Sales']);
    await engine.settle();
    await engine.setActive(ada, false);
    engine.directory.clock.advance(60 * 60_000);
    failFirst((request) => request.call !== 'write', { error: error('contract') }, 99);
    const before = engine.vendor.writes().length;

    expect((await engine.settle()).type).toBe('wait');
    expect(engine.vendor.writes().length).toBe(before);

    engine.vendor.fault = () => null;
    engine.directory.clock.advance(5 * 60_000);
    await engine.settle();
    expect(engine.vendor.byEmail(emailOf('Ada'))?.teams).toEqual(new Set());
  });

  it('an agent that somebody else made is not taken over where adoption is off', async () => {
    await engine.setSettings({ adoptExisting: false });
    await engine.addUser('Ada', ['Sales']);
    let other: string | null = null;
    // Made after our reading, just before our create.
    engine.vendor.fault = (request) => {
      if (other === null && isWrite(request, 'create-agent')) {
        other = engine.vendor.addAgent({ email: emailOf('Ada') }).providerUserId;
      }
      return null;
    };
    await engine.settle();

    expect(other).not.toBeNull();
    expect(await engine.query('select id from links')).toEqual([]);
    expect(engine.vendor.agents.size).toBe(1);
    expect(engine.vendor.byEmail(emailOf('Ada'))?.teams).toEqual(new Set());
    const tasks = await engine.query('select state from worklist_items');
    expect(tasks).toEqual([{ state: 'open' }]);
  });

  it('an agent that is gone is made anew for somebody who is wanted', async () => {
    await engine.addUser('Ada', ['Sales']);
    await engine.settle();
    engine.vendor.agents.clear();

    await engine.requestReconcile();
    await engine.settle();

    const agent = engine.vendor.byEmail(emailOf('Ada'));
    expect(agent && holdingsOf(agent)).toEqual({ role: 'agent', teams: ['Sales'] });
    const states = await engine.query('select state from links order by created_at');
    expect(states).toEqual([{ state: 'forgotten' }, { state: 'active' }]);
  });

  it('an agent that a stale reading does not show is not forgotten', async () => {
    await engine.addUser('Ada', ['Sales']);
    await engine.settle();
    const agents = [...engine.vendor.agents];
    // The list leaves the agent out once; a look by id finds it.
    engine.vendor.fault = (request) => {
      if (request.call === 'read-all') engine.vendor.agents.clear();
      if (request.call === 'find') for (const [id, agent] of agents) engine.vendor.agents.set(id, agent);
      return null;
    };
    await engine.requestReconcile();
    await engine.drain(engine.account, { sliceMs: 60_000 });
    engine.vendor.fault = () => null;
    await engine.settle();

    expect(await engine.query('select state from links')).toEqual([{ state: 'active' }]);
    expect(engine.vendor.writes().filter(({ type }) => type === 'create-agent')).toHaveLength(1);
  });

  it('a vendor that does not keep what is written is not written to for ever', async () => {
    await engine.addUser('Ada', ['Sales']);
    engine.vendor.onRequest = (request) => {
      if (isWrite(request, 'grant')) engine.vendor.byEmail(emailOf('Ada'))?.teams.clear();
    };
    await engine.settle(50);

    const grants = engine.vendor.writes().filter(({ type }) => type === 'grant').length;
    expect(grants).toBeGreaterThan(1);
    expect(grants).toBeLessThanOrEqual(5);
    const [mark] = await marks();
    expect(mark?.last_error).toContain('still differs');
  });
});
