import { z } from 'zod';
import { CHECKLIST, TASK_STATES, type TaskAction, type Worklist } from '../../administration/worklist.js';
import { changeMany } from '../../administration/worklist-many.js';
import type { Checklists } from '../../manual/confirm.js';
import type { Accounts } from '../../tenancy/accounts.js';
import { param, queryChoice, queryCursor, queryText, type PageContext } from '../kit/context.js';
import type { FlashKey } from '../kit/flash.js';
import { readForm } from '../kit/form.js';
import type { Pages } from '../kit/pages.js';
import { page, redirect, type PageResult, type Result } from '../kit/result.js';
import { h } from '../markup/markup.js';
import { paths } from '../paths.js';
import { assigneeOf } from './assignee.js';
import { WorklistPage } from './list.js';
import { chosenAction, markedTasks, refusedWords } from './many.js';
import { TaskPage } from './task.js';

export interface WorklistDeps {
  readonly worklist: Worklist;
  readonly accounts: Pick<Accounts, 'list'>;
  readonly checklists: Checklists;
}

const PAGE_LENGTH = 50;
const dueForm = z.object({ dueOn: z.iso.date('Give a date.') });
const dismissForm = z.object({ reason: z.string().default('') });
const commentForm = z.object({ comment: z.string().max(2_000) });

export function addWorklist(pages: Pages, deps: WorklistDeps): void {
  const { worklist } = deps;
  pages.get('/worklist', 'read', (context) => listTasks(deps, context));
  pages.get('/worklist/:id', 'read', (context) => showTask(deps, context));
  pages.post(
    '/worklist/many',
    'worklist:work',
    (context) => changeMarked(deps, context),
    (context) => listTasks(deps, context),
  );
  const act = (
    verb: string,
    flash: FlashKey,
    run: (action: TaskAction, context: PageContext) => Promise<void>,
  ): void =>
    pages.post(
      `/worklist/:id/${verb}`,
      'worklist:work',
      async (context) => {
        const action = actionOf(context);
        await run(action, context);
        return redirect(paths.task(action.taskId), flash);
      },
      (context) => showTask(deps, context),
    );
  pages.post(
    '/worklist/:id/steps/:step/confirm',
    'worklist:work',
    (context) => confirmStep(deps, context),
    (context) => showTask(deps, context),
  );
  pages.post(
    '/worklist/:id/steps/:step/undo',
    'worklist:work',
    (context) => undoStep(deps, context),
    (context) => showTask(deps, context),
  );
  act('claim', 'task-claimed', (action, { session }) => worklist.assign(action, assigneeOf(session)));
  act('release', 'task-released', (action) => worklist.assign(action, null));
  act('done', 'task-done', (action) => worklist.done(action));
  act('dismiss', 'task-dismissed', (action, { request }) =>
    worklist.dismiss(action, readForm(request, dismissForm).reason),
  );
  act('due', 'task-due', (action, { request }) =>
    worklist.setDue(action, new Date(`${readForm(request, dueForm).dueOn}T23:59:59Z`)),
  );
  act('reopen', 'task-reopened', (action) => worklist.reopen(action));
  act('comment', 'task-commented', (action, { request }) =>
    worklist.comment(action, readForm(request, commentForm).comment),
  );
}

/** What could not be done with some of them is said above the list; the others are done. */
async function changeMarked(deps: WorklistDeps, context: PageContext): Promise<Result> {
  const { session, actor } = context;
  const marked = { tenantId: session.tenantId, actor, taskIds: markedTasks(context) };
  const refused = refusedWords(await changeMany(deps.worklist, marked, chosenAction(context)));
  if (refused !== null) return { ...(await listTasks(deps, context)), problem: refused };
  return redirect(paths.worklist(listQuery(context)), 'tasks-changed');
}

function listQuery(context: PageContext) {
  const named = ['state', 'mine', 'account', 'search', 'after'] as const;
  return Object.fromEntries(named.map((name) => [name, queryText(context, name)]));
}

const confirmForm = z.object({ typed: z.string().max(300).default('') });

async function confirmStep({ checklists }: WorklistDeps, context: PageContext): Promise<Result> {
  const { tenantId, taskId, actor } = actionOf(context);
  const { typed } = readForm(context.request, confirmForm);
  await checklists.confirm({ tenantId, taskId, stepId: param(context, 'step'), actor, typed });
  return redirect(paths.task(taskId), 'step-confirmed');
}

async function undoStep({ checklists }: WorklistDeps, context: PageContext): Promise<Result> {
  const { tenantId, taskId, actor } = actionOf(context);
  await checklists.undo({ tenantId, taskId, stepId: param(context, 'step'), actor });
  return redirect(paths.task(taskId), 'step-undone');
}

function actionOf(context: PageContext): TaskAction {
  return { tenantId: context.session.tenantId, taskId: param(context, 'id'), actor: context.actor };
}

async function showTask({ worklist, checklists }: WorklistDeps, context: PageContext): Promise<PageResult> {
  const { tenantId } = context.session;
  const task = await worklist.get(tenantId, param(context, 'id'));
  const steps = task.kind === CHECKLIST ? await checklists.steps(tenantId, task.id) : [];
  return page(task.title, <TaskPage context={context} task={task} steps={steps} />);
}

async function listTasks({ worklist, accounts }: WorklistDeps, context: PageContext): Promise<PageResult> {
  const { session } = context;
  const known = await accounts.list(session.tenantId);
  const account = known.find(({ name }) => name === queryText(context, 'account')) ?? null;
  const state = queryChoice(context, 'state', TASK_STATES) ?? 'open';
  const isMine = queryText(context, 'mine') === 'yes';
  const search = queryText(context, 'search').trim();
  const after = queryCursor(context);
  const found = await worklist.list(session.tenantId, {
    state,
    accountId: account?.id ?? null,
    assignee: isMine ? assigneeOf(session) : null,
    search,
    after,
    limit: PAGE_LENGTH,
  });
  const filter = { state, isMine, account: account?.name ?? null, search };
  const listed = { ...filter, accounts: known, after, page: found, context };
  return page('Worklist', <WorklistPage {...listed} />);
}
