import { AppError, isAppError, type ErrorKind } from '../domain/errors.js';
import type { TaskAction, Worklist } from './worklist.js';

/** What may be done with many tasks at once. `assignee`: null gives them back. */
export type ManyAction =
  | { readonly type: 'assign'; readonly assignee: string | null }
  | { readonly type: 'done' }
  | { readonly type: 'dismiss'; readonly reason: string };

export interface ManyTasks extends Omit<TaskAction, 'taskId'> {
  readonly taskIds: readonly string[];
}

export interface RefusedTask {
  readonly id: string;
  /** null: there is no such task. */
  readonly title: string | null;
  readonly message: string;
}

export interface ManyOutcome {
  readonly changed: readonly string[];
  readonly refused: readonly RefusedTask[];
}

export const TASKS_AT_ONCE_MAX = 200;
/** What one task may refuse while the others are changed all the same. */
const OF_ONE_TASK: ReadonlySet<ErrorKind> = new Set(['notFound', 'conflict', 'stale']);

/**
 * The same with each task as if somebody did it one by one: the same refusals, and an audit event of its own for each.
 * Throws AppError `invalid` before anything is changed where the number of tasks, the name or the reason is wrong.
 */
export async function changeMany(
  worklist: Worklist,
  { taskIds, ...who }: ManyTasks,
  action: ManyAction,
): Promise<ManyOutcome> {
  const ids = [...new Set(taskIds)];
  if (ids.length === 0 || ids.length > TASKS_AT_ONCE_MAX) {
    throw new AppError(
      'invalid',
      `Choose 1 to ${String(TASKS_AT_ONCE_MAX)} tasks at once. Nothing was changed.`,
    );
  }
  const changed: string[] = [];
  const refused: RefusedTask[] = [];
  for (const id of ids) {
    try {
      await changeOne(worklist, { ...who, taskId: id }, action);
      changed.push(id);
    } catch (error) {
      if (!isAppError(error) || !OF_ONE_TASK.has(error.kind)) throw error;
      refused.push({ id, title: await titleOf(worklist, who.tenantId, id), message: error.message });
    }
  }
  return { changed, refused };
}

function changeOne(worklist: Worklist, task: TaskAction, action: ManyAction): Promise<void> {
  switch (action.type) {
    case 'assign':
      return worklist.assign(task, action.assignee);
    case 'done':
      return worklist.done(task);
    case 'dismiss':
      return worklist.dismiss(task, action.reason);
  }
}

async function titleOf(worklist: Worklist, tenantId: string, id: string): Promise<string | null> {
  try {
    return (await worklist.get(tenantId, id)).title;
  } catch (error) {
    if (isAppError(error) && error.kind === 'notFound') return null;
    throw error;
  }
}
