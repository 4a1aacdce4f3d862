import { z } from 'zod';
import { ASSIGNEE_MAX_CHARS, REASON_MAX_CHARS, TASK_STATES } from '../../administration/worklist.js';
import { TASKS_AT_ONCE_MAX } from '../../administration/worklist-many.js';
import { listOf, moment, named } from './parts.js';

export const task = named(
  'Task',
  z.object({
    id: z.string(),
    accountId: z.string(),
    account: z.string(),
    personId: z.string().nullable(),
    kind: z.string(),
    title: z.string(),
    steps: z.array(z.string()),
    link: z.string().nullable(),
    isUrgent: z.boolean(),
    state: z.enum(TASK_STATES),
    dueAt: moment.nullable(),
    assignee: z.string().nullable(),
    comment: z.string().nullable(),
    createdAt: moment,
    closedAt: moment.nullable(),
    closedBy: z.string().nullable(),
    closedBecause: z.string().nullable(),
  }),
);
export const tasks = listOf('Tasks', task);
const assignee = z.string().min(1).max(ASSIGNEE_MAX_CHARS);
const reason = z.string().min(1).max(REASON_MAX_CHARS);
export const claim = named('Claim', z.strictObject({ assignee }));
export const dismissal = named('Dismissal', z.strictObject({ reason }));
const taskIds = z.array(z.string()).min(1).max(TASKS_AT_ONCE_MAX);
export const manyTasks = named(
  'ManyTasks',
  z.discriminatedUnion('action', [
    z.strictObject({ action: z.literal('assign'), taskIds, assignee: assignee.nullable() }),
    z.strictObject({ action: z.literal('done'), taskIds }),
    z.strictObject({ action: z.literal('dismiss'), taskIds, reason }),
  ]),
);
export const manyOutcome = named(
  'ManyOutcome',
  z.object({
    changed: z.array(z.string()),
    refused: z.array(z.object({ id: z.string(), title: z.string().nullable(), message: z.string() })),
  }),
);
export const comment = named('Comment', z.strictObject({ comment: z.string().max(2_000) }));
export const due = named('TaskDue', z.strictObject({ dueAt: moment }));
