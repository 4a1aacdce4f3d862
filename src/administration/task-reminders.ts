import type { Clock } from '../lib/clock.js';
import type { Mail } from '../mail/ports.js';

/** An open task whose day has come or comes tomorrow. */
export interface DueTask {
  readonly id: string;
  readonly account: string;
  readonly title: string;
  readonly dueAt: Date;
  readonly isUrgent: boolean;
  readonly assignee: string | null;
}

export interface ReminderWindow {
  readonly now: Date;
  /** Tasks due before this moment. */
  readonly dueBefore: Date;
  /** Nobody is reminded again of what they were reminded of after this moment. */
  readonly remindedBefore: Date;
}

export interface ReminderStore {
  /** Tenants with tasks that somebody has to be reminded of. */
  listTenants(window: ReminderWindow): Promise<readonly string[]>;
  /** Takes those tasks, writes what `compose` makes of them and notes the moment, in one transaction. */
  remind(
    tenantId: string,
    window: ReminderWindow,
    compose: (tasks: readonly DueTask[]) => readonly Mail[],
  ): Promise<void>;
}

const DAY_MS = 86_400_000;
/** Before its day, and then every so often until it is done. */
const AHEAD_MS = DAY_MS;
const AGAIN_MS = 2 * DAY_MS;
const LISTED_MAX = 30;

/** Reminds people of tasks by e-mail: whoever claimed one, else the contacts for reminders. Safe to run often. */
export function makeTaskReminders(deps: {
  readonly reminders: ReminderStore;
  readonly clock: Clock;
  /** Of the worklist page. */
  readonly worklistUrl: string;
}): () => Promise<void> {
  const { reminders, clock, worklistUrl } = deps;
  return async () => {
    const now = clock.now();
    const window = {
      now,
      dueBefore: new Date(now.getTime() + AHEAD_MS),
      remindedBefore: new Date(now.getTime() - AGAIN_MS),
    };
    for (const tenantId of await reminders.listTenants(window)) {
      await reminders.remind(tenantId, window, (tasks) => composeReminders(tasks, now, worklistUrl));
    }
  };
}

/** One e-mail for everybody concerned; a leaver's overdue task goes to those who are told of passed deadlines. */
export function composeReminders(tasks: readonly DueTask[], now: Date, worklistUrl: string): readonly Mail[] {
  const isLate = ({ isUrgent, dueAt }: DueTask): boolean => isUrgent && dueAt < now;
  const late = tasks.filter(isLate);
  const byPerson = Map.groupBy(
    tasks.filter((task) => !isLate(task)),
    ({ assignee }) => (assignee?.includes('@') === true ? assignee : null),
  );
  const about = { now, worklistUrl };
  return [
    ...(late.length === 0 ? [] : [compose('escalation', null, late, about)]),
    ...[...byPerson].map(([person, own]) => compose('reminder', person, own, about)),
  ];
}

function compose(
  kind: 'escalation' | 'reminder',
  person: string | null,
  tasks: readonly DueTask[],
  { now, worklistUrl }: { readonly now: Date; readonly worklistUrl: string },
): Mail {
  const many = tasks.length === 1 ? '1 task' : `${String(tasks.length)} tasks`;
  const lead =
    kind === 'escalation'
      ? 'Somebody who left still has access, because it has to be taken by hand and nobody has done it yet.'
      : 'The phone system has no API for this, so that a person has to do it.';
  const lines = tasks.slice(0, LISTED_MAX).map((task) => describe(task, now));
  const rest = tasks.length - lines.length;
  return {
    kind,
    recipients: person === null ? null : [person],
    subject:
      kind === 'escalation'
        ? `${many} overdue: a leaver still has access`
        : `${many} on the worklist ${tasks.length === 1 ? 'is' : 'are'} due`,
    text: [
      lead,
      '',
      ...lines,
      ...(rest === 0 ? [] : [`and ${String(rest)} more`]),
      '',
      `Steps, and where to say that it is done: ${worklistUrl}`,
    ].join('\n'),
    dedupeKey: null,
  };
}

function describe({ title, account, dueAt, assignee }: DueTask, now: Date): string {
  const when = `${dueAt < now ? 'was due on' : 'due on'} ${dueAt.toISOString().slice(0, 10)}`;
  return `- ${title} (${account}), ${when}, ${assignee ?? 'nobody has claimed it'}`;
}
