import { amount, span } from '../../model/build.js';
import { invitedWords, whyBilled, whyUseUnknown } from '../../model/seat-words.js';
import type { Report } from '../../model/report.js';
import type { Moments } from '../moments.js';
import { html, type Child, type Html } from './html.js';
import { section } from './section.js';

interface Column<Row> {
  readonly name: string;
  readonly cell: (row: Row) => Child;
  readonly isFigure?: boolean;
}

function table<Row>(label: string, rows: readonly Row[], columns: readonly Column<Row>[]): Html {
  const kind = ({ isFigure }: Column<Row>) => (isFigure === true ? 'figure' : 'text');
  const head = columns.map(
    (column) => html`<th scope="col" role="columnheader" class="${kind(column)}">${column.name}</th>`,
  );
  const body = rows.map((row) => {
    const cells = columns.map(
      (column) =>
        html`<td role="cell" class="${kind(column)}" data-label="${column.name}">${column.cell(row)}</td>`,
    );
    return html`<tr role="row">
      ${cells}
    </tr>`;
  });
  return html`<div class="card scroll" role="region" aria-label="${label}, as a table" tabindex="0">
    <table role="table">
      <thead role="rowgroup">
        <tr role="row">
          ${head}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${body}
      </tbody>
    </table>
  </div>`;
}

/** What is held and what it costs. */
export function seats({ seats: rows }: Report): Html | null {
  if (rows.length === 0) return null;
  const orUnknown = (value: number | string | null, why = 'not known') =>
    value ?? html`<span class="quiet">${why}</span>`;
  return section(
    'seats',
    'Seats',
    table('Seats', rows, [
      { name: 'Phone system', cell: ({ account }) => account },
      { name: 'Held', cell: ({ held }) => held, isFigure: true },
      { name: 'By people who left', cell: ({ parked }) => parked, isFigure: true },
      { name: 'By nobody we know', cell: ({ unmanaged }) => unmanaged, isFigure: true },
      {
        name: 'Without use',
        cell: (row) => orUnknown(row.unused, whyUseUnknown(row) ?? ''),
        isFigure: true,
      },
      { name: 'Since invited', cell: (row) => orUnknown(invitedWords(row)), isFigure: true },
      { name: 'Planned', cell: ({ contracted }) => orUnknown(contracted), isFigure: true },
      { name: 'Billed', cell: billedCell, isFigure: true },
      {
        name: 'Next invoice',
        cell: ({ nextInvoice }) =>
          nextInvoice === null ? html`<span class="quiet">no price entered</span>` : amount(nextInvoice),
        isFigure: true,
      },
    ]),
  );
}

function billedCell(row: Report['seats'][number]): Child {
  const why = whyBilled(row);
  return why === null ? row.billed : html`${row.billed} <span class="quiet">${why}</span>`;
}

/** How long joiners, movers and leavers took. */
export function provisioning({ provisioning: speed }: Report): Html | null {
  const rows = [
    { name: 'Joiners', ...speed.joiners },
    { name: 'Movers', ...speed.movers },
    { name: 'Leavers', ...speed.leavers },
  ].filter(({ count }) => count > 0);
  if (rows.length === 0) return null;
  const time = (ms: number | null) => (ms === null ? '' : span(ms));
  return section(
    'speed',
    'From the push to the phone system',
    table('From the push to the phone system', rows, [
      { name: 'Who', cell: ({ name }) => name },
      { name: 'People', cell: ({ count }) => count, isFigure: true },
      { name: 'Half within', cell: ({ medianMs }) => time(medianMs), isFigure: true },
      { name: '95 of 100 within', cell: ({ p95Ms }) => time(p95Ms), isFigure: true },
      { name: 'Target', cell: ({ slaMs }) => span(slaMs), isFigure: true },
      {
        name: 'In time',
        cell: ({ count, withinSla }) =>
          html`<span class="badge ${withinSla === count ? 'good' : 'warning'}"
            >${withinSla} of ${count}</span
          >`,
        isFigure: true,
      },
    ]),
  );
}

const SOURCE_WORDS = {
  complete: 'compared',
  incomplete: 'not as a whole',
  never: 'never compared',
  paused: 'paused',
} as const;

/** What the report rests upon. */
export function sources({ sources: rows }: Report, moments: Moments): Html {
  if (rows.length === 0)
    return section(
      'sources',
      'What was compared',
      html`<p class="card told">No phone system is connected yet.</p>`,
    );
  return section(
    'sources',
    'What was compared',
    table('What was compared', rows, [
      {
        name: 'Source',
        cell: ({ name, kind }) =>
          html`<b>${name}</b>${kind === name ? null : html` <span class="quiet">${kind}</span>`}`,
      },
      {
        name: 'State',
        cell: ({ state }) =>
          html`<span class="badge ${state === 'complete' ? 'good' : 'warning'}"
            >${SOURCE_WORDS[state]}</span
          >`,
      },
      {
        name: 'Last complete comparison',
        cell: ({ comparedAt }) => (comparedAt === null ? 'none' : moments.moment(comparedAt)),
      },
      { name: 'Open differences', cell: ({ open }) => open, isFigure: true },
      { name: 'Remark', cell: ({ reason }) => reason ?? '' },
    ]),
  );
}
