import { sql } from 'kysely';
import type {
  DecisionOutcome,
  LeaverDecision,
  LeaverDecisionStore,
} from '../../deprovision/leaver-decisions.js';
import type { LifecycleEvent } from '../../domain/lifecycle.js';
import { isUuid } from '../../lib/ids.js';
import type { AccountKey, AuditRecord } from '../../reconcile/ports.js';
import { appendAudit } from '../audit.js';
import type { Db, TenantDatabase } from '../database.js';
import { updateDeletion } from '../deletion-ends.js';
import { advance, dropPlan, type Standing } from '../lifecycle-rows.js';

/** People's decisions about permanent deletions, each in one transaction with its audit event. */
export function makeLeaverDecisionStore(database: TenantDatabase): LeaverDecisionStore {
  const inTransaction = <T>({ tenantId }: LeaverDecision, work: (trx: Db) => Promise<T>): Promise<T> =>
    database.forTenant(tenantId).transaction().execute(work);
  return {
    cancel: (decision, at, audit) =>
      inTransaction(decision, (trx) => setDate(trx, decision, { dueAt: null, at, audit })),
    reschedule: (decision, dueAt, at, audit) =>
      inTransaction(decision, (trx) => setDate(trx, decision, { dueAt, at, audit })),
    waive: (decision, at, auditOf) => inTransaction(decision, (trx) => waive(trx, decision, at, auditOf)),
  };
}

interface NewDate {
  readonly dueAt: Date | null;
  readonly at: Date;
  readonly audit: AuditRecord;
}

/** The deletion begins anew from its first guard, and an approval for the earlier date is void. */
async function setDate(
  trx: Db,
  { tenantId, deletionId }: LeaverDecision,
  { dueAt, at, audit }: NewDate,
): Promise<DecisionOutcome> {
  const account = isUuid(deletionId) ? await accountOf(trx, tenantId, deletionId) : null;
  if (account === null) return 'unknown';
  const event: LifecycleEvent =
    dueAt === null ? { type: 'cancel' } : { type: 'reschedule', deleteDueAt: dueAt.getTime() };
  let standing: Standing | null = null;
  const moved = await advance(trx, account, { deletionId, at }, (found) => {
    standing = found;
    return [event];
  });
  if (moved === null) return whyNot(standing);
  await dropPlan(trx, tenantId, (standing as Standing | null)?.planId ?? null, at);
  await updateDeletion(trx, account, deletionId)
    .set({
      plan_id: null,
      not_before: null,
      attempts: 0,
      last_error: null,
      told_at: null,
      told_reason: null,
    })
    .execute();
  await appendAudit(trx, tenantId, { ...audit, at });
  return 'done';
}

function whyNot(standing: Standing | null): DecisionOutcome {
  const state = standing?.state;
  return state === 'deleting' || state === 'deleted' || state === 'verified' ? 'too-late' : 'impossible';
}

async function accountOf(trx: Db, tenantId: string, deletionId: string): Promise<AccountKey | null> {
  const row = await trx
    .selectFrom('deletions')
    .select('account_id')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', deletionId)
    .executeTakeFirst();
  return row === undefined ? null : { tenantId, accountId: row.account_id };
}

async function waive(
  trx: Db,
  { tenantId, deletionId, actor }: LeaverDecision,
  at: Date,
  auditOf: (objects: readonly string[]) => AuditRecord,
): Promise<number> {
  if (!isUuid(deletionId)) return 0;
  const { rows } = await sql<{ call_id: string; kind: string }>`
    update archive_objects set state = 'waived', ended_at = ${at}, ended_by = ${actor}
    where tenant_id = ${tenantId} and deletion_id = ${deletionId} and state = 'missing'
    returning call_id, kind`.execute(trx);
  if (rows.length === 0) return 0;
  await sql`update deletions set not_before = null
    where tenant_id = ${tenantId} and id = ${deletionId}`.execute(trx);
  const objects = rows.map(({ call_id, kind }) => `${call_id} ${kind}`);
  await appendAudit(trx, tenantId, { ...auditOf(objects), at });
  return rows.length;
}
