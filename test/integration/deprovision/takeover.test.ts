import { afterEach, describe, expect, it } from 'vitest';
import type { Certificate } from '../../../src/deprovision/proof/certificate.js';
import { makeSuccessors, type Successors } from '../../../src/deprovision/successors.js';
import type { Capabilities } from '../../../src/domain/capabilities.js';
import type { MappingRule } from '../../../src/domain/mapping.js';
import { makeReadingStore } from '../../../src/store/readings.js';
import { makeSuccessorStore } from '../../../src/store/retention/successors.js';
import { makeWorkFinder } from '../../../src/store/work-finder.js';
import { emailOf, groupRule, openEngine, type EngineFixture } from '../../support/engine.js';
import { MEMORY_CAPABILITIES } from '../../support/memory-provider.js';

const LINE = '+33100000001';
const SALES = groupRule('Sales', { teams: ['Sales'] });
/** The line rings the team, which Ada alone is in. */
const DESK = groupRule('Desk', { numbers: [{ number: LINE, kind: 'assigned', viaTeam: 'Desk' }] });
const WRITES_NUMBERS: Partial<Capabilities> = {
  numberAccess: { ...MEMORY_CAPABILITIES.numberAccess, assigned: 'api' },
};

describe('a hand-over that the vendor’s API can write', () => {
  let engine: EngineFixture;
  let successors: Successors;
  let ada: string;
  let bea: string;

  async function open(
    rules: readonly MappingRule[],
    options: { readonly graceDays?: number; readonly capabilities?: Partial<Capabilities> } = {},
  ): Promise<void> {
    const { graceDays = 30, ...more } = options;
    engine = await openEngine({ settings: { graceDays }, ...more });
    const { database, clock } = engine.directory;
    successors = makeSuccessors({
      store: makeSuccessorStore(database),
      readings: makeReadingStore(database),
      now: () => clock.now(),
    });
    await engine.saveRules(rules);
    bea = await engine.addUser('Bea', ['Sales']);
    await engine.addUser('Eve', ['Sales']);
    ada = await engine.addUser('Ada', ['Sales', 'Desk']);
    await engine.requestReconcile();
    await engine.settle();
  }

  afterEach(() => engine.close());

  async function leave(): Promise<void> {
    await engine.setActive(ada, false);
    await engine.settle();
  }

  interface Row {
    readonly id: string;
    readonly state: string;
    readonly hold_reason: string | null;
    readonly last_error: string | null;
    readonly certificate: Certificate | null;
  }
  const deletion = async (): Promise<Row> =>
    (await engine.query<Row>('select * from deletions order by created_at desc'))[0]!;
  const choose = async (name: string | null) =>
    successors.choose({
      tenantId: engine.account.tenantId,
      deletionId: (await deletion()).id,
      actor: 'boss',
      to: name === null ? null : { type: 'person', email: emailOf(name) },
    });
  const teamsOf = (name: string) => [...(engine.vendor.byEmail(emailOf(name))?.teams ?? [])].toSorted();
  const isDeleted = (): boolean => engine.vendor.byEmail(emailOf('Ada')) === undefined;
  const openTasks = () =>
    engine.query<{ title: string; steps: readonly string[] }>(
      "select title, steps from worklist_items where kind = 'hand-over' and state = 'open'",
    );
  const reconcile = async (): Promise<void> => {
    await engine.requestReconcile();
    await engine.settle();
  };
  /** By both clocks. */
  const setDue = async (): Promise<void> => {
    await engine.query("update deletions set due_at = now() - interval '1 hour'");
    await engine.query("update links set delete_due_at = now() - interval '1 hour' where state = 'parked'");
  };
  const becomeDue = async (): Promise<void> => {
    await setDue();
    await engine.settle();
  };

  it('is planned like a rule, closes its task, and stays when the leaver is gone, until it is taken back', async () => {
    await open([SALES, DESK]);
    await leave();
    expect(await openTasks()).toHaveLength(1);
    await choose('Bea');
    // Whoever recorded the choice may be gone, and the queue with it.
    const found = await makeWorkFinder(engine.directory.database, () => engine.directory.clock.now())();
    expect(found).toEqual([engine.account]);
    await engine.settle();

    expect(teamsOf('Bea')).toEqual(['Desk', 'Sales']);
    const [grant] = await engine.query<{ reason: string; because: readonly { ruleId: string }[] }>(
      `select body ->> 'reason' as reason, body -> 'because' as because from changes
       where action = 'grant' and subject_id = '${bea}' and key like '%desk'`,
    );
    expect(grant?.reason).toBe(`Team "Desk" by hand-over from ${emailOf('Ada')}, as boss decided.`);
    await reconcile();
    expect(await openTasks()).toEqual([]);

    await becomeDue();
    expect(isDeleted()).toBe(true);
    expect((await deletion()).certificate).toMatchObject({
      isClean: true,
      successor: emailOf('Bea'),
      linesWithoutAnyone: [],
    });
    await reconcile();
    expect(teamsOf('Bea')).toEqual(['Desk', 'Sales']);

    await choose(null);
    await engine.settle();
    expect(teamsOf('Bea')).toEqual(['Sales']);
  });

  it('reads the phone system where nothing is known of it, before whoever nobody was chosen for', async () => {
    await open([SALES, DESK]);
    await engine.setActive(await engine.addUser('Cid', ['Sales']), true);
    await engine.settle();
    await leave();
    await choose('Bea');
    await engine.query('delete from account_readings');
    await engine.query(
      `update deletions set handover_at = null, created_at = created_at + interval '1 second'`,
    );
    await engine.query(
      `insert into deletions (tenant_id, id, account_id, link_id, subject_id, due_at, state, created_at, updated_at)
       select tenant_id, gen_random_uuid(), account_id, id, subject_id, now() + interval '30 days', 'scheduled',
         now() - interval '1 day', now() from links where email = '${emailOf('Cid')}'`,
    );
    await engine.query(`update links set state = 'parked' where email = '${emailOf('Cid')}'`);
    await engine.drain(engine.account, { sliceMs: 60_000 });
    expect(teamsOf('Bea')).toEqual(['Desk', 'Sales']);
  });

  it('is over when the leaver comes back', async () => {
    await open([SALES, DESK]);
    await leave();
    await choose('Bea');
    await engine.settle();
    expect(teamsOf('Bea')).toEqual(['Desk', 'Sales']);

    await engine.setActive(ada, true);
    await engine.settle();
    expect(teamsOf('Ada')).toEqual(['Desk', 'Sales']);
    expect(teamsOf('Bea')).toEqual(['Sales']);
  });

  it('goes to whoever is chosen last', async () => {
    await open([SALES, DESK]);
    await leave();
    for (const name of ['Bea', 'Eve']) {
      await choose(name);
      await engine.settle();
    }
    expect([teamsOf('Bea'), teamsOf('Eve')]).toEqual([['Sales'], ['Desk', 'Sales']]);
  });

  it('puts the line itself on the successor where the vendor has a write for it', async () => {
    await open([SALES], { capabilities: WRITES_NUMBERS });
    engine.vendor.numbers.add(LINE);
    engine.vendor.byEmail(emailOf('Ada'))!.numbers = [{ number: LINE, kind: 'assigned' }];
    await reconcile();
    await leave();
    expect(engine.vendor.byEmail(emailOf('Ada'))?.numbers).toEqual([]);
    await choose('Bea');
    await engine.settle();
    expect(engine.vendor.byEmail(emailOf('Bea'))?.numbers).toEqual([{ number: LINE, kind: 'assigned' }]);
  });

  it('comes before the deletion, which waits for it and says so', async () => {
    await open([SALES, DESK]);
    await leave();
    await choose('Bea');
    // A rule that keeps Bea out of the team wins over the hand-over.
    await engine.saveRules([{ ...SALES, deny: { ...SALES.deny, teams: ['Desk'] } }, DESK]);
    await engine.settle();
    await becomeDue();
    expect(isDeleted()).toBe(false);
    expect((await deletion()).hold_reason).toContain(`${emailOf('Bea')} was to take over the team "Desk"`);

    await engine.saveRules([SALES, DESK]);
    await reconcile();
    engine.directory.clock.advance(61 * 60_000);
    await engine.settle();
    expect(teamsOf('Bea')).toEqual(['Desk', 'Sales']);
    expect(isDeleted()).toBe(true);
  });

  it('comes before the deletion although somebody is chosen in the moment before the call', async () => {
    await open([SALES, DESK]);
    await leave();
    await setDue();
    let isChosen = false;
    let held: readonly string[] | null = null;
    engine.vendor.onRequest = async (request) => {
      if (request.call === 'is-in-call' && !isChosen) {
        isChosen = true;
        await choose('Bea');
      }
      if (request.call === 'write' && request.operation.type === 'delete-agent') held = teamsOf('Bea');
    };
    for (let minutes = 0; minutes < 10; minutes += 2) {
      await engine.settle();
      engine.directory.clock.advance(2 * 60_000);
    }
    expect(isDeleted()).toBe(true);
    expect(held).toEqual(['Desk', 'Sales']);
    expect((await deletion()).certificate).toMatchObject({ successor: emailOf('Bea') });
  });

  it('waits for somebody else when the successor leaves as well', async () => {
    await open([SALES, DESK]);
    await leave();
    await choose('Bea');
    await engine.settle();
    await engine.setActive(bea, false);
    await engine.settle();
    await becomeDue();
    const [own] = await engine.query<Row>(`select * from deletions where subject_id = '${ada}'`);
    expect(own?.hold_reason).toContain(
      `${emailOf('Bea')} was to take over the team "Desk", but is leaving as well`,
    );
  });
});
