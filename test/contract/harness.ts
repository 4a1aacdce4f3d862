import type { Capabilities } from '../../src/domain/capabilities.js';
import type { NumberAccess, Role } from '../../src/domain/entitlement.js';
import type { ErrorKind } from '../../src/domain/errors.js';
import type { HttpRequest, LimitSignal, Provider, ProviderDefinition } from '../../src/providers/port.js';

/** An answer as the vendor, or something in front of it, gives it. Text as `body` is sent as it is, anything else as JSON. */
export interface VendorAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** What the suite has to know of a vendor before a case runs. Everything else is asked of the running account. */
export interface VendorFacts {
  readonly definition: ProviderDefinition;
  /** With the settings that the harness opens with. */
  readonly capabilities: Capabilities;
  /** Whether there is anything to send requests to. Where there is not, cases about requests that fail are left out. */
  readonly isAsked: boolean;
  /** Other cases of the suite that make no sense for this vendor, by title, each with the reason. */
  readonly inapplicable: Readonly<Record<string, string>>;
  /** Every body with which the vendor and what stands in front of it refuse, and what each means to a call about somebody. */
  readonly refusals: readonly (VendorAnswer & { readonly kind: ErrorKind })[];
  /** A refusal of data that carries these words. */
  refusalSaying(text: string, more: string): VendorAnswer;
  /** A 404 that is not the vendor's own word: of a proxy, or of a route that moved. */
  readonly strangeNotFound: VendorAnswer;
  /** Answers to a deletion that sound like "gone" and must not be believed while the person is still there. */
  readonly falselyGone: readonly VendorAnswer[];
  /** Each way in which the vendor says "too many requests", and the pause that follows from it. */
  readonly rateLimits: readonly {
    readonly name: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: unknown;
    readonly waitMs: number;
  }[];
  /** Whether the vendor names the end of an outage by `Retry-After`. */
  readonly saysOutageEnd: boolean;
  /** The request by which the provider finds out whether somebody with an address exists. */
  readonly looksUpBy: 'find-agent' | 'list-agents';
  /** How the list of agents is cut: a cursor never skips anybody when the list moves, page numbers do. */
  readonly paging: 'numbers' | 'cursor' | 'none';
  /** What one page of that list holds at most. */
  readonly pageSize: number;
  /** What can be wrong with each list of a reading. */
  readonly lists: readonly { readonly on: VendorCall; readonly defects: readonly PageDefect[] }[];
  /** Whether answers hold links to further pages, which must not be followed to another host. */
  readonly linksPages: boolean;
  /** An id that nobody has. */
  readonly unknownAgentId: string;
  /** Requests that a reading of one person costs, one of so many people in an account of so many, and other work. */
  readonly costs: {
    readonly ofOne: number;
    ofMany(people: number, inAccount: number): number;
    /** A team that is made and given to somebody at once. */
    readonly ofNewTeam: number;
  };
}

/** One person as the vendor's own side shows them, with all that its API hides. */
export interface VendorAgent {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role | null;
  readonly isOwner: boolean;
  /** Sorted. */
  readonly teams: readonly string[];
  /** Access of the kinds that the API gives, sorted by number and kind; absent where it gives none. */
  readonly numbers?: readonly NumberAccess[];
  readonly isSuspended?: boolean;
}

/** A kind of request, whatever the vendor calls it. */
export type VendorCall =
  | 'check-credential'
  | 'find-agent'
  | 'list-agents'
  | 'list-teams'
  | 'list-numbers'
  | 'create-agent'
  | 'update-agent'
  | 'delete-agent'
  | 'create-team'
  | 'grant-team'
  | 'revoke-team'
  | 'grant-number'
  | 'revoke-number'
  | 'suspend-agent'
  | 'resume-agent';

export type PageDefect =
  | 'truncated'
  | 'not-json'
  | 'missing-list'
  | 'null-list'
  | 'null-ids'
  | 'missing-meta'
  | 'empty-page'
  | 'short-page';

/** The defects of a list that is cut into numbered pages with a total. */
export const PAGE_DEFECTS: readonly PageDefect[] = [
  'truncated',
  'not-json',
  'missing-list',
  'null-list',
  'null-ids',
  'missing-meta',
  'empty-page',
  'short-page',
];

/** What goes wrong, on which request. `nth` counts the matching requests from 1 and fires once; without it: always. */
export type VendorFault = { readonly on: VendorCall; readonly nth?: number } & (
  | {
      readonly type: 'error';
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
      /** The request took effect all the same. */
      readonly applies?: boolean;
    }
  | { readonly type: 'lost-response' | 'reset' }
  | { readonly type: 'timeout'; readonly applies?: boolean }
  | { readonly type: 'bad-page'; readonly defect: PageDefect }
  | { readonly type: 'foreign-link'; readonly link: string }
  | { readonly type: 'list-moves'; readonly change: 'insert' | 'remove'; readonly email?: string }
);

export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** 0 when no answer was sent. */
  readonly status: number;
  readonly effects: readonly string[];
  readonly isFaulted: boolean;
}

export interface OpenOptions {
  /** Account settings on top of the harness's own. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Another address than the sandbox's. */
  readonly baseUrl?: string;
  readonly timeoutMs?: number;
  /**
   * Runs before each request is sent. `call`: what it is, null for anything else; `count`: 1 for the first request of
   * this provider. `request`: as it goes out, where there is one.
   */
  readonly beforeRequest?: (call: VendorCall | null, count: number, request?: HttpRequest) => Promise<void>;
}

/** One vendor account in a fresh sandbox, seen from both sides. */
export interface ProviderHarness extends AsyncDisposable {
  open(options?: OpenOptions): Provider;
  readonly vendor: {
    agents(): readonly VendorAgent[];
    /** Names, sorted. */
    teams(): readonly string[];
    addAgents(count: number): Promise<readonly string[]>;
    /** Somebody new, who comes last in every list. */
    invite(email: string): Promise<void>;
    removeAgent(providerUserId: string): Promise<void>;
    addTeams(names: readonly string[]): Promise<void>;
    removeTeam(name: string): Promise<void>;
    addMember(providerUserId: string, team: string): Promise<void>;
    ownerId(): string;
    /** E.164 of the company's numbers. */
    numbers(): readonly string[];
    revokeCredential(): Promise<void>;
    /** A new credential: providers that are opened from now on use it. */
    renewCredential(): Promise<void>;
  };
  inject(...faults: readonly VendorFault[]): Promise<void>;
  clearFaults(): Promise<void>;
  requests(): readonly LoggedRequest[];
  /** Requests that the provider paid for with its budget. */
  taken(): number;
  signals(): readonly LimitSignal[];
}

export type StartHarness = () => Promise<ProviderHarness>;

/** One vendor, as the suite takes it. */
export interface ContractSubject {
  readonly facts: VendorFacts;
  /** A fresh account: an owner, one team where there are teams, two numbers. */
  readonly start: StartHarness;
}
