import type { Deletion } from '../deprovision/ports.js';
import type { EntitlementSet } from '../domain/entitlement.js';
import type { Verdict } from '../domain/safety.js';
import type { AccountKey } from '../reconcile/account.js';
import type { Db } from './database.js';
import type { DeletionsTable } from './tables.js';

/** Deletions of an account with their links, and with the plans under which they were begun or are held. */
export function selectDeletions(db: Db, { tenantId, accountId }: AccountKey) {
  return db
    .selectFrom('deletions')
    .innerJoin('links', (join) =>
      join.onRef('links.tenant_id', '=', 'deletions.tenant_id').onRef('links.id', '=', 'deletions.link_id'),
    )
    .leftJoin('plans', (join) =>
      join.onRef('plans.tenant_id', '=', 'deletions.tenant_id').onRef('plans.id', '=', 'deletions.plan_id'),
    )
    .where('deletions.tenant_id', '=', tenantId)
    .where('deletions.account_id', '=', accountId)
    .select([
      'deletions.id',
      'deletions.link_id',
      'deletions.subject_id',
      'deletions.due_at',
      'deletions.state',
      'deletions.attempts',
      'deletions.deleted_at',
      'deletions.plan_id',
      'links.provider_user_id',
      'links.email',
      'links.held_at_park',
      'plans.state as plan_state',
      'plans.digest as plan_digest',
      'plans.verdict as plan_verdict',
    ]);
}

interface DeletionRow {
  readonly id: string;
  readonly link_id: string;
  readonly subject_id: string;
  readonly due_at: Date;
  readonly state: DeletionsTable['state'];
  readonly attempts: number;
  readonly deleted_at: Date | null;
  readonly plan_id: string | null;
  readonly provider_user_id: string;
  readonly email: string;
  readonly held_at_park: object | null;
  readonly plan_state: string | null;
  readonly plan_digest: string | null;
  readonly plan_verdict: object | null;
}

export function toDeletion(row: DeletionRow): Deletion {
  const { plan_id: planId, plan_digest: digest } = row;
  const verdict = row.plan_verdict as Verdict | null;
  return {
    id: row.id,
    linkId: row.link_id,
    subjectId: row.subject_id,
    providerUserId: row.provider_user_id,
    email: row.email,
    dueAt: row.due_at,
    state: row.state,
    attempts: row.attempts,
    held: row.held_at_park as EntitlementSet | null,
    deletedAt: row.deleted_at,
    planId,
    heldPlan:
      planId === null || digest === null || verdict === null
        ? null
        : { id: planId, digest, verdict, isApproved: row.plan_state === 'approved' },
  };
}
