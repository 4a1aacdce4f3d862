import type { Plan } from '../../domain/plan.js';
import type { ChecklistStore } from '../checklists.js';
import { digestOfChange } from '../steps.js';
import type { EngineAccount } from '../account.js';
import type { OpenVendor } from '../ports.js';

interface AskedDeps {
  readonly account: EngineAccount;
  readonly vendor: Pick<OpenVendor, 'capabilities'>;
  readonly checklists: Pick<ChecklistStore, 'listAsked'>;
}

/**
 * The plan without what people were asked to do already and have not confirmed yet, so that repeated plans ask for
 * nothing twice and are not judged by it again. Only where people make the writes.
 */
export async function withoutAsked(
  { account, vendor, checklists }: AskedDeps,
  subjectIds: 'all' | readonly string[],
  plan: Plan,
): Promise<{ readonly plan: Plan; readonly asked: readonly string[] }> {
  if (vendor.capabilities.writes !== 'manual' || plan.changes.length === 0) return { plan, asked: [] };
  const steps = await checklists.listAsked(account, subjectIds);
  const known = new Map(steps.map(({ key, digest }) => [key, digest]));
  // A permanent deletion is judged anew each time, asked for or not.
  const isAsked = (change: Plan['changes'][number]): boolean =>
    change.action !== 'delete' && known.has(change.key) && known.get(change.key) === digestOfChange(change);
  const asked = plan.changes.filter(isAsked).map(({ key }) => key);
  if (asked.length === 0) return { plan, asked };
  return { plan: { ...plan, changes: plan.changes.filter((change) => !isAsked(change)) }, asked };
}
