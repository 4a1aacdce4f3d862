import type { Finding, FindingClass, FindingSeverity } from '../domain/findings/finding.js';
import type { Baseline, KnownTask } from '../domain/findings/input.js';
import type { FindingDecision, FindingPolicy } from '../domain/findings/policy.js';
import type { AccountKey } from '../reconcile/ports.js';

/**
 * What is compared with the directory: `account`, a phone system; `seats`, what an account pays for with what is used;
 * `idp`, an identity provider's own API. `id` is the account's or the provider connection's.
 */
export interface ComparisonSource {
  readonly tenantId: string;
  readonly type: 'account' | 'seats' | 'idp';
  readonly id: string;
}

/** Numbers of one comparison, kept for trends. Money is per month, in the account's currency. */
export interface ComparisonFigures {
  /** Open findings after the run, by class; classes without any are left out. */
  readonly open: Readonly<Partial<Record<FindingClass, number>>>;
  readonly opened: number;
  readonly resolved: number;
  readonly agents?: number;
  readonly parked?: number;
  readonly unmanaged?: number;
  readonly people?: number;
  readonly seatCeiling?: number | null;
  readonly monthlyCost?: Money | null;
  /** Age of the oldest change that had not reached the vendor when the run began. */
  readonly queueAgeMs?: number;
  /** Of comparisons of seats. */
  readonly seats?: SeatFigures;
}

/** `partly`: not yet of everybody. `off`: the account's settings do not ask for it. `not-listed`: the vendor lists no calls. */
export const USE_KNOWN = ['measured', 'partly', 'off', 'not-listed'] as const;
export type UseKnown = (typeof USE_KNOWN)[number];

/** What an account pays for, and what of that is used. Money is what the next monthly invoice may come to. */
export interface SeatFigures {
  /** Agents at the vendor: each takes a seat. */
  readonly held: number;
  /** Of people who left and are parked. */
  readonly parked: number;
  /** Nobody in the directory. */
  readonly unmanaged: number;
  /** Without a call for as long as the account's settings say; null: calls cannot be read, or not yet all of them. */
  readonly unused: number | null;
  /** What is known of use; absent in comparisons of before it was told. */
  readonly use?: UseKnown;
  /** Invited, and not accepted as the vendor says; null: it does not say. */
  readonly neverAccepted: number | null;
  /**
   * Where the vendor does not say who accepted: invited by us, and without a call since, which may mean either. null:
   * not known. Absent in comparisons of before it was told apart.
   */
  readonly noCallSinceInvited?: number | null;
  /** As the contract says, from the account's settings; null: not entered. */
  readonly contracted: number | null;
  readonly minimum: number | null;
  /** What is paid for: the most of what is held, what is contracted and the vendor's minimum. */
  readonly billed: number;
  readonly nextInvoice: Money | null;
  /** Of that, for seats of parked people and seats without use. */
  readonly idleCost: Money | null;
}

export interface Money {
  readonly amount: number;
  /** ISO 4217. */
  readonly currency: string;
}

/** `incomplete`: the source could not be read as a whole, so nothing was concluded from it. */
export type RunState = 'running' | 'complete' | 'incomplete';

export interface ComparisonRun extends ComparisonSource {
  readonly runId: string;
  readonly trigger: string;
  readonly state: RunState;
  /** What it is at, for a person, such as `reading the identity provider`. */
  readonly phase: string;
  readonly done: number | null;
  readonly total: number | null;
  /** Why it is incomplete. */
  readonly reason: string | null;
  readonly figures: ComparisonFigures | null;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
}

export interface RunProgress {
  readonly phase: string;
  readonly done?: number;
  readonly total?: number;
}

export interface RunStore {
  /**
   * Begins a run unless one is under way; then null. One whose heartbeat is older than `deadBefore` was interrupted and
   * is ended as incomplete.
   */
  begin(
    source: ComparisonSource,
    run: { readonly runId: string; readonly trigger: string; readonly at: Date; readonly deadBefore: Date },
  ): Promise<string | null>;
  /** Also the heartbeat. */
  progress(source: ComparisonSource, runId: string, progress: RunProgress, at: Date): Promise<void>;
  /** Ends the run without touching a single finding. */
  abandon(source: ComparisonSource, runId: string, reason: string, at: Date): Promise<void>;
  /** Of every tenant: ends what has shown no sign of life since then. */
  abandonDead(deadBefore: Date, at: Date): Promise<void>;
  /** As if it had never begun. */
  withdraw(source: ComparisonSource, runId: string): Promise<void>;
  /** Newest first. */
  list(
    tenantId: string,
    query: { readonly source?: ComparisonSource; readonly since?: Date; readonly limit: number },
  ): Promise<readonly ComparisonRun[]>;
}

/** A comparison that somebody or the schedule asked for. */
export interface ComparisonRequest {
  readonly source: ComparisonSource;
  readonly trigger: string;
  readonly dueAt: Date;
}

/** Requests for comparisons other than of whole accounts, which are asked for at the account. */
export interface ComparisonRequestStore {
  /** Where one waits already, the earlier moment counts. */
  ask(request: ComparisonRequest): Promise<void>;
  find(source: ComparisonSource): Promise<ComparisonRequest | null>;
  /** Of every tenant, those that are due. */
  listDue(now: Date): Promise<readonly ComparisonRequest[]>;
  /** It was answered; one that came in since it was found stands. */
  answer(request: ComparisonRequest): Promise<void>;
  postpone(request: ComparisonRequest, until: Date): Promise<void>;
}

/** A finding over time. */
export interface StoredFinding {
  readonly id: string;
  readonly source: ComparisonSource;
  readonly finding: Finding;
  readonly firstSeenAt: Date;
  /** When it came up this time; later than `firstSeenAt` when it was gone in between. */
  readonly openedAt: Date;
  readonly lastSeenAt: Date;
  readonly occurrences: number;
  readonly resolvedAt: Date | null;
  readonly decision: {
    readonly type: FindingDecision;
    readonly by: string;
    readonly at: Date;
  } | null;
  readonly ignored: { readonly until: Date | null; readonly reason: string; readonly by: string } | null;
  readonly assignee: string | null;
  readonly dueAt: Date | null;
}

/** `accepted`: somebody said that it is right as it is. */
export const FINDING_STATES = ['open', 'ignored', 'accepted', 'resolved'] as const;
export type FindingState = (typeof FINDING_STATES)[number];

export interface FindingQuery {
  readonly source?: ComparisonSource;
  readonly state?: FindingState;
  readonly class?: FindingClass;
  readonly severity?: FindingSeverity;
  readonly subjectId?: string;
  readonly assignee?: string;
  /** Part of what it is about, or of its title; upper and lower case are the same. */
  readonly text?: string;
  /** Resolved at or after this moment. */
  readonly resolvedSince?: Date;
  readonly limit: number;
  readonly offset?: number;
}

export interface FindingAudit {
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface FindingChange {
  readonly ignored?: { readonly until: Date | null; readonly reason: string; readonly by: string } | null;
  readonly assignee?: string | null;
  readonly dueAt?: Date | null;
  readonly decision?: { readonly type: FindingDecision; readonly by: string } | null;
}

export interface FindingStore {
  /**
   * Ends a run with what it found, in one transaction: new findings open, known ones were seen again, those of the
   * covered classes that are not among them are resolved. Returns what changed.
   */
  record(
    source: ComparisonSource,
    run: {
      readonly runId: string;
      readonly at: Date;
      readonly covers: readonly FindingClass[];
      readonly findings: readonly Finding[];
      readonly newId: () => string;
      readonly figures: Omit<ComparisonFigures, 'open' | 'opened' | 'resolved'>;
      readonly baseline: Baseline | null;
    },
  ): Promise<ComparisonFigures>;
  find(tenantId: string, findingId: string): Promise<StoredFinding | null>;
  /** Open ones gravest first, resolved ones the last resolved first. `now` decides who is still ignored. */
  list(tenantId: string, query: FindingQuery, now: Date): Promise<readonly StoredFinding[]>;
  /** How many there are of each class and severity. */
  count(
    tenantId: string,
    query: Omit<FindingQuery, 'limit' | 'offset'>,
    now: Date,
  ): Promise<
    readonly { readonly class: FindingClass; readonly severity: FindingSeverity; readonly count: number }[]
  >;
  /** False when it is resolved or does not exist. */
  change(tenantId: string, findingId: string, change: FindingChange, audit: FindingAudit): Promise<boolean>;
  /** What people decided about open findings of the source. */
  decisions(
    source: ComparisonSource,
  ): Promise<readonly { readonly key: string; readonly found: string; readonly type: FindingDecision }[]>;
  /** Drops resolved findings and finished runs from before then. */
  prune(tenantId: string, before: Date): Promise<void>;
}

export interface PolicyStore {
  /** Only what somebody chose. */
  list(source: ComparisonSource): Promise<ReadonlyMap<FindingClass, FindingPolicy>>;
  set(
    source: ComparisonSource,
    kind: FindingClass,
    policy: FindingPolicy,
    audit: FindingAudit,
  ): Promise<void>;
}

/** What an account comparison needs besides the reading, the plan and the links. */
export interface AccountFacts {
  readonly name: string;
  readonly baseline: Baseline | null;
  /** When we created the account's agents, milliseconds since the epoch, by the vendor's id. */
  readonly invitedAt: ReadonlyMap<string, number>;
  /** null: use is not measured. */
  readonly lastUse: ReadonlyMap<string, number> | null;
  readonly tasks: readonly KnownTask[];
  readonly seatCeiling: number | null;
  readonly seatPrice: { readonly amountPerMonth: number; readonly currency: string } | null;
  /** When the oldest change that waits was asked for; null: none waits. */
  readonly oldestMarkAt: Date | null;
}

export interface AccountFactsReader {
  read(account: AccountKey): Promise<AccountFacts>;
}
