import type { Change } from '../../domain/plan.js';

/** What the audit trail says about a person in the directory, in the order in which it happened. */
export interface DirectoryEvent {
  readonly type: 'directory';
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly subjectId: string;
  readonly actor: string;
  readonly action:
    | 'user.created'
    | 'user.changed'
    | 'user.activated'
    | 'user.deactivated'
    | 'user.deleted'
    | 'group.joined'
    | 'group.left';
}

/** What the audit trail says about a person in a phone system: a change that was carried out there. */
export interface AgentEvent {
  readonly type: 'agent';
  readonly at: number;
  readonly subjectId: string;
  readonly accountId: string;
  readonly actor: string;
  /** The plan that it belongs to; null: none is known. */
  readonly planId: string | null;
  /** What began the plan, such as `push`; null: the plan is not kept any more. */
  readonly trigger: string | null;
  readonly providerUserId: string | null;
  /** null: the permanent deletion. */
  readonly change: Change | null;
}

export type HistoryEvent = DirectoryEvent | AgentEvent;
