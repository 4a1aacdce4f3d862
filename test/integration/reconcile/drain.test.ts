import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emailOf, groupRule, openEngine, type EngineFixture } from '../../support/engine.js';
import { holdingsOf } from '../../support/memory-provider.js';

describe('a drain', () => {
  let engine: EngineFixture;

  beforeEach(async () => {
    engine = await openEngine();
    await engine.saveRules([
      groupRule('Sales', { teams: ['Sales'] }),
      groupRule('Leads', { teams: ['Leads'], role: 'supervisor' }),
    ]);
    await engine.requestReconcile();
    await engine.settle();
  });

  afterEach(() => engine.close());

  it('gives a joiner the agent, role and teams that the rules say, and is then at rest', async () => {
    await engine.addUser('Ada', ['Sales', 'Leads']);

    expect(await engine.settle()).toEqual({ type: 'idle' });

    const agent = engine.vendor.byEmail(emailOf('Ada'));
    expect(agent && holdingsOf(agent)).toEqual({ role: 'supervisor', teams: ['Leads', 'Sales'] });
    expect(await engine.query('select * from dirty_subjects')).toEqual([]);
    const links = await engine.query<{ origin: string; state: string }>('select origin, state from links');
    expect(links).toEqual([{ origin: 'created', state: 'active' }]);
  });

  it('writes nothing when nothing has to change', async () => {
    await engine.addUser('Ada', ['Sales']);
    await engine.settle();
    const before = engine.vendor.writes().length;

    await engine.requestReconcile();
    await engine.settle();

    expect(engine.vendor.writes().slice(before)).toEqual([]);
  });

  it('moves a mover: the new team is granted, the old one revoked', async () => {
    const ada = await engine.addUser('Ada', ['Sales']);
    await engine.settle();

    await engine.join('Leads', ada);
    await engine.leave('Sales', ada);
    await engine.settle();

    const agent = engine.vendor.byEmail(emailOf('Ada'));
    expect(agent && holdingsOf(agent)).toEqual({ role: 'supervisor', teams: ['Leads'] });
  });

  it('parks a leaver at once: everything taken, one deletion scheduled, the agent kept', async () => {
    const ada = await engine.addUser('Ada', ['Sales', 'Leads']);
    await engine.settle();

    await engine.setActive(ada, false);
    await engine.settle();

    const agent = engine.vendor.byEmail(emailOf('Ada'));
    expect(agent && holdingsOf(agent)).toEqual({ role: 'agent', teams: [] });
    expect(await engine.query('select state from links')).toEqual([{ state: 'parked' }]);
    expect(await engine.query('select state from deletions')).toEqual([{ state: 'scheduled' }]);
  });

  it('gives everything back to somebody who returns within the grace period', async () => {
    const ada = await engine.addUser('Ada', ['Sales', 'Leads']);
    await engine.settle();
    await engine.setActive(ada, false);
    await engine.settle();

    await engine.setActive(ada, true);
    await engine.settle();

    const agent = engine.vendor.byEmail(emailOf('Ada'));
    expect(agent && holdingsOf(agent)).toEqual({ role: 'supervisor', teams: ['Leads', 'Sales'] });
    expect(await engine.query('select state from links')).toEqual([{ state: 'active' }]);
    expect(await engine.query('select state from deletions')).toEqual([{ state: 'restored' }]);
  });

  it('never touches an agent that is nobody’s', async () => {
    const stranger = engine.vendor.addAgent({ email: 'stranger@example.com', teams: new Set(['Sales']) });
    const ada = await engine.addUser('Ada', ['Sales']);
    await engine.settle();
    await engine.setActive(ada, false);
    await engine.requestReconcile();
    await engine.settle();

    expect(engine.vendor.agents.get(stranger.providerUserId)).toEqual(stranger);
    const named = engine.vendor
      .writes()
      .filter((write) => 'providerUserId' in write && write.providerUserId === stranger.providerUserId);
    expect(named).toEqual([]);
  });
});
