import { counted } from '../../../lib/counted.js';
import { span } from '../../model/build.js';
import type { Report } from '../../model/report.js';
import type { Moments } from '../moments.js';
import { chart, path, powersOfTime, timeSteps } from './chart.js';
import { figure, placing, type Placing } from './figure.js';
import { html, type Html } from './html.js';
import { seatChart } from './seat-chart.js';

/** The four pictures of a report; each says in words what it shows. */
export function renderCharts({ trends, createdAt, provisioning }: Report, moments: Moments): Html {
  const place = placing(createdAt, trends.days, moments);
  return html`<div class="charts">
    ${driftChart(trends.drift, place)} ${seatChart(trends.seats, place)}
    ${provisionChart(trends.timeToProvision, provisioning.joiners.slaMs, place)}
    ${queueChart(trends.queueAge, place)}
  </div>`;
}

function driftChart(points: Report['trends']['drift'], { share, ticks, days }: Placing): Html {
  const title = 'Drift over time';
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined)
    return figure(title, 'No comparison has been completed yet.', null, []);
  const total = (point: typeof first) => point.account + point.directory + point.seats;
  const says =
    points.length === 1
      ? `${counted(total(last), 'difference is', 'differences are')} open today; the days before have not been compared.`
      : `${counted(total(last), 'difference is', 'differences are')} open today; ${points.length} days ago there were ${total(first).toLocaleString('en-GB')}, at most ${Math.max(...points.map(total)).toLocaleString('en-GB')}.`;
  const layers = ['account', 'directory', 'seats'] as const;
  const body = chart({
    says,
    max: Math.max(...points.map(total)),
    formatY: (value) => value.toLocaleString('en-GB'),
    ticks,
    draw({ x, y, width }) {
      const barWidth = Math.max(2, (width / days) * 0.72);
      return points.map((point) => {
        let below = 0;
        return layers.map((layer) => {
          const from = below;
          below += point[layer];
          if (point[layer] === 0) return null;
          const left = Math.round((x(share(point.at)) - (width / days + barWidth) / 2) * 100) / 100;
          return html`<rect
            class="fill-${layer}"
            x="${left}"
            width="${barWidth}"
            y="${y(below)}"
            height="${Math.round((y(from) - y(below)) * 100) / 100}"
            rx="1"
          />`;
        });
      });
    },
  });
  return figure(title, says, body, [
    ['fill-account', 'phone system'],
    ['fill-directory', 'missed pushes'],
    ['fill-seats', 'seats'],
  ]);
}

function provisionChart(
  points: Report['trends']['timeToProvision'],
  slaMs: number,
  { share, ticks, days }: Placing,
): Html {
  const title = 'Time to provision';
  const last = points.at(-1);
  if (last === undefined)
    return figure(title, `Nobody joined, moved or left in the last ${days} days.`, null, []);
  const worst = Math.max(...points.map(({ p95Ms }) => p95Ms));
  const total = points.reduce((sum, { count }) => sum + count, 0);
  const says = `${counted(total, 'person', 'people')} in ${days} days; on the last such day half were done within ${span(last.medianMs)} of the push. The slowest day: ${span(worst)}.`;
  const fastest = Math.min(...points.map(({ medianMs }) => medianMs));
  const isNearTarget = worst > slaMs / 20;
  // Seconds and hours on one axis: equal steps are equal factors.
  const decades = powersOfTime(fastest, isNearTarget ? Math.max(worst, slaMs) : worst);
  const height = (ms: number) => Math.log10(Math.max(ms, decades[0] ?? 1) / (decades[0] ?? 1));
  const body = chart({
    says,
    max: height(decades.at(-1) ?? 1),
    steps: decades.map(height),
    formatY: (value) => span((decades[0] ?? 1) * 10 ** value),
    ticks,
    draw({ x, y }) {
      const atY = (ms: number) => y(height(ms));
      const target = isNearTarget
        ? html`<line class="target" x1="${x(0)}" x2="${x(1)}" y1="${atY(slaMs)}" y2="${atY(slaMs)}" />`
        : null;
      const marks = points.map(({ at, medianMs, p95Ms }) => {
        const left = x(share(at));
        return html`<line
            class="whisker"
            x1="${left}"
            x2="${left}"
            y1="${atY(medianMs)}"
            y2="${atY(p95Ms)}"
          /><circle class="median" cx="${left}" cy="${atY(medianMs)}" r="4" />`;
      });
      return html`${target}${marks}`;
    },
  });
  return figure(title, says, body, [
    ['median', 'half of the people'],
    ['whisker', '95 of 100'],
    ...(isNearTarget ? [['target', 'target'] as const] : []),
  ]);
}

function queueChart(points: Report['trends']['queueAge'], { share, ticks }: Placing): Html {
  const title = 'Age of the queue';
  const last = points.at(-1);
  if (last === undefined) return figure(title, 'No comparison has looked at the queue yet.', null, []);
  const worst = Math.max(...points.map(({ ageMs }) => ageMs));
  const says =
    worst === 0
      ? 'No change waited when the comparisons began.'
      : `The oldest change that waited for a phone system was ${span(worst)} old at worst; ${last.ageMs === 0 ? 'none waits' : `${span(last.ageMs)}`} at the last comparison.`;
  const body = chart({
    says,
    max: worst,
    steps: timeSteps(Math.max(worst, 1_000)),
    formatY: span,
    ticks,
    draw({ x, y }) {
      const line = points.map(({ at, ageMs }) => [x(share(at)), y(ageMs)] as const);
      const [first, end] = [line[0], line.at(-1)];
      if (first === undefined || end === undefined) return null;
      const area = `${path(line)}L${end[0]} ${y(0)}L${first[0]} ${y(0)}Z`;
      return html`<path class="area" d="${area}" /><path class="line-a" d="${path(line)}" /><circle
          class="dot line-a"
          cx="${end[0]}"
          cy="${end[1]}"
          r="3.5"
        />`;
    },
  });
  return figure(title, says, body, []);
}
