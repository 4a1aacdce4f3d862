import { sql } from 'kysely';
import type {
  DecisionOutcome,
  LeaverDecision,
  LeaverDecisionStore,
} from '../../deprovision/leaver-decisions.js';
import { isUuid } from '../../lib/ids.js';
import type { AuditRecord } from '../../reconcile/ports.js';
import { appendAudit } from '../audit.js';
import type { Db, TenantDatabase } from '../database.js';

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

/**
 * The date is the link's: without one no plan deletes. The deletion begins anew from its first guard, and an approval
 * for the earlier date is void.
 */
async function setDate(
  trx: Db,
  { tenantId, deletionId }: LeaverDecision,
  { dueAt, at, audit }: { readonly dueAt: Date | null; readonly at: Date; readonly audit: AuditRecord },
): Promise<DecisionOutcome> {
  if (!isUuid(deletionId)) return 'unknown';
  const { rows } = await sql<{ state: string; link_state: string; link_id: string; plan_id: string | null }>`
    select d.state, l.state as link_state, l.id as link_id, d.plan_id
    from deletions d join links l on l.tenant_id = d.tenant_id and l.id = d.link_id
    where d.tenant_id = ${tenantId} and d.id = ${deletionId} for update of l, d`.execute(trx);
  const [row] = rows;
  if (row === undefined) return 'unknown';
  if (['deleting', 'deleted', 'verified'].includes(row.state)) return 'too-late';
  if (row.link_state !== 'parked' || row.state === 'restored') return 'impossible';
  await sql`update links set delete_due_at = ${dueAt}, updated_at = clock_timestamp()
    where tenant_id = ${tenantId} and id = ${row.link_id}`.execute(trx);
  await sql`update deletions set state = ${dueAt === null ? 'cancelled' : 'scheduled'},
      due_at = coalesce(${dueAt}, due_at), hold_reason = null, plan_id = null, not_before = null, attempts = 0,
      last_error = null, updated_at = ${at}
    where tenant_id = ${tenantId} and id = ${deletionId}`.execute(trx);
  if (row.plan_id !== null) {
    await sql`update plans set state = 'superseded', finished_at = ${at}
      where tenant_id = ${tenantId} and id = ${row.plan_id} and state in ('held', 'approved')`.execute(trx);
  }
  await appendAudit(trx, tenantId, { ...audit, at });
  return 'done';
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
