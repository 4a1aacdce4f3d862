import { counted } from '../../model/class-words.js';
import type { Report, ReportFinding } from '../../model/report.js';
import type { Moments } from '../moments.js';
import { html, type Html } from './html.js';
import { section } from './section.js';

/** Every difference with what was expected and what was found. */
export function evidence(report: Report, moments: Moments): Html {
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
  const again = finding.occurrences > 1 ? `, for the ${ordinal(finding.occurrences)} time` : '';
  const pairs = [
    ['Expected', finding.expected],
    ['Found', finding.found],
    ['Where', finding.source],
    ['Since', `${moments.moment(finding.openedAt)}${again}`],
  ].filter(([, value]) => value !== '');
  return html`<div class="proof">
    <div class="head">
      <h3>${finding.title}</h3>
      ${finding.isNew ? html`<span class="badge">new</span>` : null}
      <span class="badge ${finding.severity}">${finding.severity}</span>
    </div>
    <p>${finding.meaning}</p>
    <dl>
      ${pairs.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    <p class="quiet small">${finding.next}</p>
  </div>`;
}

function ordinal(number: number): string {
  const rule = new Intl.PluralRules('en-GB', { type: 'ordinal' }).select(number);
  return `${number}${{ one: 'st', two: 'nd', few: 'rd', other: 'th', zero: 'th', many: 'th' }[rule]}`;
}
