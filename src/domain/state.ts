import type { AccessKind, EntitlementSet, NumberAccess, Role } from './entitlement.js';
import type { DerivedEntitlements } from './mapping.js';
import type { AgentSettings } from './settings.js';
import type { SubjectStatus } from './directory.js';

/**
 * What the rules say about one subject in one account.
 * `wanted`: should have an agent. `leaver`: a positive fact says that they should not (see LeaverFact).
 * `unmapped`: active, but no rule ever granted anything here and none does now: nothing to do without a link.
 */
export type SubjectState = WantedSubject | LeaverSubject;

export interface SubjectIdentity {
  readonly subjectId: string;
  readonly userName: string;
  readonly email: string | null;
  readonly givenName: string;
  readonly familyName: string;
}

export interface WantedSubject extends SubjectIdentity {
  readonly type: 'wanted';
  readonly derived: DerivedEntitlements;
}

/** The positive fact behind a removal. `unmapped` means: present and active, in none of the mapped groups. */
export type LeaverFact = Exclude<SubjectStatus, 'active'> | 'unmapped';

export interface LeaverSubject extends SubjectIdentity {
  readonly type: 'leaver';
  readonly fact: LeaverFact;
  /** Of rules that apply to them still; absent: none says anything. */
  readonly graceDays?: number;
  /** From the park to the permanent deletion in milliseconds, where it is not the account's. */
  readonly graceMs?: number;
}

/** A person's user inside an account, as the vendor reports it. Ids are the vendor's, always text. */
export interface ActualAgent {
  readonly providerUserId: string;
  readonly email: string;
  /** Vendors keep one combined name (vendors.md 1.5, 2.2). */
  readonly name: string;
  readonly status: 'active' | 'suspended' | 'pending' | 'unknown';
  /** null where the vendor cannot tell (Aircall): then compared with what we last wrote. */
  readonly role: Role | null;
  /** null where the vendor cannot tell. */
  readonly owner: boolean | null;
  /** Team names; from the teams listing where the agent object does not hold them. */
  readonly teams: readonly string[];
  /** null where number access was not read for this agent. */
  readonly numbers: readonly NumberAccess[] | null;
  /** Kinds of number access that this reading could not show: compared with what was last written. Absent: none. */
  readonly unreadKinds?: readonly AccessKind[];
  /** E.164 of the line that they call out with by default. Absent: the vendor does not tell, or it is none. */
  readonly defaultNumber?: string;
  /** Settings that this reading showed; those left out are compared with what was last written. */
  readonly settings?: AgentSettings;
}

export interface ActualTeam {
  readonly providerTeamId: string;
  readonly name: string;
}

export interface ActualNumber {
  readonly providerNumberId: string;
  /** E.164, digits normalised from the vendor's display form. */
  readonly number: string;
  readonly name: string;
}

/** One complete reading of an account. There is no incomplete ActualState: a failed read throws. */
export interface ActualState {
  readonly accountId: string;
  /** Milliseconds since the epoch. */
  readonly readAt: number;
  /** `all`: every agent of the account. `subjects`: only the agents that a drain asked for, all teams and numbers. */
  readonly scope: 'all' | 'subjects';
  readonly agents: readonly ActualAgent[];
  readonly teams: readonly ActualTeam[];
  readonly numbers: readonly ActualNumber[];
}

/** Whether calls reach an agent. A parked one is unavailable where the vendor lets us say so. */
export type Availability = 'available' | 'unavailable';

export type LinkState = 'active' | 'parked' | 'deleting' | 'deleted';

/** What we last wrote to the vendor: the yardstick for what cannot be read, and for drift. */
export interface LastWritten {
  readonly email: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly entitlements: EntitlementSet;
  readonly settings?: AgentSettings;
  /** Absent: never written. */
  readonly availability?: Availability;
  /** When the role was written last, milliseconds since the epoch. Absent: not known. */
  readonly roleWrittenAt?: number;
  /** What else the agent held when it was adopted or parked: not given by us, and no drift. */
  readonly found?: EntitlementSet;
}

/**
 * Our record that subject S is agent A: ownership. Only linked agents may be changed or deleted (invariant 4).
 * Survives the subject's deletion from the directory and the agent's deletion at the vendor, as history.
 */
export interface Link {
  readonly id: string;
  readonly accountId: string;
  readonly subjectId: string;
  readonly providerUserId: string;
  readonly email: string;
  readonly origin: 'created' | 'adopted';
  readonly state: LinkState;
  readonly lastWritten: LastWritten | null;
  /** What the agent held when it was parked; given back on reactivation as far as rules still grant it. */
  readonly heldAtPark: EntitlementSet | null;
  /** Milliseconds since the epoch; null while active. */
  readonly parkedAt: number | null;
  /** Milliseconds since the epoch: earliest permanent deletion. null while active. */
  readonly deleteDueAt: number | null;
  /** Absent: nothing more is known. */
  readonly facts?: LinkFacts;
}

/**
 * What people say to have done at the vendor by hand. Believed only where no reading shows the thing itself: what is
 * shown and differs is a task again.
 */
export interface ByHand {
  readonly given: readonly NumberAccess[];
  readonly taken: readonly NumberAccess[];
  readonly role: Role | null;
  readonly owner: boolean | null;
  /** When an invitation was last sent again. */
  readonly invitedAt: number | null;
  /** The person was told how to choose a password. Absent: not yet. */
  readonly isPasswordChosen?: boolean;
  /** Settings that no reading shows, by name. */
  readonly settings?: AgentSettings;
}

/** What is known of an agent besides what we wrote and the vendor shows. Never written with the link itself. */
export interface LinkFacts {
  readonly byHand: ByHand;
  /** What rules said of the time until deletion while the person was wanted; null: nothing. */
  readonly graceDays: number | null;
  /** When something suggested that somebody changed the role, in milliseconds since the epoch; null: never. */
  readonly roleSuspectedAt: number | null;
  /** null: not invited by us. Milliseconds since the epoch; `acceptedAt`: the first sign that the person is in. */
  readonly invitation: { readonly sentAt: number; readonly acceptedAt: number | null } | null;
}
