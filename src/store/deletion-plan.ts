import type { Plan } from '../domain/plan.js';
import type { Verdict } from '../domain/safety.js';
import type { AccountKey } from '../reconcile/account.js';
import type { Db } from './database.js';

export interface DeletionPlan {
  readonly id: string;
  readonly changeId: string;
  readonly plan: Plan;
  readonly digest: string;
  readonly verdict: Verdict;
  readonly state: 'held' | 'applying';
  readonly at: Date;
}

/** Stores the plan of one permanent deletion: held for a person, or as the one that is carried out right now. */
export async function insertDeletionPlan(
  trx: Db,
  { tenantId, accountId }: AccountKey,
  { id, changeId, plan, digest, verdict, state, at }: DeletionPlan,
): Promise<void> {
  const { changes, ...body } = plan;
  await trx
    .insertInto('plans')
    .values({
      tenant_id: tenantId,
      id,
      account_id: accountId,
      trigger: plan.trigger,
      scope: plan.scope,
      digest,
      body: JSON.stringify(body),
      verdict: JSON.stringify(verdict),
      state,
      change_count: changes.length,
      removal_count: changes.length,
      created_at: at,
    })
    .execute();
  for (const change of changes) {
    await trx
      .insertInto('changes')
      .values({
        tenant_id: tenantId,
        id: changeId,
        account_id: accountId,
        plan_id: id,
        position: 0,
        subject_id: change.subjectId,
        key: change.key,
        action: change.action,
        body: JSON.stringify(change),
        urgent: change.urgent,
        state: state === 'applying' ? 'applying' : 'planned',
        started_at: state === 'applying' ? at : null,
        created_at: at,
      })
      .execute();
  }
}
