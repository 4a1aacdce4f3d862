import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeTaskReminders } from '../../../src/administration/task-reminders.js';
import { makeReminderStore } from '../../../src/store/console/task-reminders.js';
import { openEngine, type EngineFixture } from '../../support/engine.js';

const DAY_MS = 86_400_000;

describe('reminders of tasks', () => {
  let engine: EngineFixture;
  let remind: () => Promise<void>;

  beforeEach(async () => {
    engine = await openEngine();
    const { clock, database } = engine.directory;
    const worklistUrl = 'https://patchbay.example.com/console/worklist';
    remind = makeTaskReminders({ reminders: makeReminderStore(database), clock, worklistUrl });
  });

  afterEach(() => engine.close());

  async function addTask(
    title: string,
    task: { dueInDays: number; isUrgent?: boolean; assignee?: string; state?: string },
  ): Promise<void> {
    const { tenantId, accountId } = engine.account;
    const now = engine.directory.clock.now();
    const due = new Date(now.getTime() + task.dueInDays * DAY_MS).toISOString();
    const assignee = task.assignee === undefined ? 'null' : `'${task.assignee}'`;
    await engine.query(
      `insert into worklist_items (tenant_id, id, account_id, key, kind, title, steps, urgent, state, due_at,
         assignee, created_at, closed_at, closed_by)
       values ('${tenantId}', '${engine.directory.newId()}', '${accountId}', '${title}', 'grant-number', '${title}',
         '[]', ${String(task.isUrgent ?? false)}, '${task.state ?? 'open'}', '${due}', ${assignee},
         '${now.toISOString()}', null, null)`,
    );
  }

  interface Sent {
    readonly kind: string;
    readonly recipients: readonly string[] | null;
    readonly subject: string;
    readonly body_text: string;
  }

  async function sent(): Promise<readonly Sent[]> {
    await remind();
    const mails = await engine.query<Sent>(
      'select kind, recipients, subject, body_text from mail_outbox order by kind, recipients nulls first',
    );
    await engine.query('delete from mail_outbox');
    return mails;
  }

  it('go to whoever claimed the task, else to the contacts, the day before it is due', async () => {
    await addTask('Number of Ada', { dueInDays: 0.5, assignee: 'ida@example.com' });
    await addTask('Number of Bea', { dueInDays: -1 });
    await addTask('Number of Cid', { dueInDays: 3 });
    await addTask('Number of Dan', { dueInDays: -1, state: 'done' });

    const mails = await sent();

    expect(mails).toMatchObject([
      { kind: 'reminder', recipients: null, subject: '1 task on the worklist is due' },
      { kind: 'reminder', recipients: ['ida@example.com'] },
    ]);
    expect(mails[0]?.body_text).toContain('Number of Bea (Phones), was due on');
    expect(mails[0]?.body_text).toContain('https://patchbay.example.com/console/worklist');
    expect(mails[1]?.body_text).toContain('Number of Ada');
    expect(mails.map(({ body_text }) => body_text).join()).not.toMatch(/Cid|Dan/);
  });

  it('come once, and again only after two days without its being done', async () => {
    await addTask('Number of Bea', { dueInDays: 0 });
    await Promise.all([remind(), remind()]);
    expect(await sent()).toHaveLength(1);
    expect(await sent()).toEqual([]);

    engine.directory.clock.advance(3 * DAY_MS);
    expect(await sent()).toHaveLength(1);
    await engine.query("update worklist_items set state = 'done'");
    engine.directory.clock.advance(3 * DAY_MS);
    expect(await sent()).toEqual([]);
  });

  it('escalate what keeps a leaver inside beyond its day, whoever has claimed it', async () => {
    await addTask('Number of Eve', { dueInDays: -0.1, isUrgent: true, assignee: 'ida@example.com' });

    expect(await sent()).toMatchObject([
      { kind: 'escalation', recipients: null, subject: '1 task overdue: a leaver still has access' },
    ]);
  });
});
