/** Everything that a comparison can find, by what was compared with what. */

/** The phone system against what was last applied and what the rules say. */
export const ACCOUNT_CLASSES = [
  'unmanaged-agent',
  'duplicate-person',
  'missing-agent',
  'not-provisioned',
  'parked-active',
  'suspended',
  'role',
  'name',
  'email',
  'team-missing',
  'team-added',
  'team-removed',
  'number-added',
  'number-removed',
  'setting',
  'dangling-ring-target',
  'owner-count',
  'invitation-expired',
  'agent-without-number',
  'task-undone',
  'task-done',
] as const;

/** The directory here against the identity provider's own: pushes that never came. */
export const DIRECTORY_CLASSES = [
  'idp-deactivated',
  'idp-missing-here',
  'idp-extra-here',
  'idp-attribute',
  'idp-membership',
] as const;

/** What is paid for against what is used. */
export const SEAT_CLASSES = ['unused-seat', 'parked-seat', 'seats-over-plan'] as const;

export const FINDING_CLASSES = [...ACCOUNT_CLASSES, ...DIRECTORY_CLASSES, ...SEAT_CLASSES] as const;
export type FindingClass = (typeof FINDING_CLASSES)[number];

/** `critical`: somebody has access who should not, or callers reach nobody. `info`: worth knowing. */
export const FINDING_SEVERITIES = ['critical', 'warning', 'info'] as const;
export type FindingSeverity = (typeof FINDING_SEVERITIES)[number];

/** One difference that a person should know of. Two findings with equal keys are the same one, seen twice. */
export interface Finding {
  /** `<class>:<whom or what it is about>[:<which part>]`; stable between runs, free of moments and wording. */
  readonly key: string;
  readonly class: FindingClass;
  readonly severity: FindingSeverity;
  readonly subjectId: string | null;
  readonly providerUserId: string | null;
  /** Whom or what it is about, as an admin knows it: an address, a team, a number. */
  readonly about: string;
  readonly words: FindingWords;
  readonly evidence: FindingEvidence;
  /** Keys of the changes in the plan of the same reading that put it right; empty: only a person can. */
  readonly fixedBy: readonly string[];
}

/** For an IT admin: one sentence each. */
export interface FindingWords {
  readonly title: string;
  readonly meaning: string;
  readonly advice: string;
}

export interface FindingEvidence {
  readonly expected: string;
  readonly found: string;
  /** Whatever else helps to judge it, in the order in which it is to be read. */
  readonly facts: readonly { readonly name: string; readonly value: string }[];
}

/** Gravest first, then by class and key: the same order on every machine. */
export function compareFindings(a: Finding, b: Finding): number {
  const bySeverity = FINDING_SEVERITIES.indexOf(a.severity) - FINDING_SEVERITIES.indexOf(b.severity);
  const byClass = FINDING_CLASSES.indexOf(a.class) - FINDING_CLASSES.indexOf(b.class);
  if (bySeverity !== 0 || byClass !== 0) return bySeverity || byClass;
  if (a.key === b.key) return 0;
  return a.key < b.key ? -1 : 1;
}
