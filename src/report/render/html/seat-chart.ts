import { counted } from '../../../lib/counted.js';
import { amount } from '../../model/build.js';
import type { Report } from '../../model/report.js';
import type { Moments } from '../moments.js';
import { chart, path, type Scale } from './chart.js';
import { figure, type Placing } from './figure.js';
import { html, type Html } from './html.js';

type Accounts = Report['trends']['seats'];
type Account = Accounts[number];

const SEAT_LINES = ['line-a', 'line-b', 'line-c'] as const;

/** Seats of each account against what is planned, and what all of them cost, on an axis of its own. */
export function seatChart(accounts: Accounts, { share, ticks, moments }: Placing): Html {
  const title = 'Seats and cost';
  const shown = accounts.slice(0, SEAT_LINES.length);
  if (shown.length === 0) return figure(title, 'No comparison has counted seats yet.', null, []);
  const cost = costOf(shown);
  const says = shown.map((account) => sayOf(account, moments)).join(' ');
  const body = chart({
    says,
    max: Math.max(
      ...shown.flatMap(({ points, contracted }) => [contracted ?? 0, ...points.map(({ held }) => held)]),
    ),
    formatY: (value) => value.toLocaleString('en-GB'),
    ticks,
    ...(cost === null ? {} : { right: { max: cost.max, format: (value: number) => short(value, cost) } }),
    draw: (scale) => [
      cost === null ? null : drawCost(cost, share, scale),
      shown.map((account, index) => drawSeats(account, SEAT_LINES[index] ?? '', share, scale)),
    ],
  });
  return figure(title, says, body, [
    ...shown.map(({ account }, index) => [SEAT_LINES[index] ?? '', account] as const),
    ...(shown.some(({ contracted }) => contracted !== null) ? [['planned', 'planned'] as const] : []),
    ...(cost === null ? [] : [['line-cost', 'cost a month'] as const]),
  ]);
}

function sayOf({ account, points, contracted }: Account, moments: Moments): string {
  const last = points.at(-1);
  const of = contracted === null ? '' : ` of ${contracted} planned`;
  const seats = `${account}: ${counted(last?.held ?? 0, 'seat', 'seats')}${of}`;
  if (last === undefined || last.cost === null) return `${seats}.`;
  const now = `${seats}, about ${amount(last.cost)} a month`;
  const first = points.find(({ cost }) => cost !== null);
  if (first === undefined || first.cost === null || first.cost.amount === last.cost.amount) return `${now}.`;
  return `${now}; on ${moments.tick(first.at)} it was ${amount(first.cost)}.`;
}

interface CostLine {
  readonly currency: string;
  readonly max: number;
  readonly points: readonly { readonly at: string; readonly amount: number }[];
}

/** What all accounts cost together; null where no price is known, or prices in different currencies. */
function costOf(accounts: Accounts): CostLine | null {
  const known = accounts.map(({ points }) =>
    points.flatMap(({ at, cost }) => (cost === null ? [] : [{ at, cost }])),
  );
  const currencies = new Set(known.flat().map(({ cost }) => cost.currency));
  const [currency] = currencies;
  if (currency === undefined || currencies.size > 1) return null;
  const moments = [...new Set(known.flat().map(({ at }) => at))].toSorted();
  const points = moments.map((at) => ({
    at,
    amount: known.reduce((sum, one) => sum + (one.findLast((point) => point.at <= at)?.cost.amount ?? 0), 0),
  }));
  return { currency, points, max: Math.max(...points.map((one) => one.amount)) };
}

/** An invoice changes from one day to the next: steps, no slopes. */
function drawCost({ points }: CostLine, share: Placing['share'], { x, rightY }: Scale): Html {
  const steps = points.flatMap(({ at, amount: value }, index) => {
    const before = points[index - 1];
    const here = [x(share(at)), rightY(value)] as const;
    return before === undefined ? [here] : [[here[0], rightY(before.amount)] as const, here];
  });
  const end = [x(1), steps.at(-1)?.[1] ?? rightY(0)] as const;
  return html`<path class="line-cost" d="${path([...steps, end])}" />`;
}

function drawSeats(
  { points, contracted }: Account,
  name: string,
  share: Placing['share'],
  { x, y }: Scale,
): Html {
  const line = points.map(({ at, held }) => [x(share(at)), y(held)] as const);
  // What was counted last holds until today.
  const end = [x(1), line.at(-1)?.[1] ?? y(0)] as const;
  const [left, right] = [x(0), x(1)];
  const planned = contracted === null ? null : y(contracted);
  return html`${
      planned === null
        ? null
        : html`<line class="planned" x1="${left}" x2="${right}" y1="${planned}" y2="${planned}" />`
    }<path class="${name}" d="${path([...line, end])}" /><circle
      class="dot ${name}"
      cx="${end[0]}"
      cy="${end[1]}"
      r="3.5"
    />`;
}

/** Short enough for an axis: `€1,800`, `€12k`. */
function short(value: number, { currency, max }: CostLine): string {
  if (max < 10_000) return amount({ amount: value, currency });
  return `${amount({ amount: Math.round(value / 100) / 10, currency })}k`;
}
