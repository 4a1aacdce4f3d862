import { sql } from 'kysely';
import type { AccountKey } from '../reconcile/account.js';
import type { ApprovalResult, PlanApproval } from '../reconcile/plan-store.js';
import { appendAudit } from './audit.js';
import type { Db } from './database.js';

/**
 * Records an approval; the row lock on the plan makes two people at once come one after the other. A deletion that waits
 * for it is locked before, as by everybody who changes both.
 */
export async function addApproval(
  trx: Db,
  { tenantId, accountId }: AccountKey,
  planId: string,
  { approver, digest, needed, at }: PlanApproval,
): Promise<ApprovalResult | null> {
  await sql`select id from deletions where tenant_id = ${tenantId} and account_id = ${accountId}
    and plan_id = ${planId} and state = 'held' for update`.execute(trx);
  const plan = await trx
    .selectFrom('plans')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('account_id', '=', accountId)
    .where('id', '=', planId)
    .where('state', '=', 'held')
    .forUpdate()
    .executeTakeFirst();
  if (plan === undefined) return null;
  const inserted = await trx
    .insertInto('plan_approvals')
    .values({ tenant_id: tenantId, plan_id: planId, approver, digest, approved_at: at })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  const isRepeated = inserted.numInsertedOrUpdatedRows !== 1n;
  const approvers = (await listApprovals(trx, tenantId, planId)).map((one) => one.approver);
  const isApproved = approvers.length >= needed;
  if (isApproved) await moveToApproved(trx, tenantId, planId, approvers, at);
  if (!isRepeated) {
    await appendAudit(trx, tenantId, {
      at,
      actor: approver,
      action: isApproved ? 'plan.approved' : 'plan.approved-by-one',
      targetType: 'plan',
      targetId: planId,
      correlationId: planId,
      data: { accountId, digest, approvers, needed },
    });
  }
  return { isRepeated, isApproved, approvers };
}

/** In the order in which they came. */
export async function listApprovals(
  trx: Db,
  tenantId: string,
  planId: string,
): Promise<readonly { readonly approver: string; readonly at: Date }[]> {
  return trx
    .selectFrom('plan_approvals')
    .select(['approver', 'approved_at as at'])
    .where('tenant_id', '=', tenantId)
    .where('plan_id', '=', planId)
    .orderBy('approved_at')
    .orderBy('approver')
    .execute();
}

async function moveToApproved(
  trx: Db,
  tenantId: string,
  planId: string,
  approvers: readonly string[],
  at: Date,
): Promise<void> {
  await trx
    .updateTable('plans')
    .set({ state: 'approved', decided_by: approvers.join(', '), decided_at: at })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', planId)
    .execute();
  // A deletion that was put off until its next look is looked at now.
  await trx
    .updateTable('deletions')
    .set({ not_before: null })
    .where('tenant_id', '=', tenantId)
    .where('plan_id', '=', planId)
    .where('state', '=', 'held')
    .execute();
}
