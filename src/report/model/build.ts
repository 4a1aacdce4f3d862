import { counted } from '../../lib/counted.js';
import type { FindingSeverity } from '../../domain/findings/finding.js';
import { journeysOf, speedOf } from '../history/journeys.js';
import type { StoredFinding } from '../ports.js';
import { CHANGE_WORDS } from './class-words.js';
import type { ReportInput, SourceReading } from './input.js';
import { listNeeds, nextStep } from './needs.js';
import type { Report, ReportFinding } from './report.js';
import { calculateTrends } from './trends.js';

/** The report from everything that was read. Pure: the same input is the same report. */
export function buildReport(input: ReportInput): Report {
  const journeys = journeysOf(input.events);
  const recent = journeys.filter(({ doneAt }) => doneAt >= input.from.getTime());
  const draft = {
    schemaVersion: 1 as const,
    id: input.id,
    createdAt: input.now.toISOString(),
    organisation: input.organisation,
    timeZone: input.timeZone,
    period: { from: input.from.toISOString(), to: input.now.toISOString() },
    needsYou: [...listNeeds(input)],
    figures: figuresOf(input),
    provisioning: {
      joiners: speedOf(recent, 'joiner', input.sla),
      movers: speedOf(recent, 'mover', input.sla),
      leavers: speedOf(recent, 'leaver', input.sla),
    },
    changes: changesOf(input),
    sources: input.sources.map((source) => sourceOf(source)),
    seats: input.sources.flatMap(seatsOf),
    findings: findingsOf(input),
    trends: calculateTrends(input, journeys),
    console: input.consoleUrl,
  };
  return {
    ...draft,
    isQuiet: isQuiet(draft, input.previous),
    headline: headlineOf(draft),
    whatHappened: [...narrate(draft)],
  };
}

type Draft = Omit<Report, 'isQuiet' | 'headline' | 'whatHappened'>;

function figuresOf(input: ReportInput): Report['figures'] {
  const of = (severity: FindingSeverity | null) =>
    input.openCounts
      .filter((one) => severity === null || one.severity === severity)
      .reduce((sum, { count }) => sum + count, 0);
  return {
    open: of(null),
    critical: of('critical'),
    warning: of('warning'),
    info: of('info'),
    opened: input.openedCount,
    resolved: input.resolvedCount,
    ignored: input.ignoredCount,
    openBefore: input.previous?.figures.open ?? null,
  };
}

function changesOf({ events, from }: ReportInput): Report['changes'] {
  const counts = new Map<string, number>();
  for (const event of events) {
    if (event.type !== 'agent' || event.at < from.getTime()) continue;
    const action = event.change?.action ?? 'delete';
    counts.set(action, (counts.get(action) ?? 0) + 1);
  }
  return Object.keys(CHANGE_WORDS).flatMap((action) => {
    const count = counts.get(action) ?? 0;
    return count === 0 ? [] : [{ action, count }];
  });
}

function sourceOf({
  source,
  name,
  kind,
  pausedReason,
  last,
  lastComplete,
}: SourceReading): Report['sources'][number] {
  const isComplete = last !== null && last.state === 'complete';
  const state =
    pausedReason === null ? (isComplete ? 'complete' : last === null ? 'never' : 'incomplete') : 'paused';
  return {
    type: source.type === 'idp' ? 'idp' : 'account',
    name,
    kind,
    state,
    comparedAt: lastComplete?.startedAt.toISOString() ?? null,
    reason: pausedReason ?? (isComplete ? null : (last?.reason ?? null)),
    open: Object.values(lastComplete?.figures?.open ?? {}).reduce((sum, count) => sum + (count ?? 0), 0),
  };
}

/** From the last comparison of seats; without one, what a comparison of the account knows. */
function seatsOf({ name, seatTrend, trend }: SourceReading): Report['seats'] {
  const seats = seatTrend.at(-1)?.figures.seats;
  if (seats !== undefined) {
    const { use = null, noCallSinceInvited = null } = seats;
    return [{ account: name, ...seats, use, noCallSinceInvited }];
  }
  const figures = trend.at(-1)?.figures;
  if (figures?.agents === undefined) return [];
  return [
    {
      account: name,
      held: figures.agents,
      parked: figures.parked ?? 0,
      unmanaged: figures.unmanaged ?? 0,
      unused: null,
      use: null,
      neverAccepted: null,
      noCallSinceInvited: null,
      contracted: figures.seatCeiling ?? null,
      minimum: null,
      billed: figures.agents,
      nextInvoice: figures.monthlyCost ?? null,
      idleCost: null,
    },
  ];
}

function findingsOf(input: ReportInput): Report['findings'] {
  const sources = new Map(input.sources.map((source) => [source.source.id, source]));
  const show = (stored: StoredFinding) => findingOf(stored, sources.get(stored.source.id), input.from);
  const total = input.openCounts.reduce((sum, { count }) => sum + count, 0);
  return {
    open: input.open.map(show),
    openLeftOut: Math.max(0, total - input.open.length),
    resolved: input.resolved.map(show),
    resolvedLeftOut: Math.max(0, input.resolvedCount - input.resolved.length),
  };
}

function findingOf(stored: StoredFinding, source: SourceReading | undefined, from: Date): ReportFinding {
  const { finding } = stored;
  return {
    id: stored.id,
    class: finding.class,
    severity: finding.severity,
    source: source?.name ?? 'not connected any more',
    about: finding.about,
    title: finding.words.title,
    meaning: finding.words.meaning,
    advice: finding.words.advice,
    expected: finding.evidence.expected,
    found: finding.evidence.found,
    next: stored.resolvedAt === null ? nextStep(stored, source) : 'Resolved.',
    isNew: stored.openedAt >= from,
    firstSeenAt: stored.firstSeenAt.toISOString(),
    openedAt: stored.openedAt.toISOString(),
    lastSeenAt: stored.lastSeenAt.toISOString(),
    resolvedAt: stored.resolvedAt?.toISOString() ?? null,
    occurrences: stored.occurrences,
    assignee: stored.assignee,
    dueAt: stored.dueAt?.toISOString() ?? null,
  };
}

/** What was known already is no news; what cannot be compared is, as long as it lasts and was not before. */
function isQuiet({ figures, needsYou, sources }: Draft, previous: Report | null): boolean {
  if (figures.opened > 0 || figures.resolved > 0) return false;
  const known = new Set(previous?.needsYou.map(({ what }) => what));
  const troubled = new Set(
    previous?.sources.filter(({ state }) => state !== 'complete').map(({ name }) => name),
  );
  return (
    needsYou.every(({ what }) => known.has(what)) &&
    sources.every(({ name, state }) => state === 'complete' || troubled.has(name))
  );
}

function headlineOf({ needsYou, figures, sources }: Draft): string {
  const blind = sources.filter(({ state }) => state !== 'complete').length;
  if (needsYou.length > 0) return `${counted(needsYou.length, 'thing needs', 'things need')} you`;
  if (sources.length === 0) return 'Nothing is compared yet';
  if (blind > 0)
    return `Nothing needs you, but ${counted(blind, 'source was', 'sources were')} not compared as a whole`;
  return figures.open === 0
    ? 'Everything is as it should be'
    : 'Nothing needs you: what differs is being put right or only worth knowing';
}

function* narrate({ figures, provisioning, changes, sources, seats }: Draft): Iterable<string> {
  yield differencesSentence(figures, sources.length > 0);
  for (const [words, { count, withinSla, medianMs, slaMs }] of [
    ['joiner', provisioning.joiners],
    ['mover', provisioning.movers],
    ['leaver', provisioning.leavers],
  ] as const) {
    if (count === 0 || medianMs === null) continue;
    yield `${counted(count, words, `${words}s`)}: half within ${span(medianMs)} of the push, ${withinSla === count ? 'all' : `${withinSla} of ${count}`} within the target of ${span(slaMs)}.`;
  }
  const done = changes.map(({ action, count }) =>
    counted(count, ...(CHANGE_WORDS[action] ?? [action, action])),
  );
  if (done.length > 0) yield `Carried out: ${done.join(', ')}.`;
  for (const { name, state, reason } of sources) {
    if (state === 'complete') continue;
    const why = reason === null ? '' : ` ${reason}`;
    yield state === 'never'
      ? `${name} was never compared.`
      : `${name} ${state === 'paused' ? 'is paused' : 'could not be read as a whole'}, so nothing was concluded from it.${why}`;
  }
  for (const { account, held, nextInvoice, idleCost } of seats) {
    if (nextInvoice === null) continue;
    const idle =
      idleCost === null || idleCost.amount === 0
        ? ''
        : `, ${amount(idleCost)} of it for seats that nobody uses`;
    yield `${account}: ${counted(held, 'seat is', 'seats are')} held; the next invoice may come to ${amount(nextInvoice)}${idle}.`;
  }
}

function differencesSentence(figures: Draft['figures'], isAnythingCompared: boolean): string {
  const { opened, resolved, open, openBefore } = figures;
  if (!isAnythingCompared && opened + resolved + open === 0) {
    return 'Nothing was compared: neither a phone system nor an identity provider is connected yet.';
  }
  const before = openBefore === null ? '' : `, ${openBefore.toLocaleString('en-GB')} in the report before`;
  return `${counted(opened, 'difference', 'differences')} came up and ${resolved === 0 ? 'none was' : counted(resolved, 'was', 'were')} resolved; ${counted(open, 'is', 'are')} open now${before}.`;
}

export function amount({
  amount: value,
  currency,
}: {
  readonly amount: number;
  readonly currency: string;
}): string {
  try {
    const digits = Number.isInteger(value) ? 0 : 2;
    const options = {
      style: 'currency',
      currency,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    } as const;
    return value.toLocaleString('en-GB', options);
  } catch {
    return `${value} ${currency}`;
  }
}

/** A length of time in its largest whole unit: `42 s`, `3 min`, `5 h`, `2 days`. */
export function span(ms: number): string {
  if (ms > 0 && ms < 1_000) return 'under 1 s';
  const isWhole = (unit: number) => ms >= unit && ms % unit === 0;
  if (ms < 90_000 && !isWhole(60_000)) return `${Math.max(0, Math.round(ms / 1_000))} s`;
  if (ms < 90 * 60_000 && !isWhole(3_600_000)) return `${Math.round(ms / 60_000)} min`;
  if (ms < 48 * 3_600_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / 86_400_000)} days`;
}
