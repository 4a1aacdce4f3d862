import type { Verdict } from '../domain/safety.js';
import type { Clock } from '../lib/clock.js';
import { utcMinute } from '../lib/utc.js';
import type { Mail } from '../mail/ports.js';

/** A plan that waits for approval, and what hangs on it. */
export interface WaitingPlan {
  readonly id: string;
  readonly createdAt: Date;
  readonly changes: number;
  /** People who left and keep their access until somebody decides. */
  readonly leavers: number;
  /** Agents that are deleted for good by it. */
  readonly deletions: number;
  readonly verdict: Verdict;
}

/** All that waits in one account. */
export interface WaitingAccount {
  readonly name: string;
  readonly plans: readonly WaitingPlan[];
}

export interface NoticeWindow {
  readonly now: Date;
  /** Nobody is told again of the same plan who was told after this moment. */
  readonly sameToldBefore: Date;
  /** Nobody is told of anything else in an account where somebody was told after this moment. */
  readonly accountToldBefore: Date;
}

export interface ApprovalNoticeStore {
  /** Tenants in which something waits that somebody has to be told of. */
  listTenants(window: NoticeWindow): Promise<readonly string[]>;
  /** Takes it, writes what `compose` makes of each account and notes the moment, in one transaction. */
  tell(tenantId: string, window: NoticeWindow, compose: (account: WaitingAccount) => Mail): Promise<void>;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LISTED_MAX = 10;

/**
 * Tells people by e-mail of plans that wait for their approval: at once, of what changes meanwhile once an hour, and of
 * what stays as it is once a day. Safe to run often.
 */
export function makeApprovalNotices(deps: {
  readonly notices: ApprovalNoticeStore;
  readonly clock: Clock;
  readonly planUrl: (planId: string) => string;
}): () => Promise<void> {
  const { notices, clock, planUrl } = deps;
  return async () => {
    const now = clock.now();
    const window = {
      now,
      sameToldBefore: new Date(now.getTime() - DAY_MS),
      accountToldBefore: new Date(now.getTime() - HOUR_MS),
    };
    for (const tenantId of await notices.listTenants(window)) {
      await notices.tell(tenantId, window, (account) => composeNotice(account, planUrl));
    }
  };
}

/** What waits for whom, why, and where to decide. */
export function composeNotice({ name, plans }: WaitingAccount, planUrl: (planId: string) => string): Mail {
  const leavers = plans.reduce((sum, plan) => sum + plan.leavers, 0);
  const many = plans.length === 1 ? '1 plan waits' : `${String(plans.length)} plans wait`;
  const rest = plans.length - LISTED_MAX;
  return {
    kind: 'approval',
    recipients: null,
    subject:
      leavers === 0
        ? `${many} for approval in ${name}`
        : `${people(leavers)} who left ${leavers === 1 ? 'keeps' : 'keep'} access to ${name} until a plan is approved`,
    text: [
      leavers === 0
        ? `${many} in the phone system "${name}". Nothing of it happens before somebody decides.`
        : `${many} in the phone system "${name}", and ${people(leavers)} who left ${leavers === 1 ? 'keeps' : 'keep'} access there until somebody decides.`,
      ...plans.slice(0, LISTED_MAX).flatMap((plan) => ['', ...describe(plan, planUrl)]),
      ...(rest > 0 ? ['', `and ${String(rest)} more`] : []),
    ].join('\n'),
    dedupeKey: null,
  };
}

function describe(plan: WaitingPlan, planUrl: (planId: string) => string): readonly string[] {
  const { createdAt, changes, leavers, deletions, verdict } = plan;
  const parts = [
    `${String(changes)} ${changes === 1 ? 'change' : 'changes'}`,
    ...(leavers > 0 ? [`${people(leavers)} shut out`] : []),
    ...(deletions > 0 ? [`${people(deletions)} deleted for good`] : []),
  ];
  const holds = verdict.type === 'held' ? verdict.holds : [];
  return [
    `- Since ${utcMinute(createdAt)}: ${parts.join(', ')}.`,
    ...holds.map(({ message }) => `  ${message}`),
    `  Look at it and decide: ${planUrl(plan.id)}`,
  ];
}

function people(count: number): string {
  return count === 1 ? '1 person' : `${String(count)} people`;
}
