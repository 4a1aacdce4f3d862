import type { SeatFigures } from '../ports.js';
import { amount } from './build.js';

/** What seats are held for and what they come to, for a line: `55 held, 3 by people who left, next invoice €1,800`. */
export function seatWords(seats: SeatFigures): string {
  const { held, parked, unmanaged, unused, neverAccepted, contracted, nextInvoice } = seats;
  const some = (count: number | null, words: string): readonly string[] =>
    count === null || count === 0 ? [] : [`${count.toLocaleString('en-GB')} ${words}`];
  return [
    `${held.toLocaleString('en-GB')} held${contracted === null ? '' : ` of ${contracted.toLocaleString('en-GB')} planned`}`,
    ...some(parked, 'by people who left'),
    ...some(unmanaged, 'by nobody we know'),
    ...some(unused, 'without use'),
    ...some(neverAccepted, 'not seen since they were invited'),
    ...(nextInvoice === null ? [] : [`next invoice about ${amount(nextInvoice)}`]),
  ].join(', ');
}
