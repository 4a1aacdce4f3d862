import { z } from 'zod';
import { TASK_STATES, type TaskAction } from '../../administration/worklist.js';
import { changeMany, type ManyAction } from '../../administration/worklist-many.js';
import type { ErrorKind } from '../../domain/errors.js';
import type { ApiDeps } from '../deps.js';
import { operation, type Call, type Operation } from '../operation.js';
import { byId, noParams, noQuery, pageQuery, pageRequest } from '../schemas/parts.js';
import { claim, comment, dismissal, due, manyOutcome, manyTasks, task, tasks } from '../schemas/tasks.js';
import { accountIdOf } from './accounts-by-name.js';

export function worklistOperations(deps: ApiDeps): readonly Operation[] {
  return [...readTasks(deps), ...workOnTasks(deps)];
}

function readTasks(deps: ApiDeps): readonly Operation[] {
  return [
    operation({
      id: 'listTasks',
      method: 'get',
      path: '/worklist',
      tag: 'Worklist',
      summary: 'Tasks for a person: open ones by urgency and age, closed ones the last closed first',
      permission: 'read',
      status: 200,
      params: noParams,
      query: pageQuery.extend({
        state: z.enum(TASK_STATES).default('open'),
        account: z.string().max(100).optional(),
        assignee: z.string().max(200).optional(),
        search: z.string().max(200).default('').describe('Words, each part of the title'),
      }),
      body: null,
      response: tasks,
      errors: ['notFound'],
      async handle({ principal: { tenantId }, query }) {
        const accountId = await accountIdOf(deps.accounts, tenantId, query.account);
        const { state, assignee = null, search } = query;
        const page = { ...pageRequest(query), state, accountId, assignee, search };
        const found = await deps.worklist.list(tenantId, page);
        return { items: found.rows, next: found.next };
      },
    }),
    operation({
      id: 'getTask',
      method: 'get',
      path: '/worklist/{id}',
      tag: 'Worklist',
      summary: 'One task with its steps',
      permission: 'read',
      status: 200,
      params: byId,
      query: noQuery,
      body: null,
      response: task,
      errors: ['notFound'],
      handle: ({ principal, params }) => deps.worklist.get(principal.tenantId, params.id),
    }),
  ];
}

const WORK = {
  method: 'post',
  tag: 'Worklist',
  permission: 'worklist:work',
  status: 204,
  params: byId,
  query: noQuery,
  response: null,
} as const;
const MOVED_ON: readonly ErrorKind[] = ['notFound', 'stale'];

function workOnTasks({ worklist }: ApiDeps): readonly Operation[] {
  return [
    operation({
      ...WORK,
      id: 'claimTask',
      path: '/worklist/{id}/claim',
      summary: 'Say whose task it is',
      body: claim,
      errors: MOVED_ON,
      handle: (call) => worklist.assign(actionOf(call), call.body.assignee),
    }),
    operation({
      ...WORK,
      id: 'releaseTask',
      path: '/worklist/{id}/release',
      summary: 'Give a task back',
      body: null,
      errors: MOVED_ON,
      handle: (call) => worklist.assign(actionOf(call), null),
    }),
    operation({
      ...WORK,
      id: 'commentTask',
      path: '/worklist/{id}/comment',
      summary: 'Replace the comment; an empty one takes it away',
      body: comment,
      errors: ['notFound'],
      handle: (call) => worklist.comment(actionOf(call), call.body.comment),
    }),
    operation({
      ...WORK,
      id: 'completeTask',
      path: '/worklist/{id}/done',
      summary: 'Say that it was done; a reconciliation opens it again if it was not',
      body: null,
      errors: MOVED_ON,
      handle: (call) => worklist.done(actionOf(call)),
    }),
    operation({
      ...WORK,
      id: 'dismissTask',
      path: '/worklist/{id}/dismiss',
      summary:
        'Say that it is not needed, and why; it stays closed as long as the same is wanted. Refused for urgent tasks',
      body: dismissal,
      errors: ['notFound', 'stale', 'conflict'],
      handle: (call) => worklist.dismiss(actionOf(call), call.body.reason),
    }),
    operation({
      ...WORK,
      id: 'setTaskDue',
      path: '/worklist/{id}/due',
      summary: 'Set until when it should be done',
      body: due,
      errors: MOVED_ON,
      handle: (call) => worklist.setDue(actionOf(call), new Date(call.body.dueAt)),
    }),
    operation({
      ...WORK,
      id: 'reopenTask',
      path: '/worklist/{id}/reopen',
      summary: 'Open a closed task again',
      body: null,
      errors: ['notFound', 'conflict'],
      handle: (call) => worklist.reopen(actionOf(call)),
    }),
    operation({
      ...WORK,
      id: 'changeTasks',
      path: '/worklist/many',
      summary:
        'Assign, complete or dismiss up to 200 tasks; what one of them refuses stops none of the others',
      status: 200,
      params: noParams,
      body: manyTasks,
      response: manyOutcome,
      handle({ principal: { tenantId, actor }, body: { taskIds, action: type, ...rest } }) {
        const action = { type, ...rest } as ManyAction;
        return changeMany(worklist, { tenantId, actor, taskIds }, action);
      },
    }),
  ];
}

function actionOf({ principal, params }: Call<z.output<typeof byId>, unknown, unknown>): TaskAction {
  return { tenantId: principal.tenantId, taskId: params.id, actor: principal.actor };
}
