import { counted } from '../lib/counted.js';
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

/** A permanent deletion that is due and waits for a person, with nothing to approve. */
export interface HeldDeletion {
  readonly id: string;
  readonly email: string;
  readonly dueAt: Date;
  /** What keeps it, in sentences. */
  readonly reason: string;
}

/** All that waits in one account. */
export interface WaitingAccount {
  readonly name: string;
  readonly plans: readonly WaitingPlan[];
  readonly deletions: readonly HeldDeletion[];
}

export interface NoticeUrls {
  readonly plan: (planId: string) => string;
  readonly leaver: (deletionId: string) => string;
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
 * what stays as it is once a day. Of deletions that a guard holds they are told once for each reason. Safe to run often.
 */
export function makeApprovalNotices(deps: {
  readonly notices: ApprovalNoticeStore;
  readonly clock: Clock;
  readonly urls: NoticeUrls;
}): () => Promise<void> {
  const { notices, clock, urls } = deps;
  return async () => {
    const now = clock.now();
    const window = {
      now,
      sameToldBefore: new Date(now.getTime() - DAY_MS),
      accountToldBefore: new Date(now.getTime() - HOUR_MS),
    };
    for (const tenantId of await notices.listTenants(window)) {
      await notices.tell(tenantId, window, (account) => composeNotice(account, urls));
    }
  };
}

/** What waits for whom, why, and where to decide. */
export function composeNotice({ name, plans, deletions }: WaitingAccount, urls: NoticeUrls): Mail {
  const leavers = plans.reduce((sum, plan) => sum + plan.leavers, 0);
  return {
    kind: 'approval',
    recipients: null,
    subject:
      plans.length > 0
        ? planTitle(name, plans.length, leavers)
        : `${heldWords(deletions.length)} for a person in ${name}`,
    text: [
      ...(plans.length === 0 ? [] : planLines(name, plans, leavers, urls)),
      ...(plans.length === 0 || deletions.length === 0 ? [] : ['']),
      ...(deletions.length === 0 ? [] : deletionLines(name, deletions, urls)),
    ].join('\n'),
    dedupeKey: null,
  };
}

function planTitle(name: string, count: number, leavers: number): string {
  if (leavers === 0) return `${plansWait(count)} for approval in ${name}`;
  return `${people(leavers)} who left ${leavers === 1 ? 'keeps' : 'keep'} access to ${name} until a plan is approved`;
}

function planLines(
  name: string,
  plans: readonly WaitingPlan[],
  leavers: number,
  urls: NoticeUrls,
): readonly string[] {
  const many = plansWait(plans.length);
  return [
    leavers === 0
      ? `${many} in the phone system "${name}". Nothing of it happens before somebody decides.`
      : `${many} in the phone system "${name}", and ${people(leavers)} who left ${leavers === 1 ? 'keeps' : 'keep'} access there until somebody decides.`,
    ...firstOf(plans, (plan) => describe(plan, urls.plan)),
  ];
}

/** Why nobody is asked to approve: what keeps it has to be put right, or goes away by itself. */
function deletionLines(
  name: string,
  deletions: readonly HeldDeletion[],
  urls: NoticeUrls,
): readonly string[] {
  return [
    `${heldWords(deletions.length)} in the phone system "${name}": it is time, but something keeps it. Their access is taken already. It goes on by itself when that is put right.`,
    ...firstOf(deletions, ({ id, email, dueAt, reason }) => [
      `- ${email}, due since ${utcMinute(dueAt)}.`,
      `  ${reason}`,
      `  Look at it: ${urls.leaver(id)}`,
    ]),
  ];
}

function firstOf<T>(items: readonly T[], describeOne: (item: T) => readonly string[]): readonly string[] {
  const rest = items.length - LISTED_MAX;
  return [
    ...items.slice(0, LISTED_MAX).flatMap((item) => ['', ...describeOne(item)]),
    ...(rest > 0 ? ['', `and ${String(rest)} more`] : []),
  ];
}

function plansWait(count: number): string {
  return count === 1 ? '1 plan waits' : `${String(count)} plans wait`;
}

function heldWords(count: number): string {
  return count === 1 ? '1 deletion for good waits' : `${String(count)} deletions for good wait`;
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
  return counted(count, 'person', 'people');
}
