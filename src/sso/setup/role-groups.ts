import type { RoleRule } from '../connection.js';
import { CONSOLE_ROLES, type ConsoleRole } from '../console-role.js';

/** Per console role, the groups or e-mail addresses that get it. */
export type RoleGroups = Readonly<Record<ConsoleRole, readonly string[]>>;

/** The highest role first, so that somebody in two groups gets the higher one. */
export const ROLES_DOWNWARDS: readonly ConsoleRole[] = CONSOLE_ROLES.toReversed();

/** Rules from lists: what has an at sign is an address, everything else a group. */
export function toRoleRules(groups: RoleGroups): readonly RoleRule[] {
  return ROLES_DOWNWARDS.flatMap((role) =>
    groups[role].map((value) => ({ attribute: isAddress(value) ? 'email' : 'groups', value, role })),
  );
}

/** Lists from rules. Rules about other attributes belong to no list; see `otherRules`. */
export function toRoleGroups(rules: readonly RoleRule[]): RoleGroups {
  const of = (role: ConsoleRole) =>
    rules.filter((rule) => rule.role === role && isSimple(rule)).map(({ value }) => value);
  return { owner: of('owner'), admin: of('admin'), operator: of('operator'), viewer: of('viewer') };
}

export function otherRules(rules: readonly RoleRule[]): readonly RoleRule[] {
  return rules.filter((rule) => !isSimple(rule));
}

function isSimple({ attribute, value }: RoleRule): boolean {
  return attribute === (isAddress(value) ? 'email' : 'groups');
}

function isAddress(value: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(value);
}
