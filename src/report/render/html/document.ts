import { amount, span } from '../../model/build.js';
import { counted } from '../../model/class-words.js';
import type { Report, ReportFinding, ReportNeed } from '../../model/report.js';
import { momentsIn, type Moments } from '../moments.js';
import { renderCharts } from './charts.js';
import { html, type Child, type Html } from './html.js';
import { REPORT_STYLES } from './styles.js';

/** A whole HTML document that needs nothing from anywhere: no script, no image, no font. */
export function renderHtml(report: Report): string {
  const moments = momentsIn(report.timeZone);
  const title = `Reconciliation report, ${report.organisation.name}, ${moments.day(report.createdAt)}`;
  const head = html`<meta charset="utf-8" /><meta
      name="viewport"
      content="width=device-width, initial-scale=1"
    /><meta name="color-scheme" content="light dark" /><meta name="robots" content="noindex" /><title>
      ${title}
    </title>`;
  const body = html`<main>
    ${opening(report, moments)} ${needs(report, moments)} ${story(report)}
    <section aria-labelledby="trends">
      <h2 id="trends">Trends of the last ${report.trends.days} days</h2>
      ${renderCharts(report, moments)}
    </section>
    ${seats(report)} ${provisioning(report)} ${sources(report, moments)} ${evidence(report, moments)}
    ${closing(report, moments)}
  </main>`;
  // The style sheet is a constant of this program: escaping would break it.
  return `<!doctype html><html lang="en"><head>${String(head)}<style>${REPORT_STYLES}</style></head><body>${String(body)}</body></html>\n`;
}

function opening(report: Report, moments: Moments): Html {
  const { figures, provisioning: speed, organisation, period } = report;
  const isBlind = report.sources.length === 0 || report.sources.some(({ state }) => state !== 'complete');
  const tone = report.needsYou[0]?.severity ?? (isBlind ? 'blind' : 'fine');
  const change = figures.openBefore === null ? null : figures.open - figures.openBefore;
  const [next] = report.needsYou.filter(({ by }) => by !== null);
  const tiles = [
    tile(
      'Open differences',
      figures.open.toLocaleString('en-GB'),
      change === null ? 'first report' : changeWords(change),
    ),
    tile('Came up', figures.opened.toLocaleString('en-GB'), 'in this period'),
    tile('Resolved', figures.resolved.toLocaleString('en-GB'), 'in this period'),
    tile('Joiners served', ...speedTile(speed.joiners)),
    tile('Leavers out', ...speedTile(speed.leavers)),
  ];
  return html`<div class="top">
      <span class="brand"
        ><svg viewBox="0 0 24 24" aria-hidden="true">
          <circle cx="6" cy="7" r="3" />
          <circle cx="18" cy="17" r="3" />
          <path d="M9 7h5.5a3 3 0 0 1 0 6h-5a3 3 0 0 0 0 4H15" /></svg
        >Patchbay</span
      >
      <span>${moments.moment(period.from)} to ${moments.moment(period.to)}</span>
    </div>
    <h1>${organisation.name}</h1>
    <p class="quiet">Reconciliation of the directory with phone systems and identity providers</p>
    <div class="state ${tone}">
      <p>${report.headline}</p>
      ${next?.by ? html`<p>The first by ${moments.moment(next.by)}.</p>` : null}
    </div>
    <dl class="tiles">${tiles}</dl>`;
}

function changeWords(change: number): string {
  if (change === 0) return 'as in the report before';
  return change > 0 ? `${change} more than before` : `${-change} fewer than before`;
}

function speedTile({
  count,
  medianMs,
  withinSla,
}: Report['provisioning']['joiners']): readonly [string, string] {
  if (count === 0 || medianMs === null) return ['0', 'nobody in this period'];
  return [span(medianMs), `typically; ${withinSla} of ${count} in time`];
}

function tile(name: string, value: string, remark: string): Html {
  return html`<div class="tile">
    <dt>${name}</dt>
    <dd><span class="value">${value}</span><br /><span class="small quiet">${remark}</span></dd>
  </div>`;
}

function section(id: string, title: string, body: Child): Html {
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    ${body}
  </section>`;
}

const NEED_WORDS = { critical: 'Urgent', warning: 'Soon', info: 'When there is time' } as const;

function needs({ needsYou }: Report, moments: Moments): Html {
  if (needsYou.length === 0) {
    return section(
      'needs',
      'What needs you',
      html`<div class="card told">
        <p class="roomy">Nothing. Whatever differs is being put right by itself, or is only worth knowing.</p>
      </div>`,
    );
  }
  const list = needsYou.map(
    (need) =>
      html`<li class="need ${need.severity}">
        <div>
          <h3>${need.link === null ? need.what : html`<a href="${safeLink(need)}">${need.what}</a>`}</h3>
          <p>${need.why}</p>
          ${need.todo === '' ? null : html`<p class="quiet">${need.todo}</p>`}
        </div>
        <dl>
          <div>
            <dt>Who</dt>
            <dd>${need.who}</dd>
          </div>
          <div>
            <dt>By when</dt>
            <dd>${need.by === null ? NEED_WORDS[need.severity] : moments.moment(need.by)}</dd>
          </div>
        </dl>
      </li>`,
  );
  return section(
    'needs',
    'What needs you',
    html`<ul class="card">
      ${list}
    </ul>`,
  );
}

/** Whatever a report holds, a link leads to the web. */
function safeLink({ link }: ReportNeed): string {
  return link !== null && /^https?:\/\//i.test(link) ? link : '#needs';
}

function story({ whatHappened }: Report): Html {
  const list = whatHappened.map((sentence) => html`<li>${sentence}</li>`);
  return section(
    'happened',
    'What happened',
    html`<ul class="card told">
      ${list}
    </ul>`,
  );
}

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
  return html`<div class="card scroll" role="region" aria-label="${label}" tabindex="0">
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

function seats({ seats: rows }: Report): Html | null {
  if (rows.length === 0) return null;
  const orUnknown = (value: number | null) => value ?? html`<span class="quiet">not known</span>`;
  return section(
    'seats',
    'Seats',
    table('Seats', rows, [
      { name: 'Phone system', cell: ({ account }) => account },
      { name: 'Held', cell: ({ held }) => held, isFigure: true },
      { name: 'By people who left', cell: ({ parked }) => parked, isFigure: true },
      { name: 'By nobody we know', cell: ({ unmanaged }) => unmanaged, isFigure: true },
      { name: 'Without use', cell: ({ unused }) => orUnknown(unused), isFigure: true },
      { name: 'Planned', cell: ({ contracted }) => orUnknown(contracted), isFigure: true },
      {
        name: 'Next invoice',
        cell: ({ nextInvoice }) =>
          nextInvoice === null ? html`<span class="quiet">no price entered</span>` : amount(nextInvoice),
        isFigure: true,
      },
    ]),
  );
}

function provisioning({ provisioning: speed }: Report): Html | null {
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

function sources({ sources: rows }: Report, moments: Moments): Html {
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
      { name: 'Source', cell: ({ name, kind }) => html`<b>${name}</b> <span class="quiet">${kind}</span>` },
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

function evidence(report: Report, moments: Moments): Html {
  const { open, openLeftOut, resolved, resolvedLeftOut } = report.findings;
  const none = html`<p class="card told">Nothing differs.</p>`;
  const more = (count: number) =>
    count === 0
      ? null
      : html`<p class="quiet small more">
          ${counted(count, 'more is', 'more are')} left out here; the console lists all of them.
        </p>`;
  const openList = html`<div class="card">${open.map((finding) => proof(finding, moments))}</div>`;
  const resolvedList = resolved.map(
    (finding) =>
      html`<li class="proof done">
        <div class="head">
          <h3>${finding.title}</h3>
          <span class="small quiet"
            >${finding.source}, resolved
            ${finding.resolvedAt === null ? '' : moments.moment(finding.resolvedAt)}</span
          >
        </div>
      </li>`,
  );
  return html`${section('evidence', `Evidence: ${counted(open.length + openLeftOut, 'open difference', 'open differences')}`, html`${open.length === 0 ? none : openList}${more(openLeftOut)}`)}
  ${
    resolved.length === 0
      ? null
      : section(
          'resolved',
          `Resolved: ${(resolved.length + resolvedLeftOut).toLocaleString('en-GB')}`,
          html`<ul class="card">
              ${resolvedList}
            </ul>
            ${more(resolvedLeftOut)}`,
        )
  }`;
}

function proof(finding: ReportFinding, moments: Moments): Html {
  const since = moments.moment(finding.openedAt);
  return html`<div class="proof">
    <div class="head">
      <h3>${finding.title}</h3>
      ${finding.isNew ? html`<span class="badge">new</span>` : null}
      <span class="badge ${finding.severity}">${finding.severity}</span>
    </div>
    <p>${finding.meaning}</p>
    <dl>
      <div>
        <dt>Expected</dt>
        <dd>${finding.expected}</dd>
      </div>
      <div>
        <dt>Found</dt>
        <dd>${finding.found}</dd>
      </div>
      <div>
        <dt>Where</dt>
        <dd>${finding.source}</dd>
      </div>
      <div>
        <dt>Since</dt>
        <dd>${since}${finding.occurrences > 1 ? `, for the ${ordinal(finding.occurrences)} time` : ''}</dd>
      </div>
    </dl>
    <p class="quiet small">${finding.next}</p>
  </div>`;
}

function ordinal(number: number): string {
  const rule = new Intl.PluralRules('en-GB', { type: 'ordinal' }).select(number);
  return `${number}${{ one: 'st', two: 'nd', few: 'rd', other: 'th', zero: 'th', many: 'th' }[rule]}`;
}

function closing({ id, createdAt, console: url }: Report, moments: Moments): Html {
  return html`<footer>
    <p>Made by Patchbay on ${moments.moment(createdAt)}. Report ${id}.</p>
    ${url === null ? null : html`<p>Console: <a href="${/^https?:/i.test(url) ? url : '#'}">${url}</a></p>`}
  </footer>`;
}
