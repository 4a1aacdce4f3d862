import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/domain/errors.js';
import type { Manifest } from '../../../src/deprovision/manifest.js';
import { hashManifest } from '../../../src/deprovision/manifest.js';
import { emailOf, groupRule, openEngine, type EngineFixture } from '../../support/engine.js';

interface DeletionRow {
  readonly state: string;
  readonly hold_reason: string | null;
  readonly manifest: Manifest | null;
  readonly manifest_hash: string | null;
}

describe('a permanent deletion', () => {
  let engine: EngineFixture;

  beforeEach(async () => {
    engine = await openEngine({ settings: { graceDays: 0 } });
    await engine.saveRules([groupRule('Sales', { teams: ['Sales'] })]);
    await engine.requestReconcile();
    await engine.settle();
  });

  afterEach(() => engine.close());

  async function hireAndLeave(name: string): Promise<string> {
    const id = await engine.addUser(name, ['Sales']);
    // Somebody stays, or the account would look as if it were emptied by mistake.
    await engine.addUser(`${name}sColleague`, ['Sales']);
    await engine.settle();
    await engine.setActive(id, false);
    return id;
  }

  function deletions(): Promise<readonly DeletionRow[]> {
    return engine.query<DeletionRow>('select state, hold_reason, manifest, manifest_hash from deletions');
  }

  function deleteCalls(): number {
    return engine.vendor.writes().filter(({ type }) => type === 'delete-agent').length;
  }

  it('happens once when the grace period is over, with the manifest recorded before, and is verified', async () => {
    const id = await engine.addUser('Ada', ['Sales']);
    await engine.addUser('Bea', ['Sales']);
    await engine.settle();
    const agent = engine.vendor.byEmail(emailOf('Ada'));
    engine.vendor.calls.set(agent!.providerUserId, [
      {
        callId: '7',
        startedAt: engine.directory.clock.now().getTime() - 60_000,
        numberDigits: '+33100000000',
        durationSeconds: 12,
        recordingUrl: 'https://recordings.example.com/7',
        voicemailUrl: null,
      },
    ]);
    let atCall: readonly DeletionRow[] = [];
    engine.vendor.onRequest = async (request) => {
      if (request.call === 'write' && request.operation.type === 'delete-agent') atCall = await deletions();
    };
    await engine.setActive(id, false);
    await engine.settle();

    expect(engine.vendor.byEmail(emailOf('Ada'))).toBeUndefined();
    expect(deleteCalls()).toBe(1);
    const [row] = await deletions();
    expect(row?.state).toBe('verified');
    expect(atCall[0]?.state).toBe('deleting');
    expect(atCall[0]?.manifest?.held?.teams).toEqual(['Sales']);
    expect(atCall[0]?.manifest?.calls?.map(({ callId }) => callId)).toEqual(['7']);
    expect(atCall[0]?.manifest_hash).toBe(atCall[0]?.manifest && hashManifest(atCall[0].manifest));
    expect(
      await engine.query("select state, ended_at is not null as ended from links where email like 'ada%'"),
    ).toEqual([{ state: 'deleted', ended: true }]);
  });

  it('works the same for somebody whom the directory deleted', async () => {
    const id = await engine.addUser('Ada', ['Sales']);
    await engine.addUser('Bea', ['Sales']);
    await engine.settle();

    await engine.removeUser(id);
    await engine.settle();

    expect(engine.vendor.byEmail(emailOf('Ada'))).toBeUndefined();
    expect((await deletions()).map(({ state }) => state)).toEqual(['verified']);
  });

  it('never happens early', async () => {
    await engine.setSettings({ graceDays: 1 });
    await hireAndLeave('Ada');
    await engine.settle();
    // Our own clock says that it is due; the database's does not.
    engine.directory.clock.advance(2 * 86_400_000);
    await engine.settle();

    expect(deleteCalls()).toBe(0);
    expect((await deletions()).map(({ state }) => state)).toEqual(['scheduled']);
  });

  it('never happens to somebody protected; it is held and says why', async () => {
    await engine.setSettings({ graceDays: 0 });
    await hireAndLeave('Ada');
    await engine.setSettings({ graceDays: 0, protectedEmails: [emailOf('Ada')] });
    await engine.settle();
    const [plan] = await engine.query<{ id: string; digest: string }>(
      "select id, digest from plans where state = 'held'",
    );
    // The park itself is held as well: a person lets it pass.
    await engine.decisions.approve({
      account: engine.account,
      planId: plan!.id,
      digest: plan!.digest,
      actor: 'admin',
    });
    await engine.settle();

    expect(deleteCalls()).toBe(0);
    const [row] = await deletions();
    expect(row?.state).toBe('held');
    expect(row?.hold_reason).toContain('protected');
  });

  /** Does something in the moment between the last judgement and the call. Returns how often it was done. */
  function atLastLook(act: () => Promise<unknown>): () => number {
    let looks = 0;
    let done = 0;
    engine.vendor.onRequest = async (request) => {
      if (request.call !== 'find' || (await deletions())[0]?.state !== 'scheduled') return;
      looks += 1;
      if (looks !== 2) return;
      done += 1;
      await act();
    };
    return () => done;
  }

  it('is stopped by a reactivation, even in the moment before the call', async () => {
    const id = await hireAndLeave('Ada');
    const done = atLastLook(() => engine.setActive(id, true));
    await engine.settle();

    expect(done()).toBe(1);
    expect(deleteCalls()).toBe(0);
    expect(engine.vendor.byEmail(emailOf('Ada'))?.teams).toEqual(new Set(['Sales']));
    expect((await deletions()).map(({ state }) => state)).toEqual(['restored']);
  });

  it.each([
    ['another policy than sync', "update accounts set policy = 'upsert-only'"],
    ['a pause of the account', "update accounts set state = 'paused'"],
    ['another worker that took over', "update accounts set lease_holder = 'somebody#1#else'"],
    ['a later date', "update links set delete_due_at = now() + interval '1 day'"],
    ['changed rules', 'update rule_sets set version = version + 1'],
    ['a link that is no longer parked', "update links set state = 'active' where state = 'parked'"],
    [
      'a held plan about the person',
      "update plans set state = 'held' where id in (select plan_id from changes where action = 'park')",
    ],
  ])('is stopped by %s, even in the moment before the call', async (_, statement) => {
    await hireAndLeave('Ada');
    const done = atLastLook(() => engine.query(statement));
    await engine.settle();

    expect(done()).toBe(1);
    expect(deleteCalls()).toBe(0);
    expect((await deletions()).map(({ state }) => state)).toEqual(['scheduled']);
  });

  it('makes somebody who comes back after it a new agent, and keeps the history', async () => {
    const id = await hireAndLeave('Ada');
    await engine.settle();
    await engine.setActive(id, true);
    await engine.settle();

    expect(engine.vendor.byEmail(emailOf('Ada'))?.teams).toEqual(new Set(['Sales']));
    expect(
      await engine.query("select state from links where email like 'ada@%' order by created_at"),
    ).toEqual([{ state: 'deleted' }, { state: 'active' }]);
  });

  it('leaves the agent to somebody who is back under a new entry of the directory, however late that is looked at', async () => {
    await engine.setSettings({ graceDays: 0 });
    const id = await hireAndLeave('Ada');
    await engine.removeUser(id);
    const agent = engine.vendor.byEmail(emailOf('Ada'))?.providerUserId;
    // Parked, and due at once: the new entry arrives before its deletion is looked at, and goes behind it.
    let isBack = false;
    engine.vendor.onRequest = async (request) => {
      if (isBack || request.call !== 'write' || request.operation.type !== 'update-agent') return;
      isBack = true;
      await engine.addUser('Ada', ['Sales']);
    };
    await engine.settle();

    expect(isBack).toBe(true);
    expect(deleteCalls()).toBe(0);
    expect(engine.vendor.byEmail(emailOf('Ada'))?.providerUserId).toBe(agent);
    expect(engine.vendor.byEmail(emailOf('Ada'))?.teams).toEqual(new Set(['Sales']));
    expect((await deletions()).map(({ state }) => state)).toEqual(['cancelled']);
  });

  it('waits for the hourly budget rather than for a person', async () => {
    await engine.setSettings({ graceDays: 0, safety: { removalsPerHourMax: 1 } });
    await hireAndLeave('Ada');
    await engine.settle();
    expect(deleteCalls()).toBe(0);
    expect((await deletions()).map(({ state }) => state)).toEqual(['scheduled']);

    engine.directory.clock.advance(2 * 60 * 60_000);
    await engine.settle();
    expect(deleteCalls()).toBe(1);
  });

  it('is held where the rules of safety ask for a person, and done once exactly that is approved', async () => {
    await engine.setSettings({ graceDays: 0, safety: { removalCeiling: 0 } });
    await hireAndLeave('Ada');
    const approveHeld = async (): Promise<void> => {
      const held = await engine.query<{ id: string; digest: string }>(
        "select id, digest from plans where state = 'held'",
      );
      expect(held).toHaveLength(1);
      const { id: planId, digest } = held[0]!;
      await engine.decisions.approve({ account: engine.account, planId, digest, actor: 'admin' });
    };
    await engine.settle();
    await approveHeld();
    await engine.settle();
    expect((await deletions()).map(({ state }) => state)).toEqual(['held']);
    expect(deleteCalls()).toBe(0);

    await approveHeld();
    await engine.settle();
    expect((await deletions()).map(({ state }) => state)).toEqual(['verified']);
    expect(deleteCalls()).toBe(1);
  });

  it('refused by the vendor is held and says what the vendor said', async () => {
    await hireAndLeave('Ada');
    engine.vendor.fault = (request) =>
      request.call === 'write' && request.operation.type === 'delete-agent'
        ? { error: new AppError('invalid', 'Owners cannot be deleted.') }
        : null;
    await engine.settle();

    const [row] = await deletions();
    expect(row?.state).toBe('held');
    expect(row?.hold_reason).toContain('Owners cannot be deleted.');
    expect(await engine.query("select state from links where email like 'ada@%'")).toEqual([
      { state: 'parked' },
    ]);
  });

  it('does not hit another person to whom somebody gave the agent', async () => {
    const id = await engine.addUser('Ada', ['Sales']);
    await engine.addUser('Bea', ['Sales']);
    await engine.settle();
    const agent = engine.vendor.byEmail(emailOf('Ada'));
    await engine.setActive(id, false);
    engine.vendor.onRequest = (request) => {
      if (request.call === 'write' && request.operation.type === 'revoke') agent!.email = 'eve@example.com';
    };
    await engine.settle();

    expect(deleteCalls()).toBe(0);
    const [row] = await deletions();
    expect(row?.state).toBe('held');
    expect(row?.hold_reason).toContain('eve@example.com');
  });

  it('is not repeated when the vendor’s answer was lost: a look settles it', async () => {
    await hireAndLeave('Ada');
    let isLost = false;
    engine.vendor.fault = (request) => {
      if (isLost || request.call !== 'write' || request.operation.type !== 'delete-agent') return null;
      isLost = true;
      return { error: new AppError('unavailable', 'The answer was lost.'), hasEffect: true };
    };
    await engine.settle();
    expect((await deletions()).map(({ state }) => state)).toEqual(['deleting']);
    engine.directory.clock.advance(60_000);
    await engine.settle();

    expect(isLost).toBe(true);
    expect(deleteCalls()).toBe(1);
    expect((await deletions()).map(({ state }) => state)).toEqual(['verified']);
  });

  it('does not happen under another policy than sync', async () => {
    await hireAndLeave('Ada');
    engine.vendor.onRequest = async (request) => {
      if (request.call === 'write' && request.operation.type === 'revoke')
        await engine.setPolicy('upsert-only');
    };
    await engine.settle();

    expect(deleteCalls()).toBe(0);
    expect((await deletions()).map(({ state }) => state)).toEqual(['scheduled']);
  });
});
