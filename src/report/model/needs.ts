import { counted } from '../../lib/counted.js';
import type { FindingClass, FindingSeverity } from '../../domain/findings/finding.js';
import { standardPolicy } from '../../domain/findings/policy.js';
import type { StoredFinding } from '../ports.js';
import { CLASS_WORDS } from './class-words.js';
import type { Matter, ReportInput, SourceReading } from './input.js';
import type { ReportNeed } from './report.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** From the moment it came up until somebody should have settled it. */
const DEADLINE_MS: Readonly<Record<FindingSeverity, number | null>> = {
  critical: DAY_MS,
  warning: 7 * DAY_MS,
  info: null,
};
const MATTER_DEADLINE_MS = { trouble: 4 * HOUR_MS, warning: 2 * DAY_MS, todo: null } as const;
const MATTER_SEVERITY = { trouble: 'critical', warning: 'warning', todo: 'info' } as const;
/** Of one class and source; more are told as a number. */
const NAMED_MAX = 3;
const SEVERITIES: readonly FindingSeverity[] = ['critical', 'warning', 'info'];

/** What only a person can settle, the gravest and most pressing first. */
export function listNeeds(input: ReportInput): readonly ReportNeed[] {
  const needs = [
    ...input.matters.map((matter) => matterNeed(matter, input.now)),
    ...groupByClass(input).flatMap((group) => findingNeeds(group, input)),
  ];
  return needs.toSorted(
    (a, b) =>
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      (a.by ?? '9').localeCompare(b.by ?? '9') ||
      0,
  );
}

function matterNeed({ severity, title, detail, who, link }: Matter, now: Date): ReportNeed {
  const withinMs = MATTER_DEADLINE_MS[severity];
  const by = withinMs === null ? null : new Date(now.getTime() + withinMs).toISOString();
  return { severity: MATTER_SEVERITY[severity], what: title, why: detail, todo: '', who, by, link };
}

/** What happens to an open finding without anybody's doing. */
export function nextStep(stored: StoredFinding, source: SourceReading | undefined): string {
  const { class: kind, fixedBy, words } = stored.finding;
  if (stored.decision?.type === 'accept') return `Accepted by ${stored.decision.by}.`;
  if (stored.ignored !== null) return `Ignored by ${stored.ignored.by}: ${stored.ignored.reason}`;
  if (isSettledByItself(stored, source)) return 'The next plan puts it right.';
  if (fixedBy.length > 0 && source?.mayFix === false) {
    return 'The account is report-only, so nothing is changed. Choose another policy, or put it right by hand.';
  }
  return policyOf(source, kind) === 'ask' ? `Waits for a decision. ${words.advice}` : words.advice;
}

function isSettledByItself({ finding, decision }: StoredFinding, source: SourceReading | undefined): boolean {
  if (source === undefined || !source.mayFix) return false;
  const policy = policyOf(source, finding.class);
  const wants = decision?.type === 'fix' || policy === 'fix' || policy === 'adopt';
  return wants && (finding.fixedBy.length > 0 || finding.class === 'idp-deactivated');
}

function policyOf(source: SourceReading | undefined, kind: FindingClass) {
  return source?.policies.get(kind) ?? standardPolicy(kind);
}

interface Group {
  readonly source: SourceReading | undefined;
  readonly findings: readonly StoredFinding[];
}

function groupByClass({ open, sources }: ReportInput): readonly Group[] {
  const bySource = new Map(sources.map((source) => [source.source.id, source]));
  const groups = new Map<string, { source: SourceReading | undefined; findings: StoredFinding[] }>();
  for (const stored of open) {
    const source = bySource.get(stored.source.id);
    const isWaiting =
      stored.finding.severity === 'critical' ||
      (stored.finding.severity === 'warning' && !isSettledByItself(stored, source)) ||
      stored.assignee !== null ||
      stored.dueAt !== null;
    if (!isWaiting) continue;
    const key = `${stored.source.id} ${stored.finding.class} ${stored.finding.severity} ${stored.assignee ?? ''}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { source, findings: [stored] });
    else group.findings.push(stored);
  }
  return [...groups.values()];
}

function findingNeeds({ source, findings }: Group, input: ReportInput): readonly ReportNeed[] {
  if (findings.length <= NAMED_MAX) return findings.map((stored) => oneNeed(stored, source, input));
  const [first] = findings;
  if (first === undefined) return [];
  const byTimes = findings.map((stored) => deadline(stored)).filter((by) => by !== null);
  const names = findings.slice(0, NAMED_MAX).map(({ finding }) => finding.about);
  return [
    {
      ...oneNeed(first, source, input),
      what: `${counted(findings.length, '', CLASS_WORDS[first.finding.class])}${source === undefined ? '' : ` (${source.name})`}`,
      why: `${names.join(', ')} and ${findings.length - NAMED_MAX} more. ${first.finding.words.meaning}`,
      by: byTimes.toSorted()[0] ?? null,
      link: linkTo(input, `?class=${first.finding.class}`),
    },
  ];
}

function oneNeed(stored: StoredFinding, source: SourceReading | undefined, input: ReportInput): ReportNeed {
  const { severity, words } = stored.finding;
  return {
    severity,
    what: words.title,
    why: words.meaning,
    todo: nextStep(stored, source),
    who: stored.assignee ?? responsible(stored, source),
    by: deadline(stored),
    link: linkTo(input, `/${stored.id}`),
  };
}

function deadline({ dueAt, openedAt, finding }: StoredFinding): string | null {
  if (dueAt !== null) return dueAt.toISOString();
  const withinMs = DEADLINE_MS[finding.severity];
  return withinMs === null ? null : new Date(openedAt.getTime() + withinMs).toISOString();
}

function responsible({ source: { type } }: StoredFinding, source: SourceReading | undefined): string {
  const name = source?.name ?? '';
  if (type === 'idp') return `whoever runs the identity provider (${name})`;
  return type === 'seats' ? `whoever pays for ${name}` : `whoever runs ${name}`;
}

function linkTo({ consoleUrl }: ReportInput, rest: string): string | null {
  return consoleUrl === null ? null : `${consoleUrl}/findings${rest}`;
}
