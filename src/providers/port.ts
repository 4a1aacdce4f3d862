import type { z } from 'zod';
import type { Capabilities, VendorLimits } from '../domain/capabilities.js';
import type { ManualAct, ManualRecord } from '../domain/manual-record.js';
import type { ActualAgent, ActualState } from '../domain/state.js';
import type { ExportReading, ManualStep } from './manual.js';
import type { DashboardGuide, DashboardPlace } from './dashboard.js';

/**
 * The contract between Patchbay and a phone system. Adapters translate; they hold no policy, keep no state that
 * matters and never retry on their own: pacing and retries belong to the account's drain.
 *
 * Every call throws AppError only: `credential` (never retried; pauses the account), `rateLimited` with `retryAt`,
 * `unavailable` (outcome of a write unknown or the vendor is ill), `contract` (unknown answer shape), `invalid`
 * (the vendor refused the data; message says why), `notFound` (only from writes), `capability`.
 */
export interface Provider {
  /** Proves that the credential works and says what it reaches. */
  validate(): Promise<AccountFacts>;
  /** All agents, teams and numbers, or throws: never a shorter list. `onProgress` hears of every answer. */
  readAll(onProgress?: OnReadProgress): Promise<ActualState>;
  /** The named agents with their team memberships, all teams, all numbers. Agents that are gone are left out. */
  readSubjects(refs: readonly AgentRef[]): Promise<ActualState>;
  /** What a reading made earlier says of names and ids, for a start without asking for it again. */
  recall?(reading: ActualState): void;
  /** One agent by id or e-mail, null when the vendor says that it does not exist. Without team memberships. */
  findAgent(ref: AgentRef): Promise<ActualAgent | null>;
  /**
   * One write. Safe to repeat: "already so" is the outcome `already`, not an error. After an error of kind
   * `unavailable` it may have happened. `notFound`: the agent or the team it names is gone, so plan again.
   * Where `capabilities.writes` is `manual` nothing is written: the outcome is `already`, or `awaiting` with the
   * step for a person. An agent who is invited but not confirmed yet is named by the address instead of an id.
   */
  write(operation: ProviderWrite): Promise<WriteOutcome>;
  /** Whether the agent speaks with somebody right now. Absent where the vendor does not tell. */
  isInCall?(providerUserId: string): Promise<boolean>;
  /** Ids of all agents, or throws: the cheapest complete list. Absent: `readAll` is used. */
  listAgentIds?(): Promise<ReadonlySet<string>>;
  /** One call with fresh links, whoever took it; null when the vendor does not know it. Absent: not offered. */
  findCall?(callId: string): Promise<CallRecord | null>;
  /** One person's calls, oldest first, each once. Absent where the vendor has no such list. */
  calls?(query: CallQuery): AsyncIterable<CallRecord>;
  /** The vendor tells of changes by webhook. Absent where it does not. */
  readonly webhooks?: VendorWebhooks;
  /** Start of the person's last call within the time, by one request; null: none. Absent where `calls` must do. */
  lastCall?(query: CallQuery): Promise<number | null>;
}

/** How far a long reading is. */
export interface ReadProgress {
  /** For a person, such as `users`. */
  readonly what: string;
  readonly done: number;
  /** null: the vendor does not say. */
  readonly total: number | null;
}

/** Must not throw, and is not waited for. */
export type OnReadProgress = (progress: ReadProgress) => void;

/** Registration of an address to which the vendor sends what happens to people. */
export interface VendorWebhooks {
  register(url: string): Promise<WebhookRegistration>;
  /** "Already gone" is success. */
  remove(remoteId: string): Promise<void>;
}

export interface WebhookRegistration {
  readonly remoteId: string;
  /** What every delivery shows. */
  readonly token: string;
}

/** One delivery. `kind` null: of no interest here. */
export interface VendorEvent {
  readonly token: string;
  /** `used`: the person signed in. */
  readonly kind: 'created' | 'deleted' | 'used' | null;
  readonly providerUserId: string;
  readonly email: string | null;
}

/** Moments are milliseconds since the epoch. Calls before the vendor's reach (`callHistoryDays`) are not listed. */
export interface CallQuery {
  readonly providerUserId: string;
  readonly from: number;
  readonly to: number;
}

/** Whatever the retention manifest needs of a call. URLs expire within the hour: fetch at once, never store them. */
export interface CallRecord {
  readonly callId: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** E.164 of the company's own number; null where the vendor does not say. */
  readonly numberDigits: string | null;
  readonly durationSeconds: number;
  readonly recordingUrl: string | null;
  readonly voicemailUrl: string | null;
}

export type AgentRef =
  { readonly by: 'id'; readonly providerUserId: string } | { readonly by: 'email'; readonly email: string };

export interface AccountFacts {
  readonly companyName: string;
  readonly agentCount: number | null;
  /** Facts worth showing to the admin, such as the plan or the owner of the credential. */
  readonly details: Readonly<Record<string, string | number>>;
}

export type AgentProfile = Extract<ManualAct, { readonly type: 'create-agent' }>['profile'];

export type ProviderWrite = ManualAct;

/** `providerId` is the id of the agent or team that was created or found; null for other writes. */
export type WriteOutcome =
  | { readonly result: 'applied' | 'already'; readonly providerId: string | null }
  /** A person has to do it; until somebody confirms it, nothing has happened. */
  | { readonly result: 'awaiting'; readonly providerId: null; readonly step: ManualStep };

/**
 * Pacing: adapters await `take` before each request, and report what the vendor said about its limits.
 * `take` resolves when the account's shared budget allows one more request; it rejects with AppError
 * `rateLimited` when the wait would exceed the drain's time slice.
 */
export interface Pacer {
  take(requests: number): Promise<void>;
  observe(signal: LimitSignal): void;
}

export interface LimitSignal {
  readonly limitPerMinute?: number;
  readonly remaining?: number;
  /** Milliseconds since the epoch. */
  readonly resetAt?: number;
  /** Set when the vendor answered 429. */
  readonly retryAt?: number;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One request without retries; throws on network failure, time-out, over-long bodies and refused addresses. */
export type SendHttp = (request: HttpRequest) => Promise<HttpResponse>;

export interface ProviderDeps {
  readonly accountId: string;
  readonly send: SendHttp;
  readonly pacer: Pacer;
  /** What people confirmed and exports showed, for vendors whose writes are manual. */
  readonly record?: () => Promise<ManualRecord>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What an admin chose for one account. */
export interface AccountPacing {
  /** Requests a minute that the vendor allows the whole account. What the vendor says itself only lowers it. */
  readonly limitPerMinute: number;
  /** 0..0.9: the part of the limit that is left to the customer's other integrations. */
  readonly shareForOthers: number;
  /** How many requests may go at once, where the vendor's limit is one a second. Absent: a small share of a minute's. */
  readonly burstMax?: number;
}

/**
 * One vendor as data plus a constructor. `configSchema` describes the account's plain settings (with defaults),
 * `secretSchema` what is stored encrypted. `open` receives both parsed.
 */
export interface ProviderDefinition<Config = unknown, Secrets = unknown> {
  readonly id: string;
  readonly displayName: string;
  /** What somebody who connects an account has to have at hand, and where at the vendor it is found. */
  readonly needs: string;
  readonly configSchema: z.ZodType<Config>;
  readonly secretSchema: z.ZodType<Secrets>;
  readonly capabilities: Capabilities;
  readonly limits: VendorLimits;
  /** `capabilities` as this account's settings narrow or widen them: what rules and plans are checked against. */
  capabilitiesFor(config: Config): Capabilities;
  /** What the account's settings say of its request budget. */
  pacingFor(config: Config): AccountPacing;
  /** How people do by hand what the API cannot: the steps of worklist tasks. */
  readonly dashboard: DashboardGuide;
  /** Link to a page of the vendor's dashboard, for worklist tasks. */
  dashboardLink(config: Config, place: DashboardPlace): string;
  /** What a delivery of the vendor's webhook says; null: it is none. Absent where there are no webhooks. */
  readDelivery?(body: unknown): VendorEvent | null;
  open(config: Config, secrets: Secrets, deps: ProviderDeps): Provider;
  /** Reads the vendor's own export; only where `writes` is `manual`. */
  readExport?(config: Config, text: string): ExportReading;
}
