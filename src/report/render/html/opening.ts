import { span } from '../../model/build.js';
import type { Report, ReportNeed } from '../../model/report.js';
import { isOverdue, pressing } from '../deadlines.js';
import type { Moments } from '../moments.js';
import { html, type Html } from './html.js';
import { section } from './section.js';

/** How things stand, at one glance. */
export function opening(report: Report, moments: Moments): Html {
  const { figures, provisioning: speed, organisation, period } = report;
  const isBlind = report.sources.length === 0 || report.sources.some(({ state }) => state !== 'complete');
  const tone = report.needsYou[0]?.severity ?? (isBlind ? 'blind' : 'fine');
  const change = figures.openBefore === null ? null : figures.open - figures.openBefore;
  const hurry = pressing(report, moments);
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
      ${hurry === null ? null : html`<p>${hurry}</p>`}
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

const NEED_WORDS = { critical: 'Urgent', warning: 'Soon', info: 'When there is time' } as const;

/** What only a person can settle: what, who, by when. */
export function needs(report: Report, moments: Moments): Html {
  const { needsYou } = report;
  if (needsYou.length === 0) {
    return section(
      'needs',
      'What needs you',
      html`<div class="card told"><p class="roomy">${nothingWords(report)}</p></div>`,
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
            ${byWhen(need, report, moments)}
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

function nothingWords({ sources }: Report): string {
  return sources.length === 0
    ? 'Nothing yet: what is not connected cannot be compared.'
    : 'Nothing. Whatever differs is being put right by itself, or is only worth knowing.';
}

function byWhen(need: ReportNeed, report: Report, { moment }: Moments): Html {
  if (need.by === null) return html`<dd>${NEED_WORDS[need.severity]}</dd>`;
  return isOverdue(need, report)
    ? html`<dd class="late">overdue since ${moment(need.by)}</dd>`
    : html`<dd>${moment(need.by)}</dd>`;
}

/** Whatever a report holds, a link leads to the web. */
function safeLink({ link }: ReportNeed): string {
  return link !== null && /^https?:\/\//i.test(link) ? link : '#needs';
}

/** What happened in the period, in sentences. */
export function story({ whatHappened }: Report): Html {
  const list = whatHappened.map((sentence) => html`<li>${sentence}</li>`);
  return section(
    'happened',
    'What happened',
    html`<ul class="card told">
      ${list}
    </ul>`,
  );
}
