import type { Plan } from '../plan.js';

/**
 * The leavers' removals as a plan of their own and everything else as another. Judged and applied separately, a
 * grant that waits for approval cannot keep a leaver inside (invariant 6).
 */
export function splitUrgent(plan: Plan): { readonly urgent: Plan; readonly rest: Plan } {
  return {
    urgent: { ...plan, changes: plan.changes.filter(({ urgent }) => urgent), drift: [], notices: [] },
    rest: { ...plan, changes: plan.changes.filter(({ urgent }) => !urgent) },
  };
}
