import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Certificate } from '../../../src/deprovision/proof/certificate.js';
import { makeSuccessors, type Successors } from '../../../src/deprovision/successors.js';
import type { SuccessorWish } from '../../../src/domain/handover.js';
import { makeReadingStore } from '../../../src/store/readings.js';
import { makeSuccessorStore } from '../../../src/store/retention/successors.js';
import { emailOf, groupRule, openEngine, type EngineFixture } from '../../support/engine.js';

const LINE = '+33100000001';
const RINGS = [{ number: LINE, kind: 'assigned' as const }];

describe('what a leaver leaves without anybody', () => {
  let engine: EngineFixture;
  let successors: Successors;

  beforeEach(async () => {
    engine = await openEngine({ settings: { graceDays: 0, deletion: { handover: 'wait' } } });
    await engine.saveRules([groupRule('Sales', { teams: ['Sales'] })]);
    await engine.requestReconcile();
    await engine.settle();
    const { database, clock } = engine.directory;
    successors = makeSuccessors({
      store: makeSuccessorStore(database),
      readings: makeReadingStore(database),
      now: () => clock.now(),
    });
  });

  afterEach(() => engine.close());

  /** Ada alone rings on the line, and leaves. Bea is her manager, Eve her colleague. */
  async function leave(): Promise<void> {
    const bea = await engine.addUser('Bea', ['Sales']);
    await engine.addUser('Eve', ['Sales']);
    const manager = {
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { manager: { value: bea } },
    };
    const ada = await engine.addUser('Ada', ['Sales'], manager);
    await engine.settle();
    engine.vendor.byEmail(emailOf('Ada'))!.numbers = RINGS;
    await engine.requestReconcile();
    await engine.settle();
    await engine.setActive(ada, false);
    await engine.settle();
  }

  interface Row {
    readonly id: string;
    readonly state: string;
    readonly hold_reason: string | null;
    readonly certificate: Certificate | null;
  }
  const deletion = async (): Promise<Row> => (await engine.query<Row>('select * from deletions'))[0]!;
  const task = async () =>
    (
      await engine.query<{ state: string; title: string; steps: readonly string[] }>(
        "select state, title, steps from worklist_items where kind = 'hand-over'",
      )
    )[0];
  const isDeleted = (): boolean => engine.vendor.byEmail(emailOf('Ada')) === undefined;
  const choose = async (to: SuccessorWish | null) =>
    successors.choose({
      tenantId: engine.account.tenantId,
      deletionId: (await deletion()).id,
      actor: 'boss',
      to,
    });

  it('holds the deletion where the account says so, offers the manager first, and goes on once somebody answers', async () => {
    await leave();

    expect(isDeleted()).toBe(false);
    expect((await deletion()).hold_reason).toContain(`Nobody answers ${LINE}`);
    const standing = await successors.find({
      tenantId: engine.account.tenantId,
      deletionId: (await deletion()).id,
    });
    expect(standing?.handover?.successors.slice(0, 2)).toMatchObject([
      { email: emailOf('Bea'), because: 'manager' },
      { email: emailOf('Eve'), because: 'teammate' },
    ]);

    expect(await choose({ type: 'person', email: emailOf('BEA') })).toMatchObject({ email: emailOf('Bea') });
    await engine.settle();
    expect(await task()).toMatchObject({
      state: 'open',
      steps: [
        `${emailOf('Bea')} takes over, as boss decided.`,
        `Open ${LINE} in the Memory Phones dashboard.`,
        `Let it ring ${emailOf('Bea')}, and save.`,
        'Patchbay closes this task when it sees that somebody answers.',
      ],
    });
    expect(isDeleted()).toBe(false);

    engine.vendor.byEmail(emailOf('Bea'))!.numbers = RINGS;
    await engine.requestReconcile();
    engine.directory.clock.advance(61 * 60_000);
    await engine.settle();
    await engine.settle();
    expect(isDeleted()).toBe(true);
    expect(await task()).toMatchObject({ state: 'done' });
    expect((await deletion()).certificate).toMatchObject({
      isClean: true,
      successor: emailOf('Bea'),
      linesWithoutAnyone: [],
    });
  });

  it('does not hold it otherwise, but the certificate names the line', async () => {
    await engine.setSettings({ graceDays: 0, deletion: { handover: 'say' } });
    await leave();

    expect(isDeleted()).toBe(true);
    expect((await deletion()).certificate).toMatchObject({ isClean: false, linesWithoutAnyone: [LINE] });
  });

  it('goes to a team as well, and to nobody who could not answer', async () => {
    await leave();
    engine.vendor.teams.add('Empty');
    await engine.requestReconcile();
    await engine.settle();

    await expect(choose({ type: 'person', email: emailOf('Ada') })).rejects.toMatchObject({
      kind: 'invalid',
    });
    await expect(choose({ type: 'person', email: 'stranger@example.com' })).rejects.toMatchObject({
      kind: 'invalid',
    });
    await expect(choose({ type: 'team', team: 'Empty' })).rejects.toMatchObject({ kind: 'invalid' });
    expect(await choose({ type: 'team', team: 'sales' })).toEqual({ type: 'team', team: 'Sales' });
    expect(await choose(null)).toBeNull();
    const audit = await engine.query<{ action: string; actor: string }>(
      "select action, actor from audit_events where action like 'handover.%' order by id",
    );
    expect(audit).toEqual([
      { action: 'handover.successor-chosen', actor: 'boss' },
      { action: 'handover.successor-withdrawn', actor: 'boss' },
    ]);
  });

  it('is nothing to be chosen for once the deletion has begun', async () => {
    await engine.setSettings({ graceDays: 0 });
    await leave();

    await expect(choose({ type: 'person', email: emailOf('Bea') })).rejects.toMatchObject({
      kind: 'conflict',
    });
  });
});
