import type { DirectoryGroup, DirectoryUser, SubjectStatus } from '../domain/directory.js';
import type { Change } from '../domain/plan.js';
import type { ActualAgent, Link, LinkState } from '../domain/state.js';
import type { Takeover } from '../domain/takeover.js';
import type { Page, PageRequest } from './page.js';

/** What people can be filtered by. `parked`: still there, holding nothing, waiting for deletion. */
export const PEOPLE_FILTERS = ['active', 'inactive', 'deleted', 'parked', 'waiting', 'failing'] as const;
export type PeopleFilter = (typeof PEOPLE_FILTERS)[number];

export interface PeopleQuery extends PageRequest {
  /** Words of which each must be part of the name, user name or first e-mail. Empty: everybody. */
  readonly search: string;
  /** null: everybody whom the IdP has not deleted. */
  readonly filter: PeopleFilter | null;
  readonly groupId: string | null;
}

export interface PersonRow {
  readonly id: string;
  readonly displayName: string;
  readonly userName: string;
  readonly status: SubjectStatus;
  readonly agents: readonly { readonly account: string; readonly state: LinkState }[];
  readonly isWaiting: boolean;
}

/** What is stored about one person, before the rules are asked. */
export interface PersonRecord {
  readonly user: DirectoryUser;
  readonly createdAt: Date;
  readonly lastModified: Date;
  readonly deletedAt: Date | null;
  readonly groups: readonly DirectoryGroup[];
  readonly accounts: readonly PersonInAccount[];
}

export interface PersonInAccount {
  readonly accountId: string;
  readonly account: string;
  readonly provider: string;
  /** The account's plain settings as stored. */
  readonly config: unknown;
  readonly link: Link | null;
  /** When the account was last read as a whole; null: never. */
  readonly readAt: Date | null;
  /** The agent as of that reading; null: not in it. */
  readonly agent: ActualAgent | null;
  /** Something was written for the person after that reading, which therefore does not show it. */
  readonly isOutdated: boolean;
  readonly mark: PersonMark | null;
  /** What they took over from leavers. */
  readonly takeovers: readonly Takeover[];
  /** What people were asked to do for this person and nobody has confirmed yet. */
  readonly checklist: PersonChecklist | null;
}

export interface PersonChecklist {
  readonly taskId: string;
  readonly openSteps: number;
  readonly isUrgent: boolean;
  readonly dueAt: Date | null;
}

/** The person waits to be looked at again in an account. */
export interface PersonMark {
  readonly markedAt: Date;
  readonly reason: string;
  readonly isUrgent: boolean;
  readonly heldPlanId: string | null;
  /** `change`: not before the person changes. */
  readonly notBefore: Date | 'change' | null;
  readonly lastError: string | null;
}

export type TimelineEntry =
  | {
      readonly type: 'event';
      readonly at: Date;
      readonly actor: string;
      readonly action: string;
      readonly data: Readonly<Record<string, unknown>>;
    }
  | {
      readonly type: 'change';
      readonly at: Date;
      readonly account: string;
      readonly planId: string;
      readonly change: Change;
      readonly state: string;
      readonly error: string | null;
    };

export interface GroupRow {
  readonly id: string;
  readonly displayName: string;
  readonly externalId: string | null;
  readonly members: number;
}

export interface PeopleView {
  list(tenantId: string, query: PeopleQuery): Promise<Page<PersonRow>>;
  /** People whom the IdP has not deleted. */
  count(tenantId: string): Promise<number>;
  /** null: there is no such person. Deleted people are found too. */
  find(tenantId: string, personId: string): Promise<PersonRecord | null>;
  /** Newest first. */
  timeline(tenantId: string, personId: string, limit: number): Promise<readonly TimelineEntry[]>;
  /** Every group, for the rules. */
  groupNames(tenantId: string): Promise<readonly DirectoryGroup[]>;
  /** By name, with how many are in each. */
  groups(tenantId: string, page: PageRequest & { readonly search: string }): Promise<Page<GroupRow>>;
}
