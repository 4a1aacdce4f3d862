import { leaveFindings } from '../../domain/findings/leave.js';
import type { Plan } from '../../domain/plan.js';
import type { AccountKey } from '../account.js';
import type { FindingRuleReader } from '../observing/ports.js';

/** The plan without what people chose to leave as it is. They are asked only about what was changed by hand. */
export async function leaveByRule(
  { findingRules }: { readonly findingRules?: FindingRuleReader },
  account: AccountKey,
  plan: Plan,
): Promise<Plan> {
  const isConcerned = plan.drift.length > 0 || plan.changes.some(({ action }) => action === 'adopt');
  if (findingRules === undefined || !isConcerned) return plan;
  return leaveFindings(plan, await findingRules.read(account));
}
