import { z } from 'zod';
import { TASK_STATES } from '../../administration/worklist.js';
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
  }),
);
export const tasks = listOf('Tasks', task);
export const claim = named('Claim', z.strictObject({ assignee: z.string().min(1).max(200) }));
export const comment = named('Comment', z.strictObject({ comment: z.string().max(2_000) }));
export const due = named('TaskDue', z.strictObject({ dueAt: moment }));
