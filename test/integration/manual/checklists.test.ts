import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeSuccessors } from '../../../src/deprovision/successors.js';
import { makeReadingStore } from '../../../src/store/readings.js';
import { makeSuccessorStore } from '../../../src/store/retention/successors.js';
import { LINE, DIRECT, numberRule, openVxtEngine, type VxtFixture } from '../../support/vxt-engine.js';

const ADA = 'ada@example.com';

describe('a phone system without an API', () => {
  let vxt: VxtFixture;
  /** Happens once, after what was confirmed is recorded and before the next plan is made. */
  let beforePlanning: (() => Promise<void>) | null = null;

  beforeEach(async () => {
    vxt = await openVxtEngine({
      settings: { graceDays: 30 },
      overrides: ({ checklists }) => ({
        checklists: {
          ...checklists,
          async listConfirmed(account) {
            const confirmed = await checklists.listConfirmed(account);
            const happen = beforePlanning;
            beforePlanning = null;
            await happen?.();
            return confirmed;
          },
        },
      }),
    });
    await vxt.engine.saveRules([
      numberRule('Lawyers', [
        { number: LINE, kind: 'call_flow' },
        { number: LINE, kind: 'outbound' },
        { number: DIRECT, kind: 'assigned' },
      ]),
      numberRule('Phone Admins', [], 'admin'),
    ]);
    await vxt.engine.requestReconcile();
    await vxt.engine.settle();
  });

  afterEach(() => vxt.close());

  const titles = async (): Promise<readonly string[]> => (await vxt.open()).map(({ title }) => title);
  const links = () =>
    vxt.engine.query<{ state: string; provider_user_id: string; numbers: number; role: string | null }>(
      `select state, provider_user_id, jsonb_array_length(last_written -> 'entitlements' -> 'numbers') as numbers,
         last_written -> 'entitlements' ->> 'role' as role from links where ended_at is null`,
    );
  const tasks = () =>
    vxt.engine.query<{ title: string; state: string; urgent: boolean }>(
      'select title, state, urgent from worklist_items order by created_at, id',
    );
  const changes = () =>
    vxt.engine.query<{ action: string; state: string }>(
      'select action, state from changes order by created_at, position',
    );

  it('asks for a newcomer in one checklist, in the order of the work, and claims nothing', async () => {
    await vxt.engine.addUser('Ada', ['Lawyers', 'Phone Admins']);
    await vxt.engine.settle();

    expect(await titles()).toEqual([
      `Invite ${ADA} as a Member`,
      `Make ${ADA} an Admin`,
      `Assign ${DIRECT} to ${ADA}`,
      `Let ${ADA} call from ${LINE}`,
      `Let ${LINE} ring at ${ADA}`,
    ]);
    expect(await tasks()).toEqual([{ title: `Bring ${ADA} into VXT`, state: 'open', urgent: false }]);
    expect(await links()).toEqual([]);
    expect(new Set((await changes()).map(({ state }) => state))).toEqual(new Set(['awaiting']));
    expect(await vxt.engine.query('select state from plans where change_count > 0')).toEqual([
      { state: 'awaiting' },
    ]);
    expect(await vxt.engine.query('select * from dirty_subjects')).toEqual([]);
  });

  it('counts the seats of people who were asked for and are not confirmed yet', async () => {
    await vxt.engine.setSettings({ graceDays: 30, safety: { seatCeiling: 2 } });
    for (const name of ['Ada', 'Bea']) {
      await vxt.engine.addUser(name, ['Lawyers']);
      await vxt.engine.settle();
    }
    await vxt.engine.setName(await vxt.engine.addUser('Cleo', ['Lawyers']), 'Clea');
    await vxt.engine.settle();
    const held = () =>
      vxt.engine.query<{ code: string }>(
        "select jsonb_path_query_first(verdict, '$.holds[0].code') #>> '{}' as code from plans where state = 'held'",
      );
    expect(await held()).toEqual([{ code: 'seat-ceiling' }]);

    // Those who are here already are counted once: as what the record shows.
    await vxt.tickAll();
    await vxt.engine.setSettings({ graceDays: 30, safety: { seatCeiling: 3 } });
    await vxt.engine.requestReconcile();
    await vxt.engine.settle();
    expect(await held()).toEqual([]);
    expect(await titles()).toContain('Invite cleo@example.com as a Member');
  });

  it('counts an agent as asked for by us, where a plan came across it before it heard of the tick', async () => {
    const ada = await vxt.engine.addUser('Ada', ['Lawyers']);
    await vxt.engine.settle();
    const [invite] = await vxt.open();
    const { tenantId, id: accountId } = vxt.account;
    const step = { tenantId, taskId: invite?.taskId ?? '', stepId: invite?.id ?? '' };
    await vxt.checklists.confirm({ ...step, actor: 'test:ada', typed: '' });
    await vxt.engine.query(
      `insert into links (tenant_id, id, account_id, subject_id, provider_user_id, email, origin, state, created_at, updated_at)
       select '${tenantId}', gen_random_uuid(), '${accountId}', '${ada}', id, email, 'adopted', 'active', now(), now()
       from manual_agents`,
    );
    await vxt.engine.settle();

    expect(await vxt.engine.query('select origin, state from links')).toEqual([
      { origin: 'created', state: 'active' },
    ]);
  });

  it('never says of somebody whom it asked for that they were found there, however early a list shows them', async () => {
    await vxt.engine.addUser('Ada', ['Lawyers']);
    await vxt.engine.settle();
    const asked = (await vxt.open()).map(({ id }) => id);
    const text = `Email,First name,Last name,Role\n${ADA},Ada,Tester,Member\n`;
    const list = { account: vxt.account, fileName: 'list.csv', text, exportedAt: null, actor: 'test:ada' };
    beforePlanning = async () => {
      const { row, digest } = await vxt.imports.preview({ ...list, isComplete: false });
      await vxt.imports.apply({
        account: vxt.account,
        importId: row.id,
        digest,
        removes: 0,
        actor: 'test:ada',
      });
    };
    await vxt.engine.requestReconcile();
    await vxt.engine.settle();

    expect(beforePlanning).toBeNull();
    expect(await vxt.engine.query('select origin, state from links')).toEqual([
      { origin: 'created', state: 'active' },
    ]);
    const told = `select action, data ->> 'through' as through from audit_events where action like 'agent.%'`;
    expect(await vxt.engine.query(told)).toEqual([{ action: 'agent.create', through: 'import' }]);
    expect((await vxt.open()).map(({ id }) => id)).toEqual(asked.slice(1));
  });

  it('asks for nothing twice, however often it plans', async () => {
    const ada = await vxt.engine.addUser('Ada', ['Lawyers']);
    await vxt.engine.settle();
    const before = await vxt.open();
    await vxt.engine.join('Others', ada);
    await vxt.engine.settle();
    await vxt.engine.requestReconcile();
    await vxt.engine.settle();

    expect((await vxt.open()).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect(await tasks()).toHaveLength(1);
  });

  it('believes a person step by step; afterwards a plan is empty and the links say what was confirmed', async () => {
    await vxt.engine.addUser('Ada', ['Lawyers', 'Phone Admins']);
    await vxt.engine.settle();
    await vxt.tick((await vxt.open())[0]);

    expect(await links()).toMatchObject([{ state: 'active', numbers: 0, role: 'agent' }]);
    expect(await titles()).toHaveLength(4);

    await vxt.tickAll();

    expect(await links()).toMatchObject([{ state: 'active', numbers: 3, role: 'admin' }]);
    expect(await tasks()).toMatchObject([{ state: 'done' }]);
    await vxt.engine.requestReconcile();
    await vxt.engine.settle();
    const [plan] = await vxt.engine.query(
      'select change_count, state from plans order by created_at desc limit 1',
    );
    expect(plan).toEqual({ change_count: 0, state: 'applied' });
    expect(new Set((await changes()).map(({ state }) => state))).toEqual(new Set(['applied']));
  });

  it('takes no number before the invitation: the order is kept', async () => {
    await vxt.engine.addUser('Ada', ['Lawyers']);
    await vxt.engine.settle();
    const [, number] = await vxt.open();

    await expect(vxt.tick(number)).rejects.toMatchObject({ kind: 'conflict' });

    expect(await titles()).toHaveLength(4);
    expect(await vxt.engine.query('select * from manual_agents')).toEqual([]);
  });

  /** Runs `drain` while an import holds the account's lists and locks the open rows of a table one by one. */
  async function besideAnImport(
    { table, order }: { table: 'checklist_steps' | 'worklist_items'; order: 'asc' | 'desc' },
    drain: () => Promise<unknown>,
  ) {
    const { directory, query } = vxt.engine;
    const open = `select id from ${table} where state = 'open' order by ctid ${order}`;
    const rows = await query<{ id: string }>(open);
    expect(rows.length).toBeGreaterThan(1);
    const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
      and query like '%manual_lists%'`;
    const importer = new Client({ connectionString: directory.testDatabase.url });
    await importer.connect();
    const lock = (id: string | undefined) =>
      importer.query(`select 1 from ${table} where id = $1 for update`, [id]);
    await importer.query("select set_config('patchbay.tenant', '*', false)");
    await importer.query('begin');
    await importer.query('select 1 from manual_lists for update');
    await lock(rows[0]?.id);
    const drained = drain();
    await expect.poll(async () => (await query(waiting)).length).toBe(1);
    for (const { id } of rows.slice(1)) await lock(id);
    await importer.query('commit');
    await importer.end();
    await drained;
  }

  it('withdraws steps in turn with an import that confirms them in another order', async () => {
    const ada = await vxt.engine.addUser('Ada', ['Lawyers']);
    await vxt.engine.settle();
    await vxt.tick((await vxt.open())[0]);
    await vxt.engine.settle();
    const { account, deps } = vxt.engine;
    const about = { subjectIds: [ada], keep: [], leavers: [] };
    await besideAnImport({ table: 'checklist_steps', order: 'desc' }, () =>
      deps.checklists.withdrawOthers(account, about, new Date()),
    );
    expect(await titles()).toEqual([]);
  });

  it.each(['asc', 'desc'] as const)(
    'closes tasks in turn with an import that closes them in its own order: %s',
    async (order) => {
      const subjectIds = [
        await vxt.engine.addUser('Ada', ['Lawyers']),
        await vxt.engine.addUser('Ben', ['Lawyers']),
      ];
      await vxt.engine.settle();
      await vxt.tick((await vxt.open())[0]);
      const { account, deps, query } = vxt.engine;
      const about = { subjectIds, keep: [], unread: [] };
      await besideAnImport({ table: 'worklist_items', order }, () =>
        deps.tasks.closeOthers(account, about, new Date()),
      );
      expect(await query("select id from worklist_items where state = 'open'")).toEqual([]);
    },
  );

  it('confirms a step once', async () => {
    await vxt.engine.addUser('Ada', ['Lawyers']);
    await vxt.engine.settle();
    const [invite] = await vxt.open();
    await vxt.tick(invite);

    await expect(vxt.tick(invite)).rejects.toMatchObject({ kind: 'conflict' });

    const audited = await vxt.engine.query(
      `select actor, data ->> 'through' as through from audit_events where action = 'step.confirmed'`,
    );
    expect(audited).toEqual([{ actor: 'test:ada', through: 'person' }]);
  });

  it('withdraws what nobody wants any more, and asks anew when it is wanted again', async () => {
    const ada = await vxt.engine.addUser('Ada', ['Lawyers']);
    await vxt.engine.settle();
    await vxt.engine.leave('Lawyers', ada);
    await vxt.engine.settle();

    expect(await titles()).toEqual([]);
    expect(await tasks()).toMatchObject([{ state: 'obsolete' }]);
    expect(new Set((await changes()).map(({ state }) => state))).toEqual(new Set(['abandoned']));

    await vxt.engine.join('Lawyers', ada);
    await vxt.engine.settle();
    expect(await titles()).toHaveLength(4);
  });

  it('learns of an invitation that was sent although it had been withdrawn, and shuts the person out', async () => {
    const ada = await vxt.engine.addUser('Ada', ['Lawyers']);
    await vxt.engine.settle();
    const [invite] = await vxt.open();
    await vxt.engine.setActive(ada, false);
    await vxt.engine.settle();
    expect(await titles()).toEqual([]);

    await vxt.tick(invite);

    expect(await titles()).toEqual([`Check that ${ADA} is shut out`]);
    expect(await tasks()).toContainEqual({ title: `Shut ${ADA} out of VXT`, state: 'open', urgent: true });
  });

  describe('a tick that was wrong', () => {
    const undo = async (step: { id: string; taskId: string } | undefined) => {
      const { tenantId } = vxt.engine.account;
      const { id: stepId = '', taskId = '' } = step ?? {};
      await vxt.checklists.undo({ tenantId, taskId, stepId, actor: 'test:bob' });
      await vxt.engine.settle();
    };
    const record = () =>
      vxt.engine.query<{ role: string; numbers: unknown[] }>('select role, numbers from manual_agents');

    it('is taken back with a name, and the same is asked for again', async () => {
      await vxt.engine.addUser('Ada', ['Lawyers', 'Phone Admins']);
      await vxt.engine.settle();
      const [invite, admin, direct] = await vxt.open();
      for (const step of [invite, admin, direct]) await vxt.tick(step);
      expect(await record()).toEqual([{ role: 'admin', numbers: [{ number: DIRECT, kind: 'assigned' }] }]);

      await undo(direct);
      expect(await record()).toEqual([{ role: 'admin', numbers: [] }]);
      expect(await titles()).toContain(`Assign ${DIRECT} to ${ADA}`);
      await undo(admin);
      expect(await record()).toEqual([{ role: 'agent', numbers: [] }]);
      expect(await titles()).toHaveLength(4);

      const audited = await vxt.engine.query(
        `select actor, data ->> 'title' as title from audit_events where action = 'step.undone' order by at, id`,
      );
      expect(audited).toEqual([
        { actor: 'test:bob', title: `Assign ${DIRECT} to ${ADA}` },
        { actor: 'test:bob', title: `Make ${ADA} an Admin` },
      ]);
      await vxt.tickAll();
      expect(await links()).toMatchObject([{ state: 'active', numbers: 3, role: 'admin' }]);
    });

    it('an invitation is taken back only where nothing was said to follow it', async () => {
      await vxt.engine.addUser('Ada', ['Lawyers']);
      await vxt.engine.settle();
      const [invite, direct] = await vxt.open();
      await vxt.tick(invite);
      await vxt.tick(direct);
      await expect(undo(invite)).rejects.toMatchObject({ kind: 'conflict' });
      expect(await record()).toHaveLength(1);

      await undo(direct);
      await undo(invite);

      expect(await record()).toEqual([]);
      expect(await titles()).toHaveLength(4);
      expect((await titles())[0]).toBe(`Invite ${ADA} as a Member`);
    });

    it('before anything followed from it, it is as if it had never been', async () => {
      const { tenantId } = vxt.engine.account;
      await vxt.engine.addUser('Ada', ['Lawyers']);
      await vxt.engine.settle();
      const [invite] = await vxt.open();
      const { taskId = '', id: stepId = '' } = invite ?? {};
      await vxt.checklists.confirm({ tenantId, taskId, stepId, actor: 'test:ada', typed: '' });

      await undo(invite);

      expect(await links()).toEqual([]);
      expect(await titles()).toHaveLength(4);
    });

    it('is refused for what nobody ticked and for what cannot be taken back, and says what to do', async () => {
      const ada = await vxt.engine.addUser('Ada', ['Lawyers']);
      await vxt.engine.settle();
      const [first] = await vxt.open();
      await expect(undo(first)).rejects.toThrow('nobody ticked this step');
      await vxt.tickAll();
      await vxt.engine.setActive(ada, false);
      await vxt.engine.settle();
      const steps = await vxt.open();
      await vxt.tickAll();

      await expect(undo(steps.at(-1))).rejects.toThrow('Take back the steps that were not done');
      expect((await links()).map(({ state }) => state)).toEqual(['parked']);
    });

    it('of a leaver’s number asks at once to take it after all, although they count as parked', async () => {
      const ada = await vxt.engine.addUser('Ada', ['Lawyers']);
      await vxt.engine.settle();
      await vxt.tickAll();
      await vxt.engine.setActive(ada, false);
      await vxt.engine.settle();
      const step = (await vxt.open()).find(({ title }) => title === `Take ${DIRECT} from ${ADA}`);
      await vxt.tickAll();
      expect(await titles()).toEqual([]);

      await undo(step);

      const again = await vxt.open();
      expect(again.map(({ title, isUrgent }) => [title, isUrgent])).toEqual([
        [`Take ${DIRECT} from ${ADA}`, true],
      ]);
    });
  });

  describe('when somebody leaves', () => {
    let ada: string;

    beforeEach(async () => {
      ada = await vxt.engine.addUser('Ada', ['Lawyers', 'Phone Admins']);
      await vxt.engine.addUser('Other', ['Phone Admins']);
      await vxt.engine.settle();
      await vxt.tickAll();
      await vxt.engine.setActive(ada, false);
      await vxt.engine.settle();
    });

    it('asks urgently to take everything, with a clock, and calls nobody parked who is not', async () => {
      expect(await titles()).toEqual([
        `Let ${LINE} no longer ring at ${ADA}`,
        `Take ${DIRECT} from ${ADA}`,
        `Let ${ADA} no longer call from ${LINE}`,
        `Make ${ADA} a Member without single permissions`,
        `Check that ${ADA} is shut out`,
      ]);
      const [task] = await vxt.engine.query<{ hours: number; urgent: boolean; title: string }>(
        `select title, urgent, extract(epoch from due_at - created_at)::int / 3600 as hours
         from worklist_items where state = 'open'`,
      );
      expect(task).toEqual({ title: `Shut ${ADA} out of VXT`, urgent: true, hours: 4 });
      expect((await links()).map(({ state }) => state)).toEqual(['active', 'active']);
      expect(await vxt.engine.query('select * from deletions')).toEqual([]);
    });

    it('is parked once somebody has looked, and the grace period begins then', async () => {
      await vxt.tickAll();

      const [parked] = await vxt.engine.query<{ days: number }>(
        `select extract(epoch from delete_due_at - parked_at)::int / 86400 as days from links where state = 'parked'`,
      );
      expect(parked).toEqual({ days: 30 });
      expect(await vxt.engine.query('select state from deletions')).toEqual([{ state: 'scheduled' }]);
      expect(await titles()).toEqual([]);
    });

    it('asks for the permanent removal when it is due, not before, with the typed address', async () => {
      await vxt.tickAll();
      await vxt.engine.requestReconcile();
      await vxt.engine.settle();
      expect(await titles()).toEqual([]);

      await becomeDue();
      const [remove] = await vxt.open();
      expect(remove).toMatchObject({ title: `Remove ${ADA} from VXT for good`, typed: ADA });
      expect(remove?.instructions.join('\n')).toMatch(/retention manifest [0-9a-f]{12}.*\n.*Records/);
      expect(
        await vxt.engine.query(`select state, manifest_hash is not null as kept from deletions`),
      ).toEqual([{ state: 'scheduled', kept: true }]);

      await expect(vxt.tick({ ...remove, typed: 'bob@example.com' } as never)).rejects.toMatchObject({
        kind: 'invalid',
      });
      expect(await vxt.engine.query('select state from deletions')).toEqual([{ state: 'scheduled' }]);

      await vxt.tick(remove);
      expect(await vxt.engine.query('select state from deletions')).toEqual([{ state: 'verified' }]);
      expect((await links()).map(({ state }) => state)).toEqual(['active']);
      expect(await vxt.engine.query('select email from manual_agents')).toEqual([
        { email: 'other@example.com' },
      ]);
    });

    it('asks to put the lines on whoever takes over, and for the removal only once they are', async () => {
      await vxt.tickAll();
      const { database, clock } = vxt.engine.directory;
      const successors = makeSuccessors({
        store: makeSuccessorStore(database),
        readings: makeReadingStore(database),
        now: () => clock.now(),
      });
      const [{ id: deletionId }] = (await vxt.engine.query('select id from deletions')) as [{ id: string }];
      const { tenantId } = vxt.engine.account;
      const choose = async (email: string | null): Promise<void> => {
        const to = email === null ? null : ({ type: 'person', email } as const);
        await successors.choose({ tenantId, deletionId, actor: 'boss', to });
        await vxt.engine.settle();
      };
      const heir = 'other@example.com';
      await becomeDue();
      expect(await titles()).toEqual([`Remove ${ADA} from VXT for good`]);
      await choose(heir);
      expect(await titles()).toEqual([`Assign ${DIRECT} to ${heir}`, `Let ${LINE} ring at ${heir}`]);
      const waits = `select state, hold_reason from deletions`;
      expect(await vxt.engine.query(waits)).toMatchObject([
        {
          state: 'held',
          hold_reason: `${heir} is given ${LINE}, ${DIRECT} by a checklist on the worklist: tick it first.`,
        },
      ]);
      expect(await vxt.tickAll()).toHaveLength(2);
      await vxt.engine.query('update deletions set not_before = null');
      await vxt.engine.settle();
      expect(await titles()).toEqual([`Remove ${ADA} from VXT for good`]);
      await vxt.tickAll();
      expect(await vxt.engine.query('select state, certificate from deletions')).toMatchObject([
        { state: 'verified', certificate: { successor: heir, linesWithoutAnyone: [] } },
      ]);

      await choose(null);
      expect(await titles()).toEqual([
        `Let ${LINE} no longer ring at ${heir}`,
        `Take ${DIRECT} from ${heir}`,
      ]);
    });

    it('takes the question for the removal back when the person returns', async () => {
      await vxt.tickAll();
      await becomeDue();
      expect(await titles()).toHaveLength(1);

      await vxt.engine.setActive(ada, true);
      await vxt.engine.settle();

      expect(await titles()).not.toContain(`Remove ${ADA} from VXT for good`);
      expect(await titles()).toHaveLength(4);
      expect(await vxt.engine.query('select state from deletions')).toEqual([{ state: 'restored' }]);
    });

    it('goes on asking for the removal, once, however often it looks', async () => {
      await vxt.tickAll();
      await becomeDue();
      const [before] = await vxt.open();
      await vxt.engine.query('update deletions set not_before = null');
      await vxt.engine.requestReconcile();
      await vxt.engine.settle();

      expect((await vxt.open()).map(({ id }) => id)).toEqual([before?.id]);
      expect(
        await vxt.engine.query(
          `select count(*)::int as asked from audit_events where action = 'deletion.asked'`,
        ),
      ).toEqual([{ asked: 1 }]);
    });

    async function becomeDue(): Promise<void> {
      await vxt.engine.query(`update deletions set due_at = now() - interval '1 minute'`);
      await vxt.engine.query(
        `update links set delete_due_at = now() - interval '1 minute' where state = 'parked'`,
      );
      await vxt.engine.settle();
    }
  });
});
