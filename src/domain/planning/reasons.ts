import { type Entitlement, entitlementKey, teamKey } from '../entitlement.js';
import type { DerivedEntitlements, Reason } from '../mapping.js';
import { TAKEN_OVER } from '../rules/takeovers.js';

/** Why the rules grant this; for a team through which a number rings, why they grant the number. */
export function becauseOf(derived: DerivedEntitlements, entitlement: Entitlement): readonly Reason[] {
  const key = entitlementKey(entitlement);
  const direct = derived.reasons.find((one) => entitlementKey(one.entitlement) === key);
  if (direct !== undefined || entitlement.type !== 'team') return direct?.reasons ?? [];
  const team = teamKey(entitlement.team);
  return derived.reasons
    .filter((one) => teamKey(derived.viaTeam[entitlementKey(one.entitlement)] ?? '') === team)
    .flatMap(({ reasons }) => reasons);
}

/** `rule "sales" (group "Sales")`, several joined; for the sentence that explains a change. */
export function explain(reasons: readonly Reason[]): string {
  if (reasons.length === 0) return 'the rules';
  return reasons
    .map(({ ruleId, because }) => (ruleId === TAKEN_OVER ? because : `rule "${ruleId}" (${because})`))
    .join(', ');
}
