import type { ComparisonFigures, ComparisonRun, ComparisonSource } from './ports.js';

/** One thing that is compared with the directory, and how that stands. */
export interface SourceStatus {
  readonly source: ComparisonSource;
  /** As admins call it: the account's name, or that of the connection to an identity provider. */
  readonly name: string;
  /** The vendor's id, such as `aircall`, or the kind of identity provider, such as `okta`. */
  readonly kind: string;
  /** Why it is not compared at present; null: it is, on its schedule. */
  readonly pausedReason: string | null;
  /** Five-field cron of its schedule. */
  readonly cron: string;
  readonly timeZone: string;
  /** Whether the vendor lists calls: where it does not, seats are compared with the plan only, not with their use. */
  readonly hasUse: boolean;
  /** Under way, with how far it is. */
  readonly running: ComparisonRun | null;
  /** The last one that ended, complete or not. */
  readonly last: ComparisonRun | null;
  readonly lastComplete: ComparisonRun | null;
}

/** Numbers of one complete run. */
export interface TrendPoint {
  readonly at: Date;
  readonly runId: string;
  readonly figures: ComparisonFigures;
}

/**
 * What comparisons came to, for pages and reports. Findings themselves are read through `Findings` (findings.ts):
 * `list` and `count` by source, state, class and severity.
 */
export interface ComparisonsView {
  /** Everything of the tenant that is compared: accounts, their seats, connections; by name. */
  sources(tenantId: string): Promise<readonly SourceStatus[]>;
  /** Newest first; `before` continues after the last one of a page. */
  runs(
    tenantId: string,
    query: {
      readonly source?: ComparisonSource;
      readonly since?: Date;
      readonly before?: { readonly startedAt: Date; readonly runId: string };
      readonly limit: number;
    },
  ): Promise<readonly ComparisonRun[]>;
  /** null: there is none, or it is older than what is kept. */
  run(tenantId: string, runId: string): Promise<ComparisonRun | null>;
  /**
   * Complete runs of the source from `from` up to `to`, oldest first. Where there are more than `pointsMax`, the last
   * one of each of as many equal stretches of time.
   */
  trend(
    source: ComparisonSource,
    span: { readonly from: Date; readonly to: Date; readonly pointsMax: number },
  ): Promise<readonly TrendPoint[]>;
}
