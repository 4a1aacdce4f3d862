import type { FindingClass, FindingSeverity } from '../../domain/findings/finding.js';
import type { FindingPolicy } from '../../domain/findings/policy.js';
import type { HistoryEvent } from '../history/events.js';
import type { Sla } from '../history/journeys.js';
import type { StoredFinding } from '../ports.js';
import type { SourceStatus, TrendPoint } from '../read-model.js';
import type { Report } from './report.js';

/** Something outside the findings that needs a person: a held plan, a paused account, tasks, certificates. */
export interface Matter {
  readonly severity: 'todo' | 'warning' | 'trouble';
  readonly title: string;
  readonly detail: string;
  readonly who: string;
  readonly link: string | null;
}

export interface SourceReading extends SourceStatus {
  readonly policies: ReadonlyMap<FindingClass, FindingPolicy>;
  /** Whether the account's policy lets the next plan put things right. */
  readonly mayFix: boolean;
  /** Oldest first. */
  readonly trend: readonly TrendPoint[];
  /** Of the seats of an account; empty for others. */
  readonly seatTrend: readonly TrendPoint[];
}

/** Everything that a report is made of. */
export interface ReportInput {
  readonly id: string;
  readonly now: Date;
  readonly organisation: { readonly slug: string; readonly name: string };
  readonly timeZone: string;
  readonly from: Date;
  readonly consoleUrl: string | null;
  readonly sources: readonly SourceReading[];
  /** Open ones, gravest first; at most as many as a report shows. */
  readonly open: readonly StoredFinding[];
  readonly openCounts: readonly {
    readonly class: FindingClass;
    readonly severity: FindingSeverity;
    readonly count: number;
  }[];
  readonly ignoredCount: number;
  readonly resolved: readonly StoredFinding[];
  readonly resolvedCount: number;
  readonly openedCount: number;
  readonly matters: readonly Matter[];
  /** Of the days of the trends, oldest first. */
  readonly events: readonly HistoryEvent[];
  readonly sla: Sla;
  readonly trendDays: number;
  readonly previous: Report | null;
}
