import { unreachable } from './errors.js';
import { removalKind } from './planning/removal.js';
import type { Change, Plan } from './plan.js';

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
  /** Requests to the vendor that carry the plan out, without readings. */
  readonly calls: number;
  /** How long these take at the account's pace. */
  readonly minutes: number;
  /** Tasks for a person. */
  readonly byHand: number;
}

/**
 * `requestsPerMinute`: what the account's pace allows us. `others`: keys of changes that come anyway;
 * what they take is no consequence of what is assessed.
 */
export function assessImpact(
  { changes }: Plan,
  account: { readonly requestsPerMinute: number; readonly seatPrice: SeatPrice | null },
  others: ReadonlySet<string> = new Set(),
): Impact {
  const losing = changes.filter((change) => removalKind(change) !== null && !others.has(change.key));
  const gaining = changes.filter((change) => isGain(change));
  const newSeats = changes.filter(({ action }) => action === 'create').length;
  const calls = changes.reduce((sum, change) => sum + callsOf(change), 0);
  const { seatPrice, requestsPerMinute } = account;
  return {
    gaining: emailsOf(gaining),
    losing: emailsOf(losing),
    newSeats,
    newCostPerMonth:
      seatPrice === null ? null : { ...seatPrice, amountPerMonth: seatPrice.amountPerMonth * newSeats },
    calls,
    minutes: calls / requestsPerMinute,
    byHand: changes.filter(({ action }) => action === 'manual').length,
  };
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
function callsOf(change: Change): number {
  switch (change.action) {
    case 'create':
    case 'delete':
      return 2;
    case 'create-team':
    case 'update':
    case 'grant':
    case 'revoke':
      return 1;
    case 'adopt':
    case 'park':
    case 'restore':
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
