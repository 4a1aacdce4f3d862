import { entitlementKey, teamKey } from '../entitlement.js';
import type { Reason } from '../mapping.js';
import type { Takeover } from '../takeover.js';
import type { Grants } from './collect.js';

/** In the place of a rule's id, for what somebody took over from a leaver. */
export const TAKEN_OVER = 'hand-over';

/**
 * What rules grant together with what the person took over. It makes nobody wanted here whom no rule wants, and a
 * denial wins over it as over any grant.
 */
export function withTakeovers(grants: Grants, takeovers: readonly Takeover[]): Grants {
  if (takeovers.length === 0) return grants;
  const teams = new Map(grants.teams);
  const numbers = new Map(grants.numbers);
  for (const { entitlement, from, by } of takeovers) {
    const reason: Reason = { ruleId: TAKEN_OVER, because: `hand-over from ${from}, as ${by} decided` };
    if (entitlement.type === 'team') {
      const held = teams.get(teamKey(entitlement.team));
      const reasons = [...(held?.reasons ?? []), reason];
      teams.set(teamKey(entitlement.team), { thing: held?.thing ?? entitlement.team, reasons });
      continue;
    }
    const { number, kind } = entitlement;
    const key = entitlementKey(entitlement);
    const held = numbers.get(key);
    const reasons = [...(held?.reasons ?? []), reason];
    numbers.set(key, { thing: held?.thing ?? { number, kind, viaTeam: null }, reasons });
  }
  return { ...grants, teams, numbers };
}
