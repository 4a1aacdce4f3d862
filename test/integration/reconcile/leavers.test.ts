import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/domain/errors.js';
import type { MappingRule } from '../../../src/domain/mapping.js';
import { emailOf, groupRule, openEngine, type EngineFixture } from '../../support/engine.js';

interface PlanRow {
  readonly id: string;
  readonly digest: string;
  readonly state: string;
  readonly verdict: { readonly holds?: readonly { readonly code: string }[] };
}

describe('leavers', () => {
  let engine: EngineFixture;

  beforeEach(async () => {
    engine = await openEngine();
    await engine.saveRules([
      groupRule('Sales', { teams: ['Sales'] }),
      groupRule('Leads', { teams: ['Leads'] }),
    ]);
    await engine.requestReconcile();
    await engine.settle();
  });

  afterEach(() => engine.close());

  async function hire(count: number, prefix = 'P'): Promise<readonly string[]> {
    const ids: string[] = [];
    for (let person = 0; person < count; person += 1) {
      ids.push(await engine.addUser(`${prefix}${person}`, ['Sales']));
    }
    await engine.settle();
    return ids;
  }

  function plans(state: string): Promise<readonly PlanRow[]> {
    return engine.query<PlanRow>(
      `select id, digest, state, verdict from plans where state = '${state}' order by created_at, id`,
    );
  }

  function holdsOf({ verdict }: PlanRow): readonly string[] {
    return verdict.holds?.map(({ code }) => code) ?? [];
  }

  function parkedCount(): Promise<number> {
    return engine
      .query<{ n: string }>("select count(*) as n from links where state = 'parked'")
      .then(([row]) => Number(row?.n));
  }

  it('go ahead of every queued grant: at most two calls lie between the push and the first removal', async () => {
    const [leaver] = await hire(1);
    for (let person = 0; person < 60; person += 1) await engine.addUser(`New${person}`, ['Sales', 'Leads']);
    let pushedAt = -1;
    engine.vendor.onRequest = async (request) => {
      const created = engine.vendor.writes().filter(({ type }) => type === 'create-agent').length;
      if (pushedAt >= 0 || request.call !== 'write' || created < 20) return;
      pushedAt = engine.vendor.requests.length;
      await engine.setActive(leaver!, false);
    };
    await engine.settle();

    expect(pushedAt).toBeGreaterThan(0);
    const after = engine.vendor.requests.slice(pushedAt);
    const first = after.findIndex((one) => one.call === 'write' && one.operation.type === 'revoke');
    expect(first).toBeGreaterThanOrEqual(0);
    expect(first).toBeLessThanOrEqual(2);
    expect(engine.vendor.agents.size).toBe(61);
  });

  it('who lost their last mapped group go ahead as well', async () => {
    const [leaver] = await hire(3);
    for (let person = 0; person < 10; person += 1) await engine.addUser(`New${person}`, ['Sales']);
    await engine.leave('Sales', leaver!);
    const before = engine.vendor.requests.length;
    await engine.settle();

    const writes = engine.vendor.requests
      .slice(before)
      .flatMap((one) => (one.call === 'write' ? [one.operation.type] : []));
    expect(writes[0]).toBe('revoke');
    expect(await parkedCount()).toBe(1);
  });

  it('whom a changed attribute makes one go ahead as well', async () => {
    const byTitle: MappingRule = {
      ...groupRule('Crew', { teams: ['Crew'] }),
      when: { type: 'attribute', path: 'title', test: { op: 'equals', value: 'Captain' } },
    };
    await engine.saveRules([groupRule('Sales', { teams: ['Sales'] }), byTitle]);
    const leaver = await engine.addUser('Ada', [], { title: 'Captain' });
    await hire(3);
    await engine.requestReconcile();
    await engine.settle();
    const movers = await hire(5, 'Mover');
    for (const mover of movers) await engine.setName(mover, 'Renamed');
    await engine.setTitle(leaver, 'Cook');
    const before = engine.vendor.requests.length;
    await engine.settle();

    const writes = engine.vendor.requests
      .slice(before)
      .flatMap((one) => (one.call === 'write' ? [one.operation.type] : []));
    expect(writes[0]).toBe('revoke');
    expect(writes).toContain('update-agent');
    expect(await parkedCount()).toBe(1);
  });

  it('few at once are parked; a mass of them is held as one plan, however single they arrived', async () => {
    const ids = await hire(30);
    let pushed = 0;
    const push = async (): Promise<void> => {
      const id = ids[pushed];
      pushed += 1;
      if (id !== undefined) await engine.setActive(id, false);
    };
    // More deactivations arrive with every call, as from an IdP that works through a list.
    engine.vendor.onRequest = async () => {
      if (pushed < 18) await push();
    };
    await push();
    await engine.settle();
    for (const id of ids.slice(pushed, 20)) {
      await engine.setActive(id, false);
      await engine.settle();
    }

    const held = await plans('held');
    expect(held).toHaveLength(1);
    expect(holdsOf(held[0]!)).toContain('removal-share');
    // Only those who were parked before the mass could be seen are out.
    expect(await parkedCount()).toBeLessThanOrEqual(4);
  });

  it('within the hour meet the removal budget', async () => {
    await engine.setSettings({ safety: { removalsPerHourMax: 3, removalFloor: 100 } });
    const ids = await hire(8);
    for (const id of ids.slice(0, 5)) {
      await engine.setActive(id, false);
      await engine.settle();
      engine.directory.clock.advance(1_000);
    }

    expect(await parkedCount()).toBe(3);
    const [held] = await plans('held');
    expect(holdsOf(held!)).toEqual(['removal-budget']);
  });

  it('held are parked once a person approves exactly that plan', async () => {
    const ids = await hire(20);
    for (const id of ids.slice(0, 10)) await engine.setActive(id, false);
    await engine.settle();
    const [held] = await plans('held');
    const decision = { account: engine.account, planId: held!.id, actor: 'admin@example.com' };

    await expect(engine.decisions.approve({ ...decision, digest: 'another' })).rejects.toMatchObject({
      kind: 'stale',
    });
    expect(await parkedCount()).toBe(0);

    await engine.decisions.approve({ ...decision, digest: held!.digest });
    await engine.settle();
    expect(await parkedCount()).toBe(10);
    expect(await engine.query('select * from dirty_subjects')).toEqual([]);
    await expect(engine.decisions.approve({ ...decision, digest: held!.digest })).rejects.toThrow(AppError);
    const audit = await engine.query("select actor from audit_events where action = 'plan.approved'");
    expect(audit).toEqual([{ actor: 'admin@example.com' }]);
  });

  it('approved, but not the same any more: held again, nothing done', async () => {
    const ids = await hire(20);
    for (const id of ids.slice(0, 10)) await engine.setActive(id, false);
    await engine.settle();
    const [held] = await plans('held');
    await engine.decisions.approve({
      account: engine.account,
      planId: held!.id,
      digest: held!.digest,
      actor: 'admin',
    });
    await engine.setActive(ids[0]!, true);
    await engine.settle();

    expect(await parkedCount()).toBe(0);
    expect(await plans('superseded')).toHaveLength(1);
    const [again] = await plans('held');
    expect(again?.digest).not.toBe(held?.digest);
  });

  it('approved and interrupted: what was approved goes on without another approval', async () => {
    const ids = await hire(20);
    for (const id of ids.slice(0, 10)) await engine.setActive(id, false);
    await engine.settle();
    const [held] = await plans('held');
    await engine.decisions.approve({
      account: engine.account,
      planId: held!.id,
      digest: held!.digest,
      actor: 'admin',
    });
    let revoked = 0;
    engine.vendor.fault = (request) => {
      if (request.call !== 'write' || request.operation.type !== 'revoke') return null;
      revoked += 1;
      return revoked === 4 ? { error: new AppError('rateLimited', 'wait', { retryAt: new Date() }) } : null;
    };
    await engine.settle();
    expect(await parkedCount()).toBeLessThan(10);
    await engine.settle();

    expect(await parkedCount()).toBe(10);
    expect(await plans('held')).toEqual([]);
    for (const id of ids.slice(0, 10)) {
      const [user] = await engine.query<{ user_name: string }>(
        `select user_name from scim_users where id = '${id}'`,
      );
      expect(engine.vendor.byEmail(user!.user_name)?.teams).toEqual(new Set());
    }
  });

  it('rejected stay as they are until something changes', async () => {
    const ids = await hire(20);
    for (const id of ids.slice(0, 10)) await engine.setActive(id, false);
    await engine.settle();
    const [held] = await plans('held');
    await engine.decisions.reject({ account: engine.account, planId: held!.id, actor: 'admin' });
    await engine.settle();

    expect(await parkedCount()).toBe(0);
    expect(await plans('held')).toEqual([]);
    expect(await plans('rejected')).toHaveLength(1);
  });

  it('who are protected are held alone; the others are parked', async () => {
    await engine.setSettings({ protectedEmails: [emailOf('P0')] });
    const ids = await hire(20);
    await engine.setActive(ids[0]!, false);
    await engine.setActive(ids[1]!, false);
    await engine.settle();

    expect(await parkedCount()).toBe(1);
    expect(engine.vendor.byEmail(emailOf('P0'))?.teams).toEqual(new Set(['Sales']));
    const held = await plans('held');
    expect(held.map(holdsOf)).toEqual([['protected-agent']]);
  });

  it('from whom the vendor refuses to take one thing lose everything else, and somebody is told of it', async () => {
    const id = await engine.addUser('Ada', ['Sales', 'Leads']);
    await engine.settle();
    let refused = 0;
    engine.vendor.fault = (request) => {
      if (request.call !== 'write' || request.operation.type !== 'revoke') return null;
      const { entitlement } = request.operation;
      if (entitlement.type !== 'team' || entitlement.team !== 'Leads') return null;
      refused += 1;
      return { error: new AppError('invalid', 'Phones refused: the last lead cannot go.') };
    };
    await engine.setActive(id, false);
    await engine.settle();

    const ada = engine.vendor.byEmail(emailOf('Ada'));
    expect([...(ada?.teams ?? [])]).toEqual(['Leads']);
    expect(engine.vendor.writes().at(-1)).toMatchObject({ type: 'update-agent' });
    const [task] = await engine.query<{ urgent: boolean; due: number; steps: readonly string[] }>(
      `select urgent, steps, extract(day from due_at - created_at)::int as due from worklist_items where state = 'open'`,
    );
    expect(task).toMatchObject({ urgent: true, due: 1 });
    expect(task?.steps.join('\n')).toMatch(
      /the last lead cannot go[\s\S]*This person has left, and keeps it/u,
    );

    expect(refused).toBe(1);
    engine.vendor.fault = () => null;
    engine.directory.clock.advance(61 * 60_000);
    await engine.settle();
    expect([...(ada?.teams ?? [])]).toEqual([]);
  });

  it('whom the vendor does not suspend are parked like those of a vendor that cannot, and suspended when it does', async () => {
    await engine.close();
    engine = await openEngine({ suspend: true });
    await engine.saveRules([groupRule('Sales', { teams: ['Sales'] })]);
    const id = await engine.addUser('Ada', ['Sales']);
    await engine.addUser('Bea', ['Sales']);
    await engine.requestReconcile();
    await engine.settle();
    engine.vendor.fault = (request) =>
      request.call === 'write' && request.operation.type === 'suspend-agent'
        ? { error: new AppError('invalid', 'Phones refused to block her.') }
        : null;
    await engine.setActive(id, false);
    await engine.settle();

    const ada = engine.vendor.byEmail(emailOf('Ada'));
    expect(ada).toMatchObject({ status: 'active', teams: new Set() });
    const [link] = await engine.query<{ state: string; held_at_park: { teams: readonly string[] } }>(
      `select state, held_at_park from links where subject_id = '${id}'`,
    );
    expect(link).toMatchObject({ state: 'parked', held_at_park: { teams: ['Sales'] } });
    expect(await engine.query('select id from deletions')).toHaveLength(1);

    engine.vendor.fault = () => null;
    engine.directory.clock.advance(61 * 60_000);
    await engine.settle();
    expect(ada?.status).toBe('suspended');
    expect(await engine.query('select id from deletions')).toHaveLength(1);
    expect(await engine.query("select id from worklist_items where state = 'open'")).toEqual([]);
  });

  it('reactivated while they are being parked: the rest of the removals is not done', async () => {
    const ada = await engine.addUser('Ada', ['Sales', 'Leads']);
    await hire(3);
    await engine.setActive(ada, false);
    let isBack = false;
    engine.vendor.onRequest = async (request) => {
      if (isBack || request.call !== 'write' || request.operation.type !== 'revoke') return;
      isBack = true;
      await engine.setActive(ada, true);
    };
    await engine.settle();

    expect(isBack).toBe(true);
    const revokes = engine.vendor.writes().filter(({ type }) => type === 'revoke');
    expect(revokes).toHaveLength(1);
    expect(engine.vendor.byEmail(emailOf('Ada'))?.teams).toEqual(new Set(['Leads', 'Sales']));
    expect(await engine.query("select state from links where email like 'ada%'")).toEqual([
      { state: 'active' },
    ]);
  });

  it('absent from the directory lose nothing: only a fact removes', async () => {
    await hire(2);
    // Not what an IdP can do: the row vanishes without a tombstone.
    await engine.query('delete from scim_memberships');
    await engine.query('delete from scim_users');
    await engine.requestReconcile();
    await engine.settle();

    expect(await parkedCount()).toBe(0);
    const removals = engine.vendor
      .writes()
      .filter(({ type }) => type === 'revoke' || type === 'delete-agent');
    expect(removals).toEqual([]);
  });

  it('who come back under a new directory entry get their own agent back, not a second one', async () => {
    const ada = await engine.addUser('Ada', ['Sales']);
    await hire(3);
    await engine.removeUser(ada);
    await engine.settle();
    const before = engine.vendor.byEmail(emailOf('Ada'))?.providerUserId;

    await engine.addUser('Ada', ['Leads']);
    await engine.settle();

    const agent = engine.vendor.byEmail(emailOf('Ada'));
    expect(agent?.providerUserId).toBe(before);
    expect(agent?.teams).toEqual(new Set(['Leads']));
    expect(await engine.query('select state from deletions')).toEqual([{ state: 'cancelled' }]);
  });
});
