import type { SeatFigures, UseKnown } from '../ports.js';
import { amount } from './build.js';

/** What seats are held for and what they come to, for a line: `55 held, 3 by people who left, next invoice €1,800`. */
export function seatWords(seats: SeatFigures): string {
  const { held, parked, unmanaged, unused, contracted, nextInvoice } = seats;
  const some = (count: number | null, words: string): readonly string[] =>
    count === null || count === 0 ? [] : [`${count.toLocaleString('en-GB')} ${words}`];
  return [
    `${held.toLocaleString('en-GB')} held${contracted === null ? '' : ` of ${contracted.toLocaleString('en-GB')} planned`}`,
    ...some(parked, 'by people who left'),
    ...some(unmanaged, 'by nobody we know'),
    ...some(unused, 'without use'),
    ...useUnknown(seats),
    ...some(seats.neverAccepted, 'who have not accepted their invitation'),
    ...some(seats.noCallSinceInvited ?? null, 'without a call since they were invited'),
    ...billedWords(seats),
    ...(nextInvoice === null ? [] : [`next invoice about ${amount(nextInvoice)}`]),
  ].join(', ');
}

const USE_UNKNOWN: Readonly<Record<UseKnown, string>> = {
  measured: 'not known',
  partly: 'not known yet',
  off: 'not looked at',
  'not-listed': 'no calls listed',
};

function useUnknown({ use }: SeatFigures): readonly string[] {
  switch (use) {
    case 'not-listed':
      return ['use not known because this phone system lists no calls'];
    case 'partly':
      return ['use not known of everybody yet'];
    case 'off':
      return ['use not looked at'];
    default:
      return [];
  }
}

/** What is paid for beyond what is held, and why. */
function billedWords(seats: SeatFigures): readonly string[] {
  const why = whyBilled(seats);
  return why === null ? [] : [`${seats.billed.toLocaleString('en-GB')} billed (${why})`];
}

/** Why more seats are billed than held; null: they are not. */
export function whyBilled({
  held,
  billed,
  contracted,
  minimum,
}: Pick<SeatFigures, 'held' | 'billed' | 'contracted' | 'minimum'>): string | null {
  if (billed <= held) return null;
  return billed === minimum && billed !== contracted ? 'the minimum' : 'as contracted';
}

/** Why it is not known who uses their seat, for a table; null: it is. */
export function whyUseUnknown({
  unused,
  use = null,
}: {
  readonly unused: number | null;
  readonly use?: UseKnown | null;
}): string | null {
  return unused === null ? USE_UNKNOWN[use ?? 'measured'] : null;
}

/** Who may not have begun to use their seat: only what is known. */
export function invitedWords({
  neverAccepted,
  noCallSinceInvited = null,
}: Pick<SeatFigures, 'neverAccepted' | 'noCallSinceInvited'>): string | null {
  if (neverAccepted !== null) return `${neverAccepted.toLocaleString('en-GB')} not accepted`;
  return noCallSinceInvited === null ? null : `${noCallSinceInvited.toLocaleString('en-GB')} without a call`;
}
