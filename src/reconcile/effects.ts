import type { ManualTask } from '../domain/plan.js';
import type { Link } from '../domain/state.js';
import type { NewStep } from './steps.js';

/** What an applied change did to the records, as data: stored in one transaction with the change itself. */
export type LinkEffect =
  | { readonly type: 'link-created' | 'link-changed'; readonly link: Link }
  /** The agent is not ours any more. */
  | { readonly type: 'link-ended'; readonly linkId: string };

/** What becomes of it when the link goes another way follows from the link. */
export interface DeletionEffect {
  readonly type: 'deletion-scheduled';
  readonly deletionId: string;
  readonly linkId: string;
  readonly subjectId: string;
  readonly dueAt: Date;
}

export interface TaskEffect {
  readonly type: 'task-opened';
  readonly task: WorklistTask;
}

/** A person is asked to do something: nothing has happened yet, so no link changes. */
export interface StepEffect {
  readonly type: 'step-opened';
  readonly step: NewStep;
}

export type Effect = LinkEffect | DeletionEffect | TaskEffect | StepEffect;

/** A manual task for a person. `key` is unique among the account's open ones. */
export interface WorklistTask {
  readonly id: string;
  readonly subjectId: string | null;
  readonly key: string;
  readonly kind: string;
  /** What is asked for, as far as a person can do it at the vendor; null: a refusal to be looked into. */
  readonly task: ManualTask | null;
  readonly title: string;
  readonly steps: readonly string[];
  readonly link: string | null;
  readonly isUrgent: boolean;
  /** From opening until it is overdue. */
  readonly dueInDays: number;
}
