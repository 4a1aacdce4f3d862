import { counted } from '../../../lib/counted.js';
import { CLASS_WORDS } from '../../model/class-words.js';
import type { Report, ReportFinding } from '../../model/report.js';
import type { Moments } from '../moments.js';
import { groupAlike } from './alike.js';
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
  const proofs = groupAlike(open).map(([first, ...others]) => {
    if (first === undefined) return null;
    return others.length === 0 ? proof(first, moments) : proofOfMany(first, others, moments);
  });
  const openList = html`<div class="card">${proofs}</div>`;
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
  return html`<div class="proof">
    <div class="head">
      <h3>${finding.title}</h3>
      ${badges(finding, finding.isNew)}
    </div>
    <p>${finding.meaning}</p>
    ${pairs([
      ['Expected', finding.expected],
      ['Found', finding.found],
      ['Where', finding.source],
      ['Since', since(finding, moments)],
    ])}
    <p class="quiet small">${finding.next}</p>
  </div>`;
}

/** What is the same of all of them once, then each with what is its own. */
function proofOfMany(first: ReportFinding, others: readonly ReportFinding[], moments: Moments): Html {
  const all = [first, ...others];
  const isSame = (of: (finding: ReportFinding) => string): boolean =>
    others.every((finding) => of(finding) === of(first));
  const sinceOf = (finding: ReportFinding): string => since(finding, moments);
  const [hasSameFound, hasSameSince] = [isSame(({ found }) => found), isSame(sinceOf)];
  const items = all.map((finding) => {
    const own = [hasSameFound ? '' : finding.found, hasSameSince ? '' : moments.day(finding.openedAt)];
    const remark = own.filter((text) => text !== '').join(' · ');
    return html`<li>
      <b>${finding.about}</b>${remark === '' ? null : html` <span class="quiet small">${remark}</span>`}
    </li>`;
  });
  return html`<div class="proof many">
    <div class="head">
      <h3>${counted(all.length, '', CLASS_WORDS[first.class])}</h3>
      ${badges(
        first,
        all.every(({ isNew }) => isNew),
      )}
    </div>
    <p>${first.meaning}</p>
    ${pairs([
      ['Expected', first.expected],
      ['Found', hasSameFound ? first.found : ''],
      ['Where', first.source],
      ['Since', hasSameSince ? sinceOf(first) : ''],
    ])}
    <ul class="who">
      ${items}
    </ul>
    <p class="quiet small">${first.next}</p>
  </div>`;
}

function badges({ severity }: ReportFinding, isNew: boolean): Html {
  return html`${isNew ? html`<span class="badge">new</span>` : null}<span class="badge ${severity}"
      >${severity}</span
    >`;
}

function pairs(all: readonly (readonly [name: string, value: string])[]): Html {
  const shown = all.filter(([, value]) => value !== '');
  return html`<dl>
    ${shown.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

function since({ occurrences, openedAt }: ReportFinding, moments: Moments): string {
  return `${moments.moment(openedAt)}${occurrences > 1 ? `, for the ${ordinal(occurrences)} time` : ''}`;
}

function ordinal(number: number): string {
  const rule = new Intl.PluralRules('en-GB', { type: 'ordinal' }).select(number);
  return `${number}${{ one: 'st', two: 'nd', few: 'rd', other: 'th', zero: 'th', many: 'th' }[rule]}`;
}
