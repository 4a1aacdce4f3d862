import type { Change, ChangeAction, DriftItem, Notice, PlanInputs } from '../domain/plan.js';
import type { Hold } from '../domain/safety.js';
import type { Page, PageRequest } from './page.js';

export const PLAN_STATES = [
  'reported',
  'held',
  'approved',
  'applying',
  'awaiting',
  'applied',
  'failed',
  'rejected',
  'superseded',
] as const;
export type PlanState = (typeof PLAN_STATES)[number];

export interface PlanQuery extends PageRequest {
  readonly state: PlanState | null;
  readonly accountId: string | null;
}

export interface PlanRow {
  readonly id: string;
  readonly accountId: string;
  readonly account: string;
  readonly trigger: string;
  readonly scope: string;
  readonly state: PlanState;
  readonly changeCount: number;
  readonly removalCount: number;
  readonly createdAt: Date;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly holds: readonly Hold[];
}

/** One person's approval of exactly this plan. */
export interface PlanApproval {
  readonly approver: string;
  readonly at: Date;
}

export interface PlanDetail extends PlanRow {
  readonly digest: string;
  /** Who has approved it so far, in order; an account may ask for two people. */
  readonly approvals: readonly PlanApproval[];
  readonly inputs: PlanInputs;
  /** The first hundred of each: a plan of a whole account may have many thousands. */
  readonly drift: readonly DriftItem[];
  readonly driftCount: number;
  readonly notices: readonly Notice[];
  readonly noticeCount: number;
  /** How many changes of each kind and state. */
  readonly tally: readonly {
    readonly action: ChangeAction;
    readonly state: string;
    readonly count: number;
  }[];
}

export interface ChangeRow {
  readonly id: string;
  readonly position: number;
  readonly change: Change;
  readonly state: string;
  readonly error: string | null;
}

export interface ChangeQuery extends PageRequest {
  readonly action: ChangeAction | null;
}

export interface PlansView {
  /** Newest first. */
  list(tenantId: string, query: PlanQuery): Promise<Page<PlanRow>>;
  find(tenantId: string, planId: string): Promise<PlanDetail | null>;
  /** In the order in which they are applied. */
  changes(tenantId: string, planId: string, query: ChangeQuery): Promise<Page<ChangeRow>>;
}
