import { sql } from 'kysely';
import type { DeleteChange } from '../../domain/plan.js';
import type { AccountKey } from '../../reconcile/account.js';
import type { Db } from '../database.js';

export interface EndedStep {
  readonly id: string;
  readonly taskId: string;
  readonly planId: string | null;
  readonly changeId: string | null;
}

/** The change that waited for a step, and the plan it belongs to once nothing of that waits any more. */
export async function endAwaiting(
  trx: Db,
  { tenantId }: AccountKey,
  { planId, changeId }: EndedStep,
  end: { readonly state: 'applied' | 'abandoned'; readonly at: Date },
): Promise<void> {
  if (changeId === null || planId === null) return;
  await trx
    .updateTable('changes')
    .set({ state: end.state, finished_at: end.at })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', changeId)
    .where('state', '=', 'awaiting')
    .execute();
  // What was withdrawn was replaced by other wishes; a plan of which nothing was done is no applied one.
  await sql`
    update plans set finished_at = ${end.at}, state = case when exists (
        select 1 from changes c where c.tenant_id = plans.tenant_id and c.plan_id = plans.id and c.state in ('applied', 'already'))
      then 'applied' else 'superseded' end
    where tenant_id = ${tenantId} and id = ${planId} and state = 'awaiting'
      and not exists (select 1 from changes c
        where c.tenant_id = plans.tenant_id and c.plan_id = plans.id and c.state = 'awaiting')`.execute(trx);
}

/** Closes a checklist with nothing left to do: done where anything of it was confirmed, else not needed any more. */
export async function closeIfEmpty(
  trx: Db,
  { tenantId }: AccountKey,
  taskId: string,
  close: { readonly by: string; readonly at: Date },
): Promise<void> {
  await sql`
    update worklist_items w set closed_at = ${close.at}, closed_by = ${close.by}, state = case when exists (
        select 1 from checklist_steps s where s.tenant_id = w.tenant_id and s.task_id = w.id
          and s.state in ('confirmed', 'settled')) then 'done' else 'obsolete' end
    where w.tenant_id = ${tenantId} and w.id = ${taskId} and w.state = 'open'
      and not exists (select 1 from checklist_steps s
        where s.tenant_id = w.tenant_id and s.task_id = w.id and s.state = 'open')`.execute(trx);
}

/** The deletion waited for this; it is finished in the next turn. */
export async function lookAtOnce(trx: Db, { tenantId }: AccountKey, { linkId }: DeleteChange): Promise<void> {
  await trx
    .updateTable('deletions')
    .set({ not_before: null })
    .where('tenant_id', '=', tenantId)
    .where('link_id', '=', linkId)
    .where('state', 'in', ['scheduled', 'held'])
    .execute();
}
