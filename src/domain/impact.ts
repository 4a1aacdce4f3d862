import type { Capabilities } from './capabilities.js';
import { unreachable } from './errors.js';
import { removalKind } from './planning/removal.js';
import type { Change, ChangeAction, Plan } from './plan.js';

/** Price of one seat, as the admin entered it. */
export interface SeatPrice {
  readonly amountPerMonth: number;
  /** ISO 4217, such as EUR. */
  readonly currency: string;
}

/** What a plan means for people, for the vendor's request budget and for the invoice. */
export interface Impact {
  /** E-mails of people who gain something, and of those who lose something; sorted, each once. */
  readonly gaining: readonly string[];
  readonly losing: readonly string[];
  readonly newSeats: number;
  /** null: the account has no price. */
  readonly newCostPerMonth: SeatPrice | null;
  /** How many changes of each kind, in the order in which they are first carried out. */
  readonly byAction: readonly { readonly action: ChangeAction; readonly count: number }[];
  /** Requests to the vendor that carry the plan out, without readings. */
  readonly calls: number;
  /** How long these take at the account's pace. */
  readonly minutes: number;
  /** Tasks for a person. */
  readonly byHand: number;
}

/** What of an account an impact depends on. */
export interface ImpactAccount {
  /** What the account's pace allows us. */
  readonly requestsPerMinute: number;
  readonly seatPrice: SeatPrice | null;
  readonly capabilities: Pick<Capabilities, 'suspend' | 'writes'>;
}

/** `others`: keys of changes that come anyway; what they take is no consequence of what is assessed. */
export function assessImpact(
  { changes }: Plan,
  account: ImpactAccount,
  others: ReadonlySet<string> = new Set(),
): Impact {
  const { seatPrice, requestsPerMinute, capabilities } = account;
  const losing = changes.filter((change) => removalKind(change) !== null && !others.has(change.key));
  const gaining = changes.filter((change) => isGain(change));
  const newSeats = changes.filter(({ action }) => action === 'create').length;
  const isByHand = capabilities.writes === 'manual';
  const calls = isByHand ? 0 : changes.reduce((sum, change) => sum + callsOf(change, capabilities), 0);
  return {
    gaining: emailsOf(gaining),
    losing: emailsOf(losing),
    newSeats,
    newCostPerMonth:
      seatPrice === null ? null : { ...seatPrice, amountPerMonth: seatPrice.amountPerMonth * newSeats },
    byAction: [...Map.groupBy(changes, ({ action }) => action)].map(([action, { length: count }]) => ({
      action,
      count,
    })),
    calls,
    minutes: calls / requestsPerMinute,
    byHand: changes.filter((change) => change.action === 'manual' || (isByHand && isWritten(change))).length,
  };
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
