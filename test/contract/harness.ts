import type { Role } from '../../src/domain/entitlement.js';
import type { LimitSignal, Provider, ProviderDefinition } from '../../src/providers/port.js';

/** One person as the vendor's own side shows them, with all that its API hides. */
export interface VendorAgent {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role | null;
  readonly isOwner: boolean;
  /** Sorted. */
  readonly teams: readonly string[];
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
  | 'revoke-team';

export type PageDefect =
  | 'truncated'
  | 'not-json'
  | 'missing-list'
  | 'null-list'
  | 'null-ids'
  | 'missing-meta'
  | 'empty-page'
  | 'short-page';

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
  readonly timeoutMs?: number;
  /** Runs before each request is sent; `count` is 1 for the first. */
  readonly beforeRequest?: (count: number) => Promise<void>;
}

/** One vendor account in a fresh sandbox, seen from both sides. */
export interface ProviderHarness extends AsyncDisposable {
  readonly definition: ProviderDefinition;
  /** What one page of the vendor's lists holds at most. */
  readonly pageSize: number;
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
    revokeCredential(): Promise<void>;
  };
  inject(...faults: readonly VendorFault[]): Promise<void>;
  clearFaults(): Promise<void>;
  requests(): readonly LoggedRequest[];
  /** Requests that the provider paid for with its budget. */
  taken(): number;
  signals(): readonly LimitSignal[];
}

export type StartHarness = () => Promise<ProviderHarness>;
