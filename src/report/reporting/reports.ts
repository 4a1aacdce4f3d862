import { AppError } from '../../domain/errors.js';
import type { Clock } from '../../lib/clock.js';
import { STANDARD_SLA, type Sla } from '../history/journeys.js';
import { buildReport } from '../model/build.js';
import type { SourceReading } from '../model/input.js';
import { reportSchema, type Report } from '../model/report.js';
import type { FindingStore, PolicyStore } from '../ports.js';
import type { ComparisonsView, SourceStatus } from '../read-model.js';
import type { ReportFacts, ReportStore } from './ports.js';

export interface ReportsDeps {
  readonly store: ReportStore;
  readonly facts: ReportFacts;
  readonly comparisons: Pick<ComparisonsView, 'sources' | 'trend'>;
  readonly findings: Pick<FindingStore, 'list' | 'count'>;
  readonly policies: Pick<PolicyStore, 'list'>;
  readonly clock: Clock;
  readonly newId: () => string;
  /** Address of the console, for links; null: none is known. */
  readonly consoleUrl: string | null;
}

export interface ReportWish {
  readonly tenantId: string;
  /** Beginning of the period; null: the end of the report before, at most `PERIOD_MAX_DAYS` ago. */
  readonly from: Date | null;
  /** What it is compared with; absent: the report before. */
  readonly previous?: Report | null;
  readonly timeZone: string;
  readonly sla?: Sla;
  readonly actor: string;
}

export interface Reports {
  /** Makes a report of now and keeps it. Throws AppError `invalid` for a period or time zone that there is not. */
  create(wish: ReportWish): Promise<Report>;
  list: ReportStore['list'];
  /** Throws AppError `notFound`. */
  get(tenantId: string, reportId: string): Promise<Report>;
}

const DAY_MS = 86_400_000;
const FIRST_PERIOD_DAYS = 7;
const PERIOD_MAX_DAYS = 366;
const TREND_DAYS = 30;
const KEPT_DAYS = 800;
/** A report is read by people: the rest is in the console and in its CSV. */
const OPEN_SHOWN = 500;
const RESOLVED_SHOWN = 200;

/** Reports on the reconciliation of a tenant. */
export function makeReports(deps: ReportsDeps): Reports {
  const { store, clock } = deps;
  return {
    async create(wish) {
      const now = clock.now();
      const previous = wish.previous === undefined ? await store.latest(wish.tenantId, now) : wish.previous;
      const from = beginning(wish, previous, now);
      assertTimeZone(wish.timeZone);
      const report = await make(deps, wish, { now, from, previous });
      await store.save(wish.tenantId, report, { actor: wish.actor });
      await store.prune(wish.tenantId, new Date(now.getTime() - KEPT_DAYS * DAY_MS));
      return report;
    },
    list: (tenantId, page) => store.list(tenantId, page),
    async get(tenantId, reportId) {
      const found = await store.find(tenantId, reportId);
      if (found !== null) return found;
      throw new AppError('notFound', 'There is no such report. It may be older than what is kept.');
    },
  };
}

function beginning({ from }: ReportWish, previous: Report | null, now: Date): Date {
  const oldest = new Date(now.getTime() - PERIOD_MAX_DAYS * DAY_MS);
  if (from === null) {
    const before =
      previous === null ? new Date(now.getTime() - FIRST_PERIOD_DAYS * DAY_MS) : new Date(previous.period.to);
    return before < oldest ? oldest : before;
  }
  if (from < now && from >= oldest) return from;
  throw new AppError(
    'invalid',
    `A report's period begins in the past, at most ${PERIOD_MAX_DAYS} days ago. None was made.`,
  );
}

/** Throws AppError `invalid` for what is no IANA time zone. */
export function assertTimeZone(timeZone: string): void {
  try {
    Intl.DateTimeFormat('en-GB', { timeZone });
  } catch {
    throw new AppError(
      'invalid',
      `"${timeZone.slice(0, 60)}" is no time zone. Write one such as Europe/Paris or UTC.`,
    );
  }
}

interface Moments {
  readonly now: Date;
  readonly from: Date;
  readonly previous: Report | null;
}

async function make(deps: ReportsDeps, wish: ReportWish, { now, from, previous }: Moments): Promise<Report> {
  const { tenantId, timeZone, sla = STANDARD_SLA } = wish;
  const { findings, facts } = deps;
  const trendFrom = new Date(Math.min(from.getTime(), now.getTime() - TREND_DAYS * DAY_MS));
  const [organisation, sources, matters, events, openedCount] = await Promise.all([
    facts.organisation(tenantId),
    readSources(deps, tenantId, now),
    facts.matters(tenantId),
    facts.events(tenantId, trendFrom),
    facts.countOpened(tenantId, from),
  ]);
  const [open, openCounts, ignored, resolved, resolvedCounts] = await Promise.all([
    findings.list(tenantId, { state: 'open', limit: OPEN_SHOWN }, now),
    findings.count(tenantId, { state: 'open' }, now),
    findings.count(tenantId, { state: 'ignored' }, now),
    findings.list(tenantId, { state: 'resolved', resolvedSince: from, limit: RESOLVED_SHOWN }, now),
    findings.count(tenantId, { state: 'resolved', resolvedSince: from }, now),
  ]);
  const report = buildReport({
    id: deps.newId(), now, organisation, timeZone, from, consoleUrl: deps.consoleUrl, sources, open, openCounts,
    ignoredCount: total(ignored), resolved, resolvedCount: total(resolvedCounts), openedCount, matters, events, sla,
    trendDays: TREND_DAYS, previous,
  }); // prettier-ignore
  return reportSchema.parse(report);
}

async function readSources(
  { comparisons, policies, facts }: ReportsDeps,
  tenantId: string,
  now: Date,
): Promise<readonly SourceReading[]> {
  const writable = await facts.writableAccounts(tenantId);
  const span = {
    from: new Date(now.getTime() - TREND_DAYS * DAY_MS),
    to: new Date(now.getTime() + 1),
    pointsMax: TREND_DAYS,
  };
  const read = async (status: SourceStatus): Promise<SourceReading> => ({
    ...status,
    policies: await policies.list(status.source),
    mayFix: status.source.type === 'idp' || writable.has(status.source.id),
    trend: await comparisons.trend(status.source, span),
    seatTrend:
      status.source.type === 'account'
        ? await comparisons.trend({ ...status.source, type: 'seats' }, span)
        : [],
  });
  const statuses = await comparisons.sources(tenantId);
  // Seats are told with their account.
  return Promise.all(statuses.filter(({ source }) => source.type !== 'seats').map(read));
}

function total(counts: readonly { readonly count: number }[]): number {
  return counts.reduce((sum, { count }) => sum + count, 0);
}
