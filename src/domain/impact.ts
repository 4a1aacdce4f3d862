import type { Capabilities } from './capabilities.js';
import { unreachable, type AppError } from './errors.js';
import { comparePlans } from './plan-difference.js';
import { removalKind } from './planning/removal.js';
import type { Change, ChangeAction, Plan } from './plan.js';
import type { Verdict } from './safety.js';

/** Price of one seat, as the admin entered it. */
export interface SeatPrice {
  readonly amountPerMonth: number;
  /** ISO 4217, such as EUR. */
  readonly currency: string;
}

/** What a plan means for people, for the vendor's request budget and for the invoice, beyond what comes anyway. */
export interface Impact {
  /** E-mails of people who gain something, and of those who lose something; sorted, each once. */
  readonly gaining: readonly string[];
  readonly losing: readonly string[];
  readonly newSeats: number;
  /** null: the account has no price. */
  readonly newCostPerMonth: SeatPrice | null;
  /** How many changes of each kind, in the order in which they are first carried out. */
  readonly byAction: readonly { readonly action: ChangeAction; readonly count: number }[];
  /** Requests to the vendor that carry the changes out, without readings. */
  readonly calls: number;
  /** How long these take at the account's pace. */
  readonly minutes: number;
  /** Tasks for a person. */
  readonly byHand: number;
  /** What comes anyway; nothing of it is counted above. */
  readonly pending: PendingChanges;
  /** E-mails of people for whom something was to come and does not any more; sorted, each once. */
  readonly spared: readonly string[];
}

/** Changes that are on their way whatever is decided. */
export interface PendingChanges {
  readonly changes: number;
  readonly people: number;
  readonly newSeats: number;
  readonly calls: number;
}

/** What of an account an impact depends on. */
export interface ImpactAccount {
  /** What the account's pace allows us. */
  readonly requestsPerMinute: number;
  readonly seatPrice: SeatPrice | null;
  readonly capabilities: Pick<Capabilities, 'suspend' | 'writes'>;
}

/** What rules would do in one account, or why its phone system cannot be asked now. */
export type ImpactOnAccount = KnownImpact | UnknownImpact;

export interface KnownImpact {
  readonly type: 'known';
  readonly accountName: string;
  readonly impact: Impact;
  readonly plan: Plan;
  readonly verdict: Verdict;
}

export interface UnknownImpact {
  readonly type: 'unknown';
  readonly accountName: string;
  readonly error: AppError;
}

/** What a plan does that `before`, the plan of what is in force now, would not do. null: nothing is in force. */
export function assessImpact(plan: Plan, account: ImpactAccount, before: Plan | null = null): Impact {
  const { seatPrice, requestsPerMinute, capabilities } = account;
  const { news, pending, spared } = comparePlans(plan, before);
  const whole = wholeOf(news);
  const newSeats = Math.max(0, seatsOf(plan.changes) - seatsOf(before?.changes ?? []));
  const isByHand = capabilities.writes === 'manual';
  const calls = callsFor(whole, capabilities);
  return {
    gaining: emailsOf(news.filter(isGain)),
    losing: emailsOf(news.filter((change) => removalKind(change) !== null)),
    newSeats,
    newCostPerMonth:
      seatPrice === null ? null : { ...seatPrice, amountPerMonth: seatPrice.amountPerMonth * newSeats },
    byAction: [...Map.groupBy(whole, ({ action }) => action)].map(([action, { length: count }]) => ({
      action,
      count,
    })),
    calls,
    minutes: calls / requestsPerMinute,
    byHand: whole.filter((change) => change.action === 'manual' || (isByHand && isWritten(change))).length,
    pending: pendingOf(wholeOf(pending), capabilities),
    spared: emailsOf(spared),
  };
}

function pendingOf(changes: readonly Change[], capabilities: ImpactAccount['capabilities']): PendingChanges {
  return {
    changes: changes.length,
    people: emailsOf(changes).length,
    newSeats: seatsOf(changes),
    calls: callsFor(changes, capabilities),
  };
}

/** Each update comes once, whatever of it is meant. */
function wholeOf(changes: readonly Change[]): readonly Change[] {
  return [...new Map(changes.map((change) => [change.key, change])).values()];
}

function seatsOf(changes: readonly Change[]): number {
  return changes.filter(({ action }) => action === 'create').length;
}

function callsFor(changes: readonly Change[], capabilities: ImpactAccount['capabilities']): number {
  if (capabilities.writes === 'manual') return 0;
  return changes.reduce((sum, change) => sum + callsOf(change, capabilities), 0);
}

/** Whether something is done at the vendor; where there is no API, a person does it. */
function isWritten({ action }: Change): boolean {
  return action !== 'adopt' && action !== 'forget' && action !== 'restore';
}

function isGain(change: Change): boolean {
  switch (change.action) {
    case 'create':
    case 'grant':
    case 'restore':
      return true;
    case 'update':
    case 'manual':
      return removalKind(change) === null;
    case 'adopt':
    case 'create-team':
    case 'revoke':
    case 'park':
    case 'delete':
    case 'forget':
      return false;
    default:
      return unreachable(change);
  }
}

/** Creates and deletes look first: neither may happen twice. */
function callsOf(change: Change, { suspend }: Pick<Capabilities, 'suspend'>): number {
  switch (change.action) {
    case 'create':
    case 'delete':
      return 2;
    case 'create-team':
    case 'update':
    case 'grant':
    case 'revoke':
      return 1;
    case 'park':
    case 'restore':
      return suspend ? 1 : 0;
    case 'adopt':
    case 'forget':
    case 'manual':
      return 0;
    default:
      return unreachable(change);
  }
}

function emailsOf(changes: readonly Change[]): readonly string[] {
  return [...new Set(changes.map(({ email }) => email))].filter((email) => email !== '').toSorted();
}
