import { expect, it } from 'vitest';
import type { Journey } from '../../../src/report/history/journeys.js';
import { calculateTrends } from '../../../src/report/model/trends.js';
import type { TrendPoint } from '../../../src/report/read-model.js';
import type { ComparisonFigures } from '../../../src/report/ports.js';
import { ago, NOW, reportInput } from '../../support/report-story.js';

const at = (days: number): string => ago(days).toISOString();

function point(days: number, figures: Partial<ComparisonFigures>): TrendPoint {
  return { at: ago(days), runId: `r${days}`, figures: { open: {}, opened: 0, resolved: 0, ...figures } };
}

/** Four days of one phone system, whose seats were compared once, and of an identity provider. */
function input() {
  const [account, directory] = reportInput().sources;
  if (account === undefined || directory === undefined) throw new Error('The story has lost its sources.');
  const seats = {
    held: 12, parked: 1, unmanaged: 0, unused: null, neverAccepted: null, contracted: 20, minimum: null, billed: 20,
    nextInvoice: { amount: 600, currency: 'EUR' }, idleCost: null,
  }; // prettier-ignore
  return reportInput({
    trendDays: 4,
    sources: [
      {
        ...account,
        name: 'aircall',
        trend: [
          point(2.5, { open: { name: 2, role: 1 }, agents: 10, queueAgeMs: 5_000, monthlyCost: { amount: 300, currency: 'EUR' } }),
          point(1.5, { open: { name: 9 }, agents: 11, queueAgeMs: 90_000 }),
          point(1.2, { open: { name: 1 }, agents: 12, queueAgeMs: 1_000 }),
        ],
        seatTrend: [point(1.3, { open: { 'unused-seat': 4 }, seats })],
      },
      { ...directory, trend: [point(0.5, { open: { 'idp-deactivated': 3 } })], seatTrend: [] },
    ],
  }); // prettier-ignore
}

it('drift is what was open at the end of each day, by what was compared, from the first comparison on', () => {
  expect(calculateTrends(input(), []).drift).toEqual([
    { at: at(2), account: 3, directory: 0, seats: 0 },
    { at: at(1), account: 1, directory: 0, seats: 4 },
    { at: at(0), account: 1, directory: 3, seats: 4 },
  ]);
});

it('seats cost what their last comparison said at that moment, beside what the contract has', () => {
  expect(calculateTrends(input(), []).seats).toEqual([
    {
      account: 'aircall',
      contracted: 20,
      points: [
        { at: at(2.5), held: 10, cost: null },
        { at: at(1.5), held: 11, cost: null },
        { at: at(1.3), held: 12, cost: { amount: 600, currency: 'EUR' } },
        { at: at(1.2), held: 12, cost: { amount: 600, currency: 'EUR' } },
      ],
    },
  ]);
});

it('seats that were never compared with their use cost as many times the price of one', () => {
  const [account, directory] = input().sources;
  const sources = [{ ...account!, seatTrend: [] }, directory!];
  const [seats] = calculateTrends({ ...input(), sources }, []).seats;
  expect(seats?.points.map(({ cost }) => cost?.amount ?? null)).toEqual([300, null, null]);
});

it('the queue is as old as at its worst of each day, and nothing is said of days without a comparison', () => {
  expect(calculateTrends(input(), []).queueAge).toEqual([
    { at: at(2), ageMs: 5_000 },
    { at: at(1), ageMs: 90_000 },
  ]);
});

it('the time to provision is the median and the 95th percentile of whoever was done that day', () => {
  const journey = (days: number, seconds: number): Journey => ({
    kind: 'joiner',
    accountId: 'a',
    subjectId: `s${seconds}`,
    askedAt: NOW.getTime() - days * 86_400_000 - seconds * 1_000,
    doneAt: NOW.getTime() - days * 86_400_000,
    changes: 1,
  });
  const journeys = [journey(9, 1), journey(2.5, 60), journey(0.5, 10), journey(0.4, 30), journey(0.3, 20)];
  expect(calculateTrends(input(), journeys).timeToProvision).toEqual([
    { at: at(2), count: 1, medianMs: 60_000, p95Ms: 60_000 },
    { at: at(0), count: 3, medianMs: 20_000, p95Ms: 30_000 },
  ]);
});
