import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MappingRule } from '../../../src/domain/mapping.js';
import type { ActualState } from '../../../src/domain/state.js';
import { groupRule, openEngine, type EngineFixture } from '../../support/engine.js';
import { makeWorklist, type TaskAction } from '../../../src/administration/worklist.js';
import { makeWorklistStore } from '../../../src/store/console/worklist.js';
import { MEMORY_CAPABILITIES, MEMORY_LIMITS } from '../../support/memory-provider.js';

function outboundRule(group: string): MappingRule {
  const rule = groupRule(group, { teams: ['Sales'] });
  const numbers = [{ number: OUTBOUND, kind: 'outbound', viaTeam: null } as const];
  return { ...rule, grant: { ...rule.grant, numbers } };
}

const DAY_MS = 24 * 60 * 60 * 1000;
const OUTBOUND = '+33100000001';

describe('the worklist', () => {
  let engine: EngineFixture;
  /** Who is on a number, by e-mail; the vendor never shows caller IDs. */
  let shown: Map<string, { number: string; kind: 'assigned' }[]>;

  beforeEach(async () => {
    shown = new Map();
    engine = await openEngine({
      overrides: (deps) => ({
        vendors: {
          open: async (account, options) => {
            const vendor = await deps.vendors.open(account, options);
            const numbers = [{ providerNumberId: '1', number: OUTBOUND, name: 'Front desk' }];
            const withNumbers = (reading: ActualState): ActualState => ({ ...reading, numbers });
            return {
              ...vendor,
              capabilities: { ...MEMORY_CAPABILITIES, unreadableAccess: ['outbound'] },
              limits: { ...MEMORY_LIMITS, invitationValidDays: 15 },
              provider: {
                ...vendor.provider,
                async readAll() {
                  const reading = withNumbers(await vendor.provider.readAll());
                  const agents = reading.agents.map((agent) => ({
                    ...agent,
                    numbers: shown.get(agent.email) ?? [],
                  }));
                  return { ...reading, agents };
                },
                async readSubjects(refs) {
                  const reading = withNumbers(await vendor.provider.readSubjects(refs));
                  return { ...reading, agents: reading.agents.map((agent) => ({ ...agent, numbers: null })) };
                },
              },
            };
          },
        },
      }),
    });
    await engine.saveRules([outboundRule('Sales')]);
    await reconcile();
  });

  afterEach(() => engine.close());

  async function reconcile(): Promise<void> {
    await engine.requestReconcile();
    await engine.settle();
  }

  interface Row {
    readonly id: string;
    readonly kind: string;
    readonly state: string;
    readonly title: string;
    readonly link: string;
    readonly steps: readonly string[];
    readonly assignee: string | null;
    readonly days: number;
  }

  function rows(): Promise<readonly Row[]> {
    return engine.query(`select id, kind, state, title, link, steps, assignee,
      extract(epoch from due_at - created_at)::float / 86400 as days from worklist_items order by created_at, id`);
  }

  async function tasks(): Promise<readonly string[]> {
    return (await rows()).map(({ kind, state }) => `${kind} ${state}`);
  }

  /** What people do with tasks, by way of the real use case. */
  async function person(work: 'done' | 'dismiss' | 'reopen' | 'assign', kind: string): Promise<void> {
    const clock = engine.directory.clock;
    const worklist = makeWorklist({
      store: makeWorklistStore(engine.directory.database),
      now: () => clock.now(),
    });
    const task = (await rows()).find((one) => one.kind === kind);
    const { tenantId } = engine.account;
    const action: TaskAction = { tenantId, taskId: task?.id ?? '', actor: 'console:ida@example.com' };
    if (work === 'assign') await worklist.assign(action, 'ida@example.com');
    else if (work === 'dismiss') await worklist.dismiss(action, 'Nobody calls there.');
    else await worklist[work](action);
  }

  it('gets one task for what the vendor has no API for, however often it is planned', async () => {
    const ada = await engine.addUser('Ada', ['Sales']);
    await engine.settle();
    await engine.join('Others', ada);
    await engine.settle();
    await reconcile();

    expect(await tasks()).toEqual(['grant-number open']);
    expect(await engine.query('select * from dirty_subjects')).toEqual([]);
    const [task] = await rows();
    expect(task?.days).toBe(7);
    expect(task?.title).toContain('ada@example.com');
    expect(task?.link).toContain('https://dashboard.example.com/');
    expect(task?.steps.length).toBeGreaterThan(1);
  });

  it('closes a task that is not wanted any more, and opens the same one again when it is', async () => {
    await engine.addUser('Ada', ['Sales']);
    await engine.settle();
    await person('assign', 'grant-number');
    const [first] = await rows();
    await engine.saveRules([groupRule('Sales', { teams: ['Sales'] })]);
    shown.set('ada@example.com', [{ number: OUTBOUND, kind: 'assigned' }]);
    await reconcile();
    expect(await tasks()).toEqual(['grant-number done']);

    await engine.saveRules([outboundRule('Sales')]);
    await reconcile();

    expect(await tasks()).toEqual(['grant-number open']);
    expect((await rows())[0]).toMatchObject({ id: first?.id, assignee: 'ida@example.com' });
    const events = await engine.query<{ action: string }>(
      "select action from audit_events where target_type = 'task' order by id",
    );
    expect(events.map(({ action }) => action)).toEqual(['task.claimed', 'task.done', 'task.reopened']);
  });

  it('believes a person about what no reading shows, and asks for the way back when it is not wanted', async () => {
    await engine.addUser('Ada', ['Sales']);
    await engine.settle();
    await person('done', 'grant-number');
    await reconcile();
    expect(await tasks()).toEqual(['grant-number done']);

    await engine.saveRules([groupRule('Sales', { teams: ['Sales'] })]);
    await reconcile();
    expect(await tasks()).toEqual(['grant-number done', 'revoke-number open']);

    await person('reopen', 'grant-number');
    await reconcile();
    expect(await tasks()).toContain('revoke-number done');
  });

  it('believes nobody about what the reading shows undone: the task is open again', async () => {
    await engine.saveRules([groupRule('Sales', { teams: ['Sales'] })]);
    await engine.addUser('Ada', ['Sales']);
    await engine.settle();
    await reconcile();
    expect(await tasks()).toEqual(['no-number open']);

    await person('done', 'no-number');
    await reconcile();
    expect(await tasks()).toEqual(['no-number open']);

    shown.set('ada@example.com', [{ number: OUTBOUND, kind: 'assigned' }]);
    await reconcile();
    expect(await tasks()).toEqual(['no-number done']);
  });

  it('leaves a task alone that a reading without the numbers cannot judge', async () => {
    await engine.saveRules([groupRule('Sales', { teams: ['Sales'] })]);
    const ada = await engine.addUser('Ada', ['Sales']);
    await engine.settle();
    await reconcile();

    engine.directory.clock.advance(60 * 60_000);
    await engine.setName(ada, 'Eve');
    await engine.settle();

    expect(engine.vendor.byEmail('ada@example.com')?.givenName).toBe('Eve');
    expect(await tasks()).toEqual(['no-number open']);
  });

  it('does not ask again for what a person said is not needed, until it is wanted anew', async () => {
    await engine.addUser('Ada', ['Sales']);
    await engine.settle();
    await person('dismiss', 'grant-number');
    await reconcile();
    expect(await tasks()).toEqual(['grant-number obsolete']);

    await engine.saveRules([groupRule('Sales', { teams: ['Sales'] })]);
    shown.set('ada@example.com', [{ number: OUTBOUND, kind: 'assigned' }]);
    await reconcile();
    await engine.saveRules([outboundRule('Sales')]);
    await reconcile();

    expect(await tasks()).toEqual(['grant-number open']);
  });

  it('does not let anybody dismiss what keeps a leaver inside', async () => {
    const ada = await engine.addUser('Ada', ['Sales']);
    await engine.settle();
    await person('done', 'grant-number');
    await engine.setActive(ada, false);
    await engine.settle();
    expect(await tasks()).toEqual(['grant-number done', 'revoke-number open']);

    await expect(person('dismiss', 'revoke-number')).rejects.toThrow('cannot be dismissed');

    await person('done', 'revoke-number');
    await reconcile();
    expect(await tasks()).toEqual(['grant-number done', 'revoke-number done']);
  });

  describe('invitations', () => {
    beforeEach(async () => {
      await engine.saveRules([groupRule('Sales', { teams: ['Sales'] })]);
      shown.set('ada@example.com', [{ number: OUTBOUND, kind: 'assigned' }]);
      await engine.addUser('Ada', ['Sales']);
      await engine.settle();
    });

    async function days(count: number): Promise<readonly string[]> {
      engine.directory.clock.advance(count * DAY_MS);
      await reconcile();
      return tasks();
    }

    it('are watched: a reminder before they end, then the task to send them again, each time', async () => {
      expect(await days(11)).toEqual([]);
      expect(await days(1)).toEqual(['remind-invitation open']);
      expect((await rows())[0]?.title).toContain('ends on');
      expect(await days(3)).toEqual(['resend-invitation open']);

      await person('done', 'resend-invitation');
      expect(await days(11)).toEqual(['resend-invitation done']);
      expect(await days(4)).toEqual(['resend-invitation open']);
    });

    it('that were accepted ask for nothing: by a sign of use, or by a person who looked', async () => {
      await days(12);
      await engine.query('update links set accepted_at = now()');
      expect(await days(4)).toEqual(['remind-invitation done']);

      await engine.query('update links set accepted_at = null');
      expect(await days(1)).toEqual(['resend-invitation open']);
      await person('dismiss', 'resend-invitation');
      expect(await days(40)).toEqual(['resend-invitation obsolete']);
    });

    it('of people who were there before us are not ours to watch', async () => {
      await engine.query("update links set origin = 'adopted'");
      expect(await days(40)).toEqual([]);
    });
  });
});
