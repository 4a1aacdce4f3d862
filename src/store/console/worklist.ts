import { sql } from 'kysely';
import { cutPage, decodeCursor, type Page } from '../../administration/page.js';
import type {
  TaskAudit,
  TaskChange,
  TaskQuery,
  TaskRow,
  WorklistStore,
} from '../../administration/worklist.js';
import { isUuid } from '../../lib/ids.js';
import { appendAudit } from '../audit.js';
import type { Db, TenantDatabase } from '../database.js';
import { isUniqueViolation } from '../pg-errors.js';
import { isMoment } from './cursor-parts.js';
import { likePattern } from './like.js';

/** Tasks as people work on them. */
export function makeWorklistStore(database: TenantDatabase): WorklistStore {
  return {
    list: (tenantId, query) => listTasks(database.forTenant(tenantId), tenantId, query),
    async find(tenantId, taskId) {
      if (!isUuid(taskId)) return null;
      const query = selectTasks(database.forTenant(tenantId), tenantId);
      const row = await query.where('worklist_items.id', '=', taskId).executeTakeFirst();
      return row === undefined ? null : toTask(row);
    },
    change: (tenantId, task, change, audit) =>
      changeTask(database.forTenant(tenantId), tenantId, task, change, audit),
  };
}

function selectTasks(db: Db, tenantId: string) {
  return db
    .selectFrom('worklist_items')
    .innerJoin('accounts', (join) =>
      join
        .onRef('accounts.tenant_id', '=', 'worklist_items.tenant_id')
        .onRef('accounts.id', '=', 'worklist_items.account_id'),
    )
    .select([
      'worklist_items.id',
      'worklist_items.account_id as accountId',
      'accounts.name as account',
      'worklist_items.subject_id as personId',
      'worklist_items.kind',
      'worklist_items.title',
      'worklist_items.steps',
      'worklist_items.link',
      'worklist_items.urgent as isUrgent',
      'worklist_items.state',
      'worklist_items.due_at as dueAt',
      'worklist_items.assignee',
      'worklist_items.comment',
      'worklist_items.created_at as createdAt',
      'worklist_items.closed_at as closedAt',
      'worklist_items.closed_by as closedBy',
      'worklist_items.closed_because as closedBecause',
      sql<string>`worklist_items.created_at::text`.as('createdKey'),
      sql<string>`coalesce(worklist_items.closed_at, worklist_items.created_at)::text`.as('closedKey'),
    ])
    .where('worklist_items.tenant_id', '=', tenantId);
}

type StoredTask = TaskRow & { readonly createdKey: string; readonly closedKey: string };

function toTask({ createdKey: _created, closedKey: _closed, ...task }: StoredTask): TaskRow {
  return task;
}

/** Open ones: urgent first, then the oldest. Closed ones: the last closed first. */
export async function listTasks(db: Db, tenantId: string, query: TaskQuery): Promise<Page<TaskRow>> {
  let tasks = selectTasks(db, tenantId).where('worklist_items.state', '=', query.state);
  if (query.accountId !== null) tasks = tasks.where('worklist_items.account_id', '=', query.accountId);
  if (query.assignee !== null) tasks = tasks.where('worklist_items.assignee', '=', query.assignee);
  for (const word of (query.search ?? '').split(/\s+/u).filter((one) => one !== '')) {
    const pattern = likePattern(word);
    tasks = tasks.where(
      sql<boolean>`patchbay_fold(worklist_items.title) like '%' || patchbay_fold(${pattern}) || '%'`,
    );
  }
  tasks = query.state === 'open' ? openOrder(tasks, query.after) : closedOrder(tasks, query.after);
  const rows: readonly StoredTask[] = await tasks.limit(query.limit + 1).execute();
  const page = cutPage(rows, query.limit, (row) =>
    query.state === 'open' ? [String(row.isUrgent), row.createdKey, row.id] : [row.closedKey, row.id],
  );
  return { rows: page.rows.map(toTask), next: page.next };
}

type Tasks = ReturnType<typeof selectTasks>;

function openOrder(tasks: Tasks, after: string | null): Tasks {
  const ordered = tasks
    .orderBy('worklist_items.urgent', 'desc')
    .orderBy('worklist_items.created_at')
    .orderBy('worklist_items.id');
  if (after === null) return ordered;
  const isFlag = (part: string): boolean => part === 'true' || part === 'false';
  const [urgent, created, id] = decodeCursor(after, [isFlag, isMoment, isUuid]);
  return ordered.where(sql<boolean>`(not worklist_items.urgent, worklist_items.created_at, worklist_items.id)
    > (not ${urgent}::boolean, ${created}::timestamptz, ${id}::uuid)`);
}

function closedOrder(tasks: Tasks, after: string | null): Tasks {
  const closed = sql`coalesce(worklist_items.closed_at, worklist_items.created_at)`;
  const ordered = tasks.orderBy(closed, 'desc').orderBy('worklist_items.id', 'desc');
  if (after === null) return ordered;
  const [at, id] = decodeCursor(after, [isMoment, isUuid]);
  return ordered.where(sql<boolean>`(${closed}, worklist_items.id) < (${at}::timestamptz, ${id}::uuid)`);
}

async function changeTask(
  db: Db,
  tenantId: string,
  task: Parameters<WorklistStore['change']>[1],
  change: TaskChange,
  audit: TaskAudit,
): Promise<'changed' | 'moved-on' | 'taken'> {
  try {
    return await db.transaction().execute(async (trx) => {
      const changed = await trx
        .updateTable('worklist_items')
        .set(toColumns(change, audit))
        .where('tenant_id', '=', tenantId)
        .where('id', '=', task.id)
        .where('state', '=', task.from)
        .executeTakeFirst();
      if (changed.numUpdatedRows !== 1n) return 'moved-on';
      await appendAudit(trx, tenantId, audit);
      return 'changed';
    });
  } catch (error) {
    // One open task a key: somebody or a reconciliation opened the same one again.
    if (isUniqueViolation(error)) return 'taken';
    throw error;
  }
}

function toColumns(change: TaskChange, { at, actor }: TaskAudit) {
  const { assignee, comment, dueAt, state, closedBecause = null } = change;
  return {
    ...(assignee === undefined ? {} : { assignee }),
    ...(comment === undefined ? {} : { comment }),
    // Whoever moves the date wants to be reminded of the new one.
    ...(dueAt === undefined ? {} : { due_at: dueAt, reminded_at: null }),
    ...(state === undefined ? {} : { ...closing(state, at, actor), closed_because: closedBecause }),
  };
}

function closing(state: NonNullable<TaskChange['state']>, at: Date, actor: string) {
  if (state === 'open') return { state, closed_at: null, closed_by: null, reminded_at: null };
  return { state, closed_at: at, closed_by: actor };
}
