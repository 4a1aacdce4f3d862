import type { Command } from 'commander';
import { AppError } from '../../domain/errors.js';
import {
  makeWorklist,
  TASK_STATES,
  type TaskAction,
  type TaskRow,
  type TaskQuery,
  type Worklist,
} from '../../administration/worklist.js';
import { changeMany } from '../../administration/worklist-many.js';
import type { PageRequest } from '../../administration/page.js';
import { makeWorklistStore } from '../../store/console/worklist.js';
import { renderTable } from '../terminal.js';
import { addManyCommand, MANY_WORDS } from './worklist-many.js';
import { addStepCommands } from './worklist-steps.js';
import { print, type CommandContext } from './context.js';

interface TenantOptions {
  readonly tenant: string;
}

interface ListOptions extends TenantOptions {
  readonly state: string;
  readonly account?: string;
  readonly assignee?: string;
  readonly search?: string;
}

const PAGE = 200;

/** `patchbay worklist ...`: what people have to do because a vendor has no API for it. */
export function addWorklistCommands(program: Command, context: CommandContext): void {
  const worklist = program
    .command('worklist')
    .description('tasks for people: list, show, claim, release, comment, due, done, dismiss, reopen, many');
  addReading(worklist, context);
  addStepCommands(worklist, context);
  addManyCommand(tenantCommand(worklist, 'many <action> <tasks...>', MANY_WORDS), context, (slug, about) =>
    withWorklist(context, slug, (tasks, tenantId) =>
      changeMany(tasks, { tenantId, actor: context.actor, taskIds: about.taskIds }, about.action),
    ),
  );
  const act = (name: string, description: string, said: string, run: Run): void => {
    tenantCommand(worklist, name, description).action(async (...given: readonly unknown[]) => {
      const command = given.at(-1) as Command;
      const [taskId = '', argument = ''] = command.args;
      const { tenant } = command.opts<TenantOptions>();
      await withWorklist(context, tenant, (tasks, tenantId) =>
        run(tasks, { tenantId, taskId, actor: context.actor }, argument),
      );
      print(context, command, { task: taskId }, said);
    });
  };
  act('claim <task> <name>', 'say whose task it is', 'Claimed.', (tasks, action, name) =>
    tasks.assign(action, name),
  );
  act('release <task>', 'give a task back', 'The task is free again.', (tasks, action) =>
    tasks.assign(action, null),
  );
  act('comment <task> <text>', 'replace the comment', 'The comment was saved.', (tasks, action, text) =>
    tasks.comment(action, text),
  );
  act('due <task> <date>', 'set until when, as YYYY-MM-DD', 'The date was changed.', (tasks, action, day) =>
    tasks.setDue(action, endOfDay(day)),
  );
  act(
    'done <task>',
    'say that it was done',
    'Done. A reconciliation opens it again if it was not.',
    (tasks, action) => tasks.done(action),
  );
  act(
    'dismiss <task> <reason>',
    'say that it is not needed, and why',
    'Closed as not needed.',
    (tasks, action, reason) => tasks.dismiss(action, reason),
  );
  act('reopen <task>', 'open a closed task again', 'The task is open again.', (tasks, action) =>
    tasks.reopen(action),
  );
}

type Run = (tasks: Worklist, action: TaskAction, argument: string) => Promise<void>;

function addReading(worklist: Command, context: CommandContext): void {
  tenantCommand(worklist, 'list', 'list tasks: open ones by urgency and age, closed ones the last first')
    .option('--state <state>', TASK_STATES.join(', '), 'open')
    .option('--account <name>', 'of one account')
    .option('--assignee <name>', 'of one person')
    .option('--search <words>', 'whose title has each of these words')
    .action(async (options: ListOptions, command: Command) => {
      const tasks = await listTasks(context, options);
      const rows = tasks.map((task) => [
        task.id, task.account, task.isUrgent ? 'urgent' : '', task.title,
        task.dueAt?.toISOString().slice(0, 10) ?? '', task.assignee ?? '',
      ]); // prettier-ignore
      const table = renderTable(['task', 'account', '', 'what', 'due', 'whose'], rows);
      print(context, command, tasks, rows.length === 0 ? `No task is ${options.state} there.` : table);
    });
  tenantCommand(worklist, 'show <task>', 'show one task with its steps').action(
    async (taskId: string, { tenant }: TenantOptions, command: Command) => {
      const task = await withWorklist(context, tenant, (tasks, tenantId) => tasks.get(tenantId, taskId));
      print(context, command, task, describeTask(task));
    },
  );
}

async function listTasks(context: CommandContext, options: ListOptions): Promise<readonly TaskRow[]> {
  const state = TASK_STATES.find((one) => one === options.state);
  if (state === undefined) {
    throw new AppError(
      'invalid',
      `There is no state "${options.state}". Choose one of ${TASK_STATES.join(', ')}.`,
    );
  }
  return withWorklist(context, options.tenant, async (tasks, tenantId, accountIdOf) => {
    const accountId = options.account === undefined ? null : await accountIdOf(options.account);
    const { assignee = null, search = '' } = options;
    return allTasks(tasks, tenantId, { state, accountId, assignee, search });
  });
}

async function allTasks(
  tasks: Worklist,
  tenantId: string,
  query: Omit<TaskQuery, keyof PageRequest>,
): Promise<readonly TaskRow[]> {
  const all: TaskRow[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<Worklist['list']>> = await tasks.list(tenantId, {
      ...query,
      after,
      limit: PAGE,
    });
    all.push(...page.rows);
    after = page.next;
  } while (after !== null);
  return all;
}

function withWorklist<Result>(
  context: CommandContext,
  slug: string,
  work: (
    tasks: Worklist,
    tenantId: string,
    accountIdOf: (name: string) => Promise<string>,
  ) => Promise<Result>,
): Promise<Result> {
  return context.withServices(async ({ tenants, accounts, database, clock }) => {
    const { id } = await tenants.bySlug(slug);
    const tasks = makeWorklist({ store: makeWorklistStore(database), now: () => clock.now() });
    return work(tasks, id, async (name) => (await accounts.byName(id, name)).id);
  });
}

function tenantCommand(parent: Command, nameAndArguments: string, description: string): Command {
  return parent
    .command(nameAndArguments)
    .description(description)
    .requiredOption('--tenant <slug>', 'tenant');
}

function endOfDay(day: string): Date {
  const end = new Date(`${day}T23:59:59Z`);
  if (/^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(end.getTime())) return end;
  throw new AppError('invalid', `"${day}" is no date. Write it as YYYY-MM-DD. Nothing was changed.`);
}

function describeTask(task: TaskRow): string {
  const facts = [
    `${task.account} · ${task.state}${task.isUrgent ? ' · urgent' : ''}`,
    `Due: ${task.dueAt?.toISOString().slice(0, 10) ?? 'no date'} · Whose: ${task.assignee ?? 'nobody yet'}`,
    ...(task.comment === null ? [] : [`Comment: ${task.comment}`]),
    ...(task.link === null ? [] : [`Where: ${task.link}`]),
  ];
  const steps = task.steps.map((step, index) => `  ${String(index + 1)}. ${step}`);
  return [task.title, ...facts, '', ...steps].join('\n');
}
