import type { NumberAccess, Role } from '../domain/entitlement.js';

/** What a vendor without an API has instead: steps for people, and an export that shows what is so. */

/** One thing for a person to do in the vendor's own pages. */
export interface ManualStep {
  readonly title: string;
  /** One click or look each, in order. */
  readonly instructions: readonly string[];
  readonly link: string | null;
  /** Place within the person's checklist: lower comes first. */
  readonly order: number;
  /** What has to be typed to confirm it, as the vendor asks for it; null: ticking is enough. */
  readonly typed: string | null;
  /** From asking until it is overdue, where a leaver waits for it. Hours. */
  readonly urgentWithinHours: number;
}

/** What a vendor's export says. With any problem nothing of it is used. */
export interface ExportReading {
  readonly people: readonly ExportedPerson[];
  readonly problems: readonly ExportProblem[];
  /** What the file has no column for stays as it was known. */
  readonly missing: readonly string[];
}

export interface ExportedPerson {
  readonly line: number;
  readonly email: string;
  readonly givenName: string;
  readonly familyName: string;
  /** undefined: the file does not say. null: it says a mixture of permissions that is no known role. */
  readonly role: Role | null | undefined;
  readonly status: 'active' | 'pending' | 'unknown';
  /** undefined: the file does not say. */
  readonly numbers: readonly NumberAccess[] | undefined;
}

/** Line and column as a person counts them, from 1. `column` is the heading where there is one. */
export interface ExportProblem {
  readonly line: number;
  readonly column: string | null;
  readonly message: string;
}

/** Why nothing is planned for an account without an API that nobody has described yet; pauses it until then. */
export const FIRST_LIST_NEEDED =
  'Nothing is known yet of who is in this phone system, so nothing is planned. Import its member list once as a complete list, or say in the account’s settings that it starts empty.';
