import type { HistoryEvent } from '../history/events.js';
import type { Matter } from '../model/input.js';
import type { Report } from '../model/report.js';

export interface ListedReport {
  readonly id: string;
  readonly createdAt: Date;
  readonly from: Date;
  readonly to: Date;
  readonly isQuiet: boolean;
  readonly headline: string;
  readonly open: number;
  readonly opened: number;
  readonly resolved: number;
  readonly needs: number;
}

export interface ReportStore {
  save(tenantId: string, report: Report, audit: { readonly actor: string }): Promise<void>;
  find(tenantId: string, reportId: string): Promise<Report | null>;
  /** Newest first. `account`: only those that tell of the account of this name. */
  list(
    tenantId: string,
    page: { readonly after: string | null; readonly limit: number; readonly account?: string | null },
  ): Promise<{ readonly rows: readonly ListedReport[]; readonly next: string | null }>;
  /** The newest one that was made before then. */
  latest(tenantId: string, before: Date): Promise<Report | null>;
  /** Drops those from before then. */
  prune(tenantId: string, before: Date): Promise<void>;
}

/** What reports say beside findings and comparisons. */
export interface ReportFacts {
  organisation(tenantId: string): Promise<{ readonly slug: string; readonly name: string }>;
  /** Ids of accounts whose policy lets Patchbay change something. */
  writableAccounts(tenantId: string): Promise<ReadonlySet<string>>;
  matters(tenantId: string): Promise<readonly Matter[]>;
  /** Findings that came up since then, resolved again or not. */
  countOpened(tenantId: string, since: Date): Promise<number>;
  /** Events of the audit trail since then, oldest first. */
  events(tenantId: string, since: Date): Promise<readonly HistoryEvent[]>;
}
