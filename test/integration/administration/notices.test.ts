import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeApprovalNotices } from '../../../src/administration/approval-notices.js';
import { makePauseNotices } from '../../../src/administration/pause-notices.js';
import { AppError } from '../../../src/domain/errors.js';
import { makeApprovalNoticeStore } from '../../../src/store/console/approval-notices.js';
import { makePauseNoticeStore } from '../../../src/store/console/pause-notices.js';
import { groupRule, openEngine, type EngineFixture } from '../../support/engine.js';

const HOUR_MS = 3_600_000;

interface Sent {
  readonly kind: string;
  readonly recipients: readonly string[] | null;
  readonly subject: string;
  readonly body_text: string;
}

describe('people are told by e-mail', () => {
  let engine: EngineFixture;
  let tell: () => Promise<void>;
  let people: string[];

  beforeEach(async () => {
    engine = await openEngine({ settings: { safety: { removalFloor: 1, removalShareMax: 0.2 } } });
    const { clock, database } = engine.directory;
    const approvals = makeApprovalNotices({
      notices: makeApprovalNoticeStore(database),
      clock,
      urls: {
        plan: (id) => `https://patchbay.example/plans/${id}`,
        leaver: (id) => `https://patchbay.example/leavers/${id}`,
      },
    });
    const pauses = makePauseNotices({
      notices: makePauseNoticeStore(database),
      clock,
      accountUrl: (name) => `https://patchbay.example/accounts/${name}`,
    });
    tell = async () => {
      await approvals();
      await pauses();
    };
    await engine.saveRules([groupRule('Sales', { teams: ['Sales'] })]);
    people = [];
    for (const name of ['Ada', 'Bea', 'Cid', 'Dan']) people.push(await engine.addUser(name, ['Sales']));
    await engine.requestReconcile();
    await engine.settle();
  });

  afterEach(() => engine.close());

  async function sent(): Promise<readonly Sent[]> {
    await tell();
    const mails = await engine.query<Sent>(
      'select kind, recipients, subject, body_text from mail_outbox order by id',
    );
    await engine.query('delete from mail_outbox');
    return mails;
  }

  const leave = async (...indices: readonly number[]): Promise<void> => {
    for (const index of indices) await engine.setActive(people[index]!, false);
    await engine.settle();
  };
  const later = (hours: number): void => engine.directory.clock.advance(hours * HOUR_MS);

  it('that leavers keep their access until a plan is approved: at once, and daily while nobody decides', async () => {
    expect(await sent()).toEqual([]);
    await leave(0, 1);
    const [plan] = await engine.query<{ id: string; digest: string }>(
      "select id, digest from plans where state = 'held'",
    );
    const [mail, ...more] = await sent();
    expect(more).toEqual([]);
    expect(mail).toMatchObject({
      kind: 'approval',
      recipients: null,
      subject: '2 people who left keep access to Phones until a plan is approved',
    });
    expect(mail?.body_text).toContain('2 of 4 linked agents would lose access');
    expect(mail?.body_text).toContain(`https://patchbay.example/plans/${plan?.id}`);

    expect(await sent()).toEqual([]);
    later(23);
    expect(await sent()).toEqual([]);
    later(2);
    expect(await sent()).toHaveLength(1);

    const { id: planId = '', digest = '' } = plan ?? {};
    await engine.decisions.approve({ account: engine.account, planId, digest, actor: 'boss' });
    await engine.settle();
    later(25);
    expect(await sent()).toEqual([]);
  });

  it('of what changes meanwhile once an hour, and of the same plan under another id not at all', async () => {
    await leave(0, 1);
    expect(await sent()).toHaveLength(1);
    await leave(2);
    expect(await sent()).toEqual([]);
    later(1.5);
    expect((await sent())[0]?.subject).toMatch(/^3 people who left/u);

    await engine.requestReconcile();
    await engine.settle();
    later(2);
    expect(await sent()).toEqual([]);
  });

  it('again of a plan that was approved and waits for a reason that came up since', async () => {
    await leave(0, 1);
    expect(await sent()).toHaveLength(1);
    const safety = { removalFloor: 1, removalShareMax: 0.2, removalCeiling: 1 };
    await engine.setSettings({ safety });
    const [plan] = await engine.query<{ id: string; digest: string }>(
      "select id, digest from plans where state = 'held'",
    );
    const { id: planId = '', digest = '' } = plan ?? {};
    await engine.decisions.approve({ account: engine.account, planId, digest, actor: 'boss' });
    await engine.settle();
    later(1.5);
    expect((await sent())[0]?.body_text).toContain('this account allows 1 in one plan');
  });

  it('once for each reason that a deletion is held for which nobody is asked to approve', async () => {
    await engine.setSettings({ graceDays: 0, protectedEmails: [] });
    engine.vendor.fault = (request) =>
      request.call === 'write' && request.operation.type === 'delete-agent'
        ? { error: new AppError('invalid', 'Not this one.') }
        : null;
    await leave(0);
    const [deletion] = await engine.query<{ id: string; state: string }>('select id, state from deletions');
    expect(deletion?.state).toBe('held');
    const [mail, ...more] = await sent();
    expect(more).toEqual([]);
    expect(mail).toMatchObject({
      kind: 'approval',
      subject: '1 deletion for good waits for a person in Phones',
    });
    expect(mail?.body_text).toContain('refused: Not this one.');
    expect(mail?.body_text).toContain(`https://patchbay.example/leavers/${deletion?.id ?? ''}`);
    expect(await sent()).toEqual([]);

    later(25);
    await engine.settle();
    expect((await engine.query<{ state: string }>('select state from deletions'))[0]?.state).toBe('held');
    expect(await sent()).toEqual([]);
    await engine.query("update deletions set hold_reason = 'Another one.'");
    expect((await sent())[0]?.body_text).toContain('Another one.');
    await engine.query("update deletions set hold_reason = 'A third one.'");
    later(2);
    expect(await sent()).toEqual([]);
    later(23);
    expect((await sent())[0]?.body_text).toContain('A third one.');
  });

  it('once that a phone system refuses us, and daily while leavers are inside because of it', async () => {
    engine.vendor.fault = () => ({
      error: new AppError('credential', 'The key was rejected. Enter a new one.'),
    });
    await engine.requestReconcile();
    await engine.settle();
    const [mail, ...more] = await sent();
    expect(more).toEqual([]);
    expect(mail).toMatchObject({ kind: 'account', subject: 'Phones is paused' });
    expect(mail?.body_text).toContain('The key was rejected. Enter a new one.');
    expect(mail?.body_text).toContain('https://patchbay.example/accounts/Phones');
    later(25);
    expect(await sent()).toEqual([]);

    await engine.setActive(people[0]!, false);
    expect((await sent())[0]?.subject).toBe('Phones is paused, and 1 person who left is still inside');
    expect(await sent()).toEqual([]);
    later(25);
    expect(await sent()).toHaveLength(1);
  });
});
