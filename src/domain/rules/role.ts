import { ROLES, type Role, higherRole } from '../entitlement.js';
import type { Denials, Grants } from './collect.js';

export interface DerivedRole {
  /** null: every role the person might have is denied. */
  readonly role: Role | null;
  readonly isDefault: boolean;
}

/**
 * The highest role that is granted and not denied, else the highest not denied that is no more than what was
 * granted and no more than the default: a denial never raises anybody.
 */
export function deriveRole(grants: Grants, denials: readonly Denials[], defaultRole: Role): DerivedRole {
  const granted = highest([...grants.roles.keys()]);
  const open = ROLES.filter((role) => denials.every(({ roles }) => !roles.has(role)));
  const best = highest(open.filter((role) => grants.roles.has(role)));
  if (best !== null) return { role: best, isDefault: false };
  const fallback = highest(open.filter((role) => isAtMost(role, defaultRole) && isAtMost(role, granted)));
  return { role: fallback, isDefault: true };
}

function highest(roles: readonly Role[]): Role | null {
  return roles.reduce<Role | null>(higherRole, null);
}

function isAtMost(role: Role, limit: Role | null): boolean {
  return limit === null || higherRole(role, limit) === limit;
}
