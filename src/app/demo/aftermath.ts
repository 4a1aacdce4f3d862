import type { Services } from '../services.js';
import { DEMO_TENANT } from './tenant.js';

export interface Aftermath {
  readonly parked: readonly string[];
  readonly worklist: readonly string[];
  /** Plans that wait for approval. */
  readonly held: readonly string[];
}

/** Who is parked in the demo tenant and until when, which tasks are open and what is held, one line each. */
export async function describeAftermath({ tenants, database }: Services): Promise<Aftermath> {
  const tenant = await tenants.bySlug(DEMO_TENANT);
  const db = database.forTenant(tenant.id);
  const parked = await db
    .selectFrom('links')
    .innerJoin('accounts', 'accounts.id', 'links.account_id')
    .select(['links.email', 'links.delete_due_at', 'accounts.name as account'])
    .where('links.tenant_id', '=', tenant.id)
    .where('links.state', '=', 'parked')
    .orderBy('links.email')
    .orderBy('accounts.name')
    .execute();
  const tasks = await db
    .selectFrom('worklist_items')
    .select(['title'])
    .where('tenant_id', '=', tenant.id)
    .where('state', '=', 'open')
    .orderBy('created_at')
    .execute();
  const held = await db
    .selectFrom('plans')
    .select(['id', 'change_count'])
    .where('tenant_id', '=', tenant.id)
    .where('state', '=', 'held')
    .orderBy('created_at')
    .execute();
  return {
    held: held.map((row) => `plan ${row.id}, ${row.change_count} changes`),
    parked: parked.map(
      (row) =>
        `${row.email} in ${row.account}, deletion ${row.delete_due_at?.toISOString().slice(0, 10) ?? 'never'}`,
    ),
    worklist: tasks.map((task) => task.title),
  };
}
