import { DIRECTORY_CLASSES, SEAT_CLASSES } from '../../domain/findings/finding.js';
import { quantile, tookMs, type Journey } from '../history/journeys.js';
import type { TrendPoint } from '../read-model.js';
import type { ReportInput, SourceReading } from './input.js';
import type { Report } from './report.js';

const DAY_MS = 86_400_000;

/** The same few questions on every day of the past weeks, answered by the last complete run before its end. */
export function calculateTrends(input: ReportInput, journeys: readonly Journey[]): Report['trends'] {
  const ends = dayEnds(input);
  return {
    days: input.trendDays,
    drift: driftTrend(input.sources, ends),
    seats: input.sources.flatMap((source) => seatTrend(source)),
    timeToProvision: provisionTrend(journeys, ends),
    queueAge: queueTrend(input.sources, ends),
  };
}

/** Ends of the days, oldest first; the last one is now. */
function dayEnds({ now, trendDays }: ReportInput): readonly number[] {
  return Array.from({ length: trendDays }, (_, index) => now.getTime() - (trendDays - 1 - index) * DAY_MS);
}

function driftTrend(sources: readonly SourceReading[], ends: readonly number[]): Report['trends']['drift'] {
  const series = sources.flatMap(({ trend, seatTrend: seats }) => [trend, seats]);
  const first = Math.min(...series.flatMap((points) => points[0]?.at.getTime() ?? Infinity));
  return ends
    .filter((end) => end >= first)
    .map((end) => {
      const open = series.map((points) => lastBefore(points, end)?.figures.open ?? {});
      const sum = (kinds: readonly string[] | null) =>
        open.reduce(
          (total, counts) =>
            total +
            Object.entries(counts).reduce(
              (part, [kind, count]) => (isAmong(kind, kinds) ? part + (count ?? 0) : part),
              0,
            ),
          0,
        );
      return {
        at: new Date(end).toISOString(),
        account: sum(null),
        directory: sum(DIRECTORY_CLASSES),
        seats: sum(SEAT_CLASSES),
      };
    });
}

/** `kinds` null: those of phone systems, which are all the others. */
function isAmong(kind: string, kinds: readonly string[] | null): boolean {
  if (kinds !== null) return kinds.includes(kind);
  return !isAmong(kind, DIRECTORY_CLASSES) && !isAmong(kind, SEAT_CLASSES);
}

function lastBefore(points: readonly TrendPoint[], end: number): TrendPoint | undefined {
  return points.findLast(({ at }) => at.getTime() <= end);
}

/**
 * Seats as every comparison counted them. What they cost is for comparisons of seats to say, which know contract and
 * minimum; where there is none, it is reckoned from the price of one.
 */
function seatTrend({ name, source, trend, seatTrend: seats }: SourceReading): Report['trends']['seats'] {
  if (source.type !== 'account') return [];
  const counted = trend.flatMap(({ at, figures: { agents, monthlyCost } }) => {
    if (agents === undefined) return [];
    const reckoned = seats.length === 0 ? (monthlyCost ?? null) : null;
    return [
      { at, held: agents, cost: lastBefore(seats, at.getTime())?.figures.seats?.nextInvoice ?? reckoned },
    ];
  });
  const compared = seats.flatMap(({ at, figures }) =>
    figures.seats === undefined ? [] : [{ at, held: figures.seats.held, cost: figures.seats.nextInvoice }],
  );
  const points = [...counted, ...compared]
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())
    .map(({ at, ...point }) => ({ at: at.toISOString(), ...point }));
  if (points.length === 0) return [];
  const contracted = seats.at(-1)?.figures.seats?.contracted ?? trend.at(-1)?.figures.seatCeiling ?? null;
  return [{ account: name, contracted, points }];
}

/** Days without a joiner, mover or leaver have no point: nothing was measured. */
function provisionTrend(
  journeys: readonly Journey[],
  ends: readonly number[],
): Report['trends']['timeToProvision'] {
  return ends.flatMap((end) => {
    const times = journeys
      .filter(({ doneAt }) => doneAt > end - DAY_MS && doneAt <= end)
      .map(tookMs)
      .toSorted((a, b) => a - b);
    const [medianMs, p95Ms] = [quantile(times, 0.5), quantile(times, 0.95)];
    if (medianMs === null || p95Ms === null) return [];
    return [{ at: new Date(end).toISOString(), count: times.length, medianMs, p95Ms }];
  });
}

/** The worst that any account's run of that day saw. */
function queueTrend(
  sources: readonly SourceReading[],
  ends: readonly number[],
): Report['trends']['queueAge'] {
  const points = sources.flatMap(({ source, trend }) => (source.type === 'account' ? trend : []));
  return ends.flatMap((end) => {
    const ages = points
      .filter(({ at }) => at.getTime() > end - DAY_MS && at.getTime() <= end)
      .map(({ figures }) => figures.queueAgeMs ?? 0);
    return ages.length === 0 ? [] : [{ at: new Date(end).toISOString(), ageMs: Math.max(...ages) }];
  });
}
