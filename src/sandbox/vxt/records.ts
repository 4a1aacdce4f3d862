export const ACCESS_LISTS = ['assigned', 'callerId', 'callFlow'] as const;
/** The three places at a number that VXT keeps apart (vendors.md 3). */
export type AccessList = (typeof ACCESS_LISTS)[number];

export type MemberRole = 'Member' | 'Admin';

export interface MemberRecord {
  readonly id: number;
  email: string;
  name: string;
  role: MemberRole;
  /** Single permissions of a Member; an Admin holds every one. */
  permissions: readonly string[];
  status: 'Invited' | 'Active';
}

/** Who is at a number, by member ids, in each of the three places. */
export interface NumberRecord extends Record<AccessList, readonly number[]> {
  readonly id: number;
  /** E.164. */
  readonly number: string;
  readonly name: string;
}

/** One thing that somebody did in the dashboard. */
export interface JournalEntry {
  readonly seq: number;
  /** Sandbox time in milliseconds. */
  readonly at: number;
  readonly action: string;
  /** Whom it was about. */
  readonly email: string;
  /** Such as the number and the place at it; empty where there is nothing more to say. */
  readonly detail: string;
}
