import type { Report, ReportNeed } from '../model/report.js';
import type { Moments } from './moments.js';

type Dated = Pick<Report, 'createdAt'>;

/** Whether its moment had passed when the report was made. */
export function isOverdue({ by }: Pick<ReportNeed, 'by'>, { createdAt }: Dated): boolean {
  return by !== null && by < createdAt;
}

/** By when, for a sentence: `by 2 Dec`, `overdue since 20 Nov`; null where there is no hurry. */
export function deadlineWords(
  need: Pick<ReportNeed, 'by'>,
  report: Dated,
  { moment }: Moments,
): string | null {
  if (need.by === null) return null;
  return `${isOverdue(need, report) ? 'overdue since' : 'by'} ${moment(need.by)}`;
}

/** How pressing all of it is, in a sentence or two; null where nothing is. */
export function pressing(report: Pick<Report, 'needsYou' | 'createdAt'>, { moment }: Moments): string | null {
  const late = report.needsYou.filter((need) => isOverdue(need, report)).length;
  const next = report.needsYou
    .flatMap(({ by }) => (by !== null && by >= report.createdAt ? [by] : []))
    .toSorted()[0];
  const sentences = [
    ...(late === 0 ? [] : [late === 1 ? 'One is overdue.' : `${late} are overdue.`]),
    ...(next === undefined ? [] : [`The ${late === 0 ? 'first' : 'next'} by ${moment(next)}.`]),
  ];
  return sentences.length === 0 ? null : sentences.join(' ');
}
