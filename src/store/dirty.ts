import { sql, type ExpressionBuilder } from 'kysely';
import type { AccountKey } from '../reconcile/account.js';
import type { DirtyMark, MarkedSubject, MarkStore } from '../reconcile/marks.js';
import type { Db, TenantDatabase } from './database.js';
import type { Database } from './tables.js';

/** Marks of subjects that have to be looked at again, in rows: the queue holds none of them. */
export function makeMarkStore(database: TenantDatabase): MarkStore {
  const forTenant = ({ tenantId }: AccountKey): Db => database.forTenant(tenantId);
  return {
    listReady: (account, { now, limit }) => listReady(forTenant(account), account, now, limit),
    listUrgent: (account, now) => listUrgent(forTenant(account), account, now),
    listHeldBy: (account, planId) => listHeldBy(forTenant(account), account, planId),
    async listOf(account, subjectIds) {
      const rows = await selectMarks(forTenant(account), account)
        .where('dirty_subjects.subject_id', '=', sql<string>`any(${[...subjectIds]}::uuid[])`)
        .execute();
      return rows.map(toMark);
    },
    async mark(account, subjectIds, { reason, at }) {
      return markSubjects(forTenant(account), account, subjectIds, reason, at);
    },
    async setUrgent(account, subjectIds) {
      if (subjectIds.length === 0) return;
      const update = forTenant(account).updateTable('dirty_subjects').set({ urgent: true });
      await update.where(isIn(account, subjectIds)).execute();
    },
    async complete(account, marks) {
      if (marks.length === 0) return;
      await forTenant(account).deleteFrom('dirty_subjects').where(isSame(account, marks)).execute();
    },
    async defer(account, marks, { until, error, countsAttempt }) {
      if (marks.length === 0) return;
      const update = forTenant(account)
        .updateTable('dirty_subjects')
        .set((eb) => ({
          not_before: until === 'change' ? sql<Date>`'infinity'` : until,
          last_error: error,
          attempts: countsAttempt ? eb('attempts', '+', 1) : eb.ref('attempts'),
        }));
      await update.where(isSame(account, marks)).execute();
    },
    async countAttempt(account, marks) {
      if (marks.length === 0) return;
      const update = forTenant(account)
        .updateTable('dirty_subjects')
        .set((eb) => ({ attempts: eb('attempts', '+', 1) }));
      await update.where(isSame(account, marks)).execute();
    },
    async release(account, planId) {
      await forTenant(account)
        .updateTable('dirty_subjects')
        .set({ held_plan_id: null })
        .where(ofAccount(account))
        .where('held_plan_id', '=', planId)
        .execute();
    },
    releaseReported: (account) => releaseReported(forTenant(account), account),
  };
}

type Where = ExpressionBuilder<Database, 'dirty_subjects'>;

function ofAccount({ tenantId, accountId }: AccountKey) {
  return (eb: Where) =>
    eb.and([eb('dirty_subjects.tenant_id', '=', tenantId), eb('dirty_subjects.account_id', '=', accountId)]);
}

function isIn(account: AccountKey, subjectIds: readonly string[]) {
  return (eb: Where) =>
    eb.and([ofAccount(account)(eb), eb('subject_id', '=', sql<string>`any(${[...subjectIds]}::uuid[])`)]);
}

/** The marks as they were seen: one that was renewed meanwhile is another question. */
export function isSame(account: AccountKey, marks: readonly MarkedSubject[]) {
  const ids = marks.map(({ subjectId }) => subjectId);
  const generations = marks.map(({ generation }) => generation);
  return (eb: Where) =>
    eb.and([
      ofAccount(account)(eb),
      sql<boolean>`(subject_id, generation) in (select * from unnest(${ids}::uuid[], ${generations}::bigint[]))`,
    ]);
}

function selectMarks(db: Db, account: AccountKey) {
  return db
    .selectFrom('dirty_subjects')
    .leftJoin('links', (join) =>
      join
        .onRef('links.tenant_id', '=', 'dirty_subjects.tenant_id')
        .onRef('links.account_id', '=', 'dirty_subjects.account_id')
        .onRef('links.subject_id', '=', 'dirty_subjects.subject_id')
        .on('links.ended_at', 'is', null),
    )
    .select([
      'dirty_subjects.subject_id',
      'dirty_subjects.generation',
      'dirty_subjects.urgent',
      'dirty_subjects.attempts',
      'dirty_subjects.marked_at',
      'links.state as link_state',
    ])
    .where('dirty_subjects.tenant_id', '=', account.tenantId)
    .where('dirty_subjects.account_id', '=', account.accountId);
}

async function listReady(
  db: Db,
  account: AccountKey,
  now: Date,
  limit: number,
): Promise<readonly DirtyMark[]> {
  const rows = await selectMarks(db, account)
    .where('held_plan_id', 'is', null)
    .where((eb) => eb.or([eb('not_before', 'is', null), eb('not_before', '<=', now)]))
    .orderBy('dirty_subjects.urgent', 'desc')
    .orderBy(sql`links.id is null`)
    .orderBy('dirty_subjects.marked_at')
    .orderBy('dirty_subjects.subject_id')
    .limit(limit)
    .execute();
  return rows.map(toMark);
}

async function listUrgent(db: Db, account: AccountKey, now: Date): Promise<readonly MarkedSubject[]> {
  const rows = await db
    .selectFrom('dirty_subjects')
    .select(['subject_id', 'generation'])
    .where(ofAccount(account))
    .where('urgent', '=', true)
    .where('held_plan_id', 'is', null)
    .where((eb) => eb.or([eb('not_before', 'is', null), eb('not_before', '<=', now)]))
    .execute();
  return rows.map((row) => ({ subjectId: row.subject_id, generation: Number(row.generation) }));
}

async function listHeldBy(db: Db, account: AccountKey, planId: string): Promise<readonly DirtyMark[]> {
  return (await selectMarks(db, account).where('held_plan_id', '=', planId).execute()).map(toMark);
}

interface MarkRow {
  readonly subject_id: string;
  readonly generation: string;
  readonly urgent: boolean;
  readonly attempts: number;
  readonly marked_at: Date;
  readonly link_state: string | null;
}

function toMark(row: MarkRow): DirtyMark {
  return {
    subjectId: row.subject_id,
    generation: Number(row.generation),
    isUrgent: row.urgent,
    attempts: row.attempts,
    markedAt: row.marked_at,
    isLinked: row.link_state !== null,
  };
}

/** Marks anew, inside whatever transaction it belongs to. */
export async function markSubjects(
  db: Db,
  { tenantId, accountId }: AccountKey,
  subjectIds: readonly string[],
  reason: string,
  at: Date,
): Promise<readonly MarkedSubject[]> {
  if (subjectIds.length === 0) return [];
  const rows = await sql<{ subject_id: string; generation: string }>`
    insert into dirty_subjects (tenant_id, account_id, subject_id, urgent, reason, marked_at)
    select ${tenantId}, ${accountId}, id, false, ${reason}, ${at} from unnest(${[...subjectIds]}::uuid[]) as id
    on conflict (tenant_id, account_id, subject_id)
      do update set generation = dirty_subjects.generation + 1, reason = excluded.reason
    returning subject_id, generation`.execute(db);
  return rows.rows.map((row) => ({ subjectId: row.subject_id, generation: Number(row.generation) }));
}

async function releaseReported(db: Db, account: AccountKey): Promise<void> {
  const reported = db
    .selectFrom('plans')
    .select('id')
    .where('tenant_id', '=', account.tenantId)
    .where('account_id', '=', account.accountId)
    .where('state', '=', 'reported');
  await db
    .updateTable('dirty_subjects')
    .set({ held_plan_id: null })
    .where(ofAccount(account))
    .where('held_plan_id', 'in', reported)
    .execute();
}
