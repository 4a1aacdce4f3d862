import { AppError } from '../domain/errors.js';
import type { Page, PageRequest } from './page.js';

export const TASK_STATES = ['open', 'done', 'obsolete'] as const;
export type TaskState = (typeof TASK_STATES)[number];

/** The kind of a task whose steps are confirmed one by one; it closes with the last of them. */
export const CHECKLIST = 'checklist';

/** Something that a person has to do because the vendor has no API for it. */
export interface TaskRow {
  readonly id: string;
  readonly accountId: string;
  readonly account: string;
  readonly personId: string | null;
  readonly kind: string;
  readonly title: string;
  readonly steps: readonly string[];
  readonly link: string | null;
  readonly isUrgent: boolean;
  readonly state: TaskState;
  readonly dueAt: Date | null;
  readonly assignee: string | null;
  readonly comment: string | null;
  readonly createdAt: Date;
  readonly closedAt: Date | null;
  readonly closedBy: string | null;
  /** Why it is not needed, in the words of whoever said so. */
  readonly closedBecause: string | null;
}

export interface TaskQuery extends PageRequest {
  readonly state: TaskState;
  readonly accountId: string | null;
  readonly assignee: string | null;
  /** Words of which each must be part of the title, whatever the case. Absent or empty: all. */
  readonly search?: string;
}

/** What a person may change of a task. */
export interface TaskChange {
  readonly assignee?: string | null;
  readonly comment?: string | null;
  readonly dueAt?: Date;
  readonly state?: TaskState;
  readonly closedBecause?: string;
}

export interface TaskAudit {
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly targetType: 'task';
  readonly targetId: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface WorklistStore {
  /** Open ones: urgent first, then the oldest. Closed ones: the last closed first. */
  list(tenantId: string, query: TaskQuery): Promise<Page<TaskRow>>;
  find(tenantId: string, taskId: string): Promise<TaskRow | null>;
  /** Writes the change if the task is in state `from`, with its audit event. `taken`: the same task is open anew. */
  change(
    tenantId: string,
    task: { readonly id: string; readonly from: TaskState },
    change: TaskChange,
    audit: TaskAudit,
  ): Promise<'changed' | 'moved-on' | 'taken'>;
}

export interface TaskAction {
  readonly tenantId: string;
  readonly taskId: string;
  /** Who does it: for the audit trail, such as `console:ada@example.com`. */
  readonly actor: string;
}

/** The manual tasks of a tenant. Everything throws AppError `notFound`, and `stale` when the task moved on. */
export interface Worklist {
  list(tenantId: string, query: TaskQuery): Promise<Page<TaskRow>>;
  get(tenantId: string, taskId: string): Promise<TaskRow>;
  /** `assignee`: the name people know the person by; null gives the task back. */
  assign(action: TaskAction, assignee: string | null): Promise<void>;
  comment(action: TaskAction, comment: string): Promise<void>;
  /** Says that it was done. The next reconciliation opens it again when it sees that it was not. */
  done(action: TaskAction): Promise<void>;
  /**
   * Says that it is not needed, and why: it is not opened again as long as the same is wanted. Throws AppError
   * `conflict` for an urgent one, which keeps a leaver inside until it is done.
   */
  dismiss(action: TaskAction, reason: string): Promise<void>;
  reopen(action: TaskAction): Promise<void>;
  /** Until when it should be done. Reminders follow the date. */
  setDue(action: TaskAction, dueAt: Date): Promise<void>;
}

const COMMENT_MAX_CHARS = 2_000;
export const ASSIGNEE_MAX_CHARS = 200;
export const REASON_MAX_CHARS = 500;

export function makeWorklist(deps: { readonly store: WorklistStore; readonly now: () => Date }): Worklist {
  const { store, now } = deps;
  const get = async (tenantId: string, taskId: string): Promise<TaskRow> => {
    const task = await store.find(tenantId, taskId);
    if (task === null)
      throw new AppError('notFound', 'There is no such task. It may belong to a deleted account.');
    return task;
  };
  const write = async (
    { tenantId, taskId, actor }: TaskAction,
    verb: string,
    from: TaskState,
    change: TaskChange,
  ): Promise<void> => {
    const { kind, title } = await get(tenantId, taskId);
    if (kind === CHECKLIST && change.state !== undefined) throw stepByStep();
    const audit: TaskAudit = {
      at: now(),
      actor,
      action: `task.${verb}`,
      targetType: 'task',
      targetId: taskId,
      data: { kind, title, ...change },
    };
    refuseUnless(await store.change(tenantId, { id: taskId, from }, change, audit), from);
  };
  return {
    list: (tenantId, query) => store.list(tenantId, query),
    get,
    async assign(action, assignee) {
      const name = assignee === null ? null : boundedText(assignee, ASSIGNEE_MAX_CHARS, 'name');
      await write(action, name === null ? 'released' : 'claimed', 'open', { assignee: name });
    },
    async comment(action, comment) {
      const text = comment.trim() === '' ? null : boundedText(comment, COMMENT_MAX_CHARS, 'comment');
      const { state } = await get(action.tenantId, action.taskId);
      await write(action, 'commented', state, { comment: text });
    },
    done: (action) => write(action, 'done', 'open', { state: 'done' }),
    async dismiss(action, reason) {
      const closedBecause = boundedText(reason, REASON_MAX_CHARS, 'reason');
      const { isUrgent } = await get(action.tenantId, action.taskId);
      if (isUrgent) {
        throw new AppError(
          'conflict',
          'This task takes access from somebody who left, so it cannot be dismissed. Do it, and mark it as done.',
        );
      }
      await write(action, 'dismissed', 'open', { state: 'obsolete', closedBecause });
    },
    setDue: (action, dueAt) => write(action, 'due', 'open', { dueAt }),
    async reopen(action) {
      const { state } = await get(action.tenantId, action.taskId);
      if (state === 'open') return;
      await write(action, 'reopened', state, { state: 'open' });
    },
  };
}

function boundedText(text: string, maxChars: number, what: string): string {
  const trimmed = text.trim();
  if (trimmed !== '' && trimmed.length <= maxChars) return trimmed;
  throw new AppError(
    'invalid',
    `Give a ${what} of 1 to ${String(maxChars)} characters. Nothing was changed.`,
  );
}

/** Nobody confirms in one go what nobody looked at. */
function stepByStep(): AppError {
  return new AppError(
    'conflict',
    'Nothing was changed: a checklist closes by itself when each of its steps is confirmed. What turns out not to be so is asked for again by the next import.',
  );
}

function refuseUnless(outcome: 'changed' | 'moved-on' | 'taken', from: TaskState): void {
  if (outcome === 'changed') return;
  if (outcome === 'taken') {
    throw new AppError('conflict', 'The same task is open anew already. Work on that one.');
  }
  throw new AppError(
    'stale',
    `The task is no longer ${from}: somebody, or a reconciliation, was faster. Look again.`,
  );
}
