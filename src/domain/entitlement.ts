/** Things that an agent can hold in an account. */

/** Ordered by power; `owner` is not a role but an overlay (vendors.md 1.5). */
export const ROLES = ['agent', 'supervisor', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/**
 * Three kinds that are never mixed: `assigned` rings, records, takes voicemail and SMS; `outbound` is a caller ID
 * only; `call_flow` rings but sees no records.
 */
export const ACCESS_KINDS = ['assigned', 'outbound', 'call_flow'] as const;
export type AccessKind = (typeof ACCESS_KINDS)[number];

/** One grantable thing. Teams are keyed by name, numbers by E.164 digits (`+33176111111`). */
export type Entitlement =
  | { readonly type: 'role'; readonly role: Role }
  | { readonly type: 'owner' }
  | { readonly type: 'team'; readonly team: string }
  | { readonly type: 'number'; readonly number: string; readonly kind: AccessKind };

/** Everything an agent should hold or holds. Lists are sorted and free of duplicates. */
export interface EntitlementSet {
  /** null: the rules say nothing about the role, or the vendor does not let it be read. */
  readonly role: Role | null;
  readonly owner: boolean;
  readonly teams: readonly string[];
  readonly numbers: readonly NumberAccess[];
}

export interface NumberAccess {
  readonly number: string;
  readonly kind: AccessKind;
}

export const NO_ENTITLEMENTS: EntitlementSet = { role: null, owner: false, teams: [], numbers: [] };

/** Stable text key of an entitlement: equal keys mean the same thing. Team names compare without case. */
export function entitlementKey(entitlement: Entitlement): string {
  switch (entitlement.type) {
    case 'role':
      return `role:${entitlement.role}`;
    case 'owner':
      return 'owner';
    case 'team':
      return `team:${teamKey(entitlement.team)}`;
    case 'number':
      return `number:${entitlement.kind}:${entitlement.number}`;
  }
}

/** Team names are unique per company without regard to case and outer blanks. */
export function teamKey(name: string): string {
  return name.trim().toLowerCase();
}

/** The stronger of two roles; null is weaker than any. */
export function higherRole(a: Role | null, b: Role | null): Role | null {
  if (a === null) return b;
  if (b === null) return a;
  return ROLES.indexOf(a) >= ROLES.indexOf(b) ? a : b;
}

/** The set as a flat list: role, owner, teams, numbers, in that order. */
export function listEntitlements(set: EntitlementSet): readonly Entitlement[] {
  return [
    ...(set.role === null ? [] : [{ type: 'role', role: set.role } as const]),
    ...(set.owner ? [{ type: 'owner' } as const] : []),
    ...set.teams.map((team) => ({ type: 'team', team }) as const),
    ...set.numbers.map(({ number, kind }) => ({ type: 'number', number, kind }) as const),
  ];
}
