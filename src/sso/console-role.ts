/** What a person may do in the console, from least to most. */
export const CONSOLE_ROLES = ['viewer', 'operator', 'admin', 'owner'] as const;
export type ConsoleRole = (typeof CONSOLE_ROLES)[number];

/** Whether `held` allows everything that `needed` allows. */
export function roleCovers(held: ConsoleRole, needed: ConsoleRole): boolean {
  return CONSOLE_ROLES.indexOf(held) >= CONSOLE_ROLES.indexOf(needed);
}

export type RoleDecision =
  | { readonly kind: 'granted'; readonly role: ConsoleRole }
  /** The rules would take the owner role from the tenant's last owner, who therefore keeps it. */
  | { readonly kind: 'keptAsLastOwner'; readonly role: 'owner' }
  | { readonly kind: 'denied' };

/**
 * The role a sign-in ends with. `mapped` is what the rules give now (null: nothing), `current` what the person held
 * before. A tenant must never be left without an owner: nobody could repair its rules any more.
 */
export function decideRole(input: {
  readonly current: ConsoleRole | null;
  readonly mapped: ConsoleRole | null;
  readonly otherOwners: number;
}): RoleDecision {
  const wouldLoseOwner = input.current === 'owner' && input.mapped !== 'owner';
  if (wouldLoseOwner && input.otherOwners === 0) return { kind: 'keptAsLastOwner', role: 'owner' };
  return input.mapped === null ? { kind: 'denied' } : { kind: 'granted', role: input.mapped };
}

/**
 * What counts as the rules' role where an owner chose one by hand. The choice replaces the identity provider's role but
 * never its refusal: whoever left the company must not get in because of a choice that nobody remembers.
 */
export function effectiveRole(
  mapped: ConsoleRole | null,
  pinned: ConsoleRole | 'none' | null,
): ConsoleRole | null {
  if (mapped === null || pinned === 'none') return null;
  return pinned ?? mapped;
}
