import { amount, span } from '../model/build.js';
import { invitedWords, whyBilled, whyUseUnknown } from '../model/seat-words.js';
import type { Report, ReportFinding, ReportNeed } from '../model/report.js';
import { deadlineWords } from './deadlines.js';
import { momentsIn, type Moments } from './moments.js';

/** GitHub-flavoured Markdown: for tickets and chats. */
export function renderMarkdown(report: Report): string {
  const moments = momentsIn(report.timeZone);
  const { organisation, period, findings } = report;
  return [
    `# Reconciliation of ${plain(organisation.name)}: ${plain(report.headline)}`,
    '',
    `${moments.moment(period.from)} to ${moments.moment(period.to)}`,
    '',
    '## What needs you',
    '',
    ...(report.needsYou.length === 0
      ? ['Nothing.']
      : report.needsYou.map((need) => needLine(need, report, moments))),
    '',
    '## What happened',
    '',
    ...report.whatHappened.map((sentence) => `- ${plain(sentence)}`),
    '',
    ...table(
      'What was compared',
      ['Source', 'State', 'Last complete comparison', 'Open', 'Remark'],
      report.sources.map((one) => [
        `${one.name} (${one.kind})`, one.state, one.comparedAt === null ? 'none' : moments.moment(one.comparedAt),
        String(one.open), one.reason ?? '',
      ]),
    ), // prettier-ignore
    ...table(
      'Seats',
      ['Phone system', 'Held', 'By people who left', 'Without use', 'Since invited', 'Billed', 'Next invoice'],
      report.seats.map((one) => [
        one.account, String(one.held), String(one.parked), whyUseUnknown(one) ?? String(one.unused), invitedWords(one) ?? 'not known', billed(one),
        one.nextInvoice === null ? 'no price entered' : amount(one.nextInvoice),
      ]),
    ), // prettier-ignore
    ...table(
      'From the push to the phone system',
      ['Who', 'People', 'Half within', '95 of 100 within', 'In time'],
      Object.entries(report.provisioning)
        .filter(([, { count }]) => count > 0)
        .map(([who, speed]) => [
          who, String(speed.count), span(speed.medianMs ?? 0), span(speed.p95Ms ?? 0),
          `${speed.withinSla} (target ${span(speed.slaMs)})`,
        ]),
    ), // prettier-ignore
    '## Evidence',
    '',
    ...(findings.open.length === 0 ? ['Nothing differs.'] : findings.open.map((one) => proof(one, moments))),
    ...(findings.openLeftOut === 0 ? [] : [`- ${findings.openLeftOut} more are left out here.`]),
    ...(findings.resolved.length === 0 ? [] : ['', '## Resolved', '']),
    ...findings.resolved.map(({ title, source }) => `- ${plain(title)} (${plain(source)})`),
    '',
  ].join('\n');
}

function needLine(need: ReportNeed, report: Report, moments: Moments): string {
  const when = deadlineWords(need, report, moments);
  const by = when === null ? '' : `, ${when}`;
  const todo = need.todo === '' ? '' : ` ${plain(need.todo)}`;
  return `- **${plain(need.what)}** (${need.severity}): ${plain(need.why)}${todo} *${plain(need.who)}${by}*`;
}

function proof(finding: ReportFinding, moments: Moments): string {
  const since = moments.moment(finding.openedAt);
  return `- **${plain(finding.title)}** (${finding.severity}, ${plain(finding.source)}, since ${since}): expected ${plain(finding.expected)}; found ${plain(finding.found)}. ${plain(finding.next)}`;
}

function table(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) => `| ${cells.map(plain).join(' | ')} |`;
  return [`## ${title}`, '', line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line), ''];
}

/** Text that stays text: nothing in it is read as Markdown or HTML, and it stays on its line. */
export function plain(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .replaceAll(/[\\`*_{}[\]<>#|~&!]/g, String.raw`\$&`);
}

function billed(one: Report['seats'][number]): string {
  const why = whyBilled(one);
  return why === null ? String(one.billed) : `${one.billed} (${why})`;
}
