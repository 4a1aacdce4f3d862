import { sql } from 'kysely';
import type { AccountKey } from '../reconcile/account.js';
import type { WorklistTask } from '../reconcile/effects.js';
import type { StandingTask, TaskScope, TaskStore } from '../reconcile/ports.js';
import { appendAudit } from './audit.js';
import type { Db, TenantDatabase } from './database.js';
import { lockLists } from './manual/record.js';
import { inTransaction } from './retried.js';

const DAY_MS = 86_400_000;
/** Tasks that a reading without the people on the numbers can neither show done nor undone. */
const ABOUT_NUMBERS: ReadonlySet<string> = new Set(['grant-number', 'no-number']);

/**
 * Opens a task. One that is open already says what is wanted now; one that was closed and is undone is opened again,
 * with whoever had it and what they said of it.
 */
export async function openTask(trx: Db, account: AccountKey, task: WorklistTask, at: Date): Promise<void> {
  const known = await findLast(trx, account, task.key);
  if (known === undefined) return insertTask(trx, account, task, at);
  const dueAt = { due_at: dueOf(task, at), reminded_at: null };
  const isNew = known.state !== 'open' || known.kind !== task.kind;
  await trx
    .updateTable('worklist_items')
    .set({
      ...wordsOf(task),
      ...(isNew ? dueAt : {}),
      state: 'open',
      closed_at: null,
      closed_by: null,
      closed_because: null,
    })
    .where('tenant_id', '=', account.tenantId)
    .where('id', '=', known.id)
    .execute();
  if (known.state !== 'open') await audit(trx, account, at, { ...known, kind: task.kind }, 'task.reopened');
}

/** The open one, else the one that was closed last. */
function findLast(trx: Db, { tenantId, accountId }: AccountKey, key: string) {
  return trx
    .selectFrom('worklist_items')
    .select(['id', 'kind', 'state'])
    .where('tenant_id', '=', tenantId)
    .where('account_id', '=', accountId)
    .where('key', '=', key)
    .orderBy(sql`(state = 'open')`, 'desc')
    .orderBy('closed_at', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst();
}

async function insertTask(
  trx: Db,
  { tenantId, accountId }: AccountKey,
  task: WorklistTask,
  at: Date,
): Promise<void> {
  await trx
    .insertInto('worklist_items')
    .values({
      tenant_id: tenantId,
      id: task.id,
      account_id: accountId,
      subject_id: task.subjectId,
      key: task.key,
      ...wordsOf(task),
      state: 'open',
      due_at: dueOf(task, at),
      created_at: at,
    })
    .execute();
}

function wordsOf(task: WorklistTask) {
  return {
    kind: task.kind,
    title: task.title,
    steps: JSON.stringify(task.steps),
    link: task.link,
    urgent: task.isUrgent,
    task: task.task === null ? null : JSON.stringify(task.task),
  };
}

function dueOf({ dueInDays }: WorklistTask, at: Date): Date {
  return new Date(at.getTime() + dueInDays * DAY_MS);
}

/** The worklist in Postgres. */
export function makeTaskStore(database: TenantDatabase): TaskStore {
  return {
    closeOthers: (account, about, at) =>
      inTransaction(database.forTenant(account.tenantId), (trx) => closeOthers(trx, account, about, at)),
  };
}

async function closeOthers(
  trx: Db,
  account: AccountKey,
  about: TaskScope,
  at: Date,
): Promise<readonly StandingTask[]> {
  if (about.subjectIds.length === 0) return [];
  // An import closes checklists in an order of its own: two who wait for each other would wait for ever.
  await lockLists(trx, account);
  const standing = await selectStanding(trx, account, about.subjectIds);
  const keep = new Set(about.keep);
  const unread = new Set(about.unread);
  const isKept = ({ key, kind, subject_id }: (typeof standing)[number]): boolean =>
    keep.has(key) || (subject_id !== null && unread.has(subject_id) && ABOUT_NUMBERS.has(kind));
  const over = standing.filter((task) => !isKept(task));
  await close(
    trx,
    account,
    over.map(({ id }) => id),
    at,
  );
  for (const task of over) await audit(trx, account, at, task, 'task.done');
  return standing
    .filter(isKept)
    .map(({ key, kind, state }) => ({ key, kind, state: state === 'open' ? 'open' : 'dismissed' }));
}

function selectStanding(trx: Db, { tenantId, accountId }: AccountKey, subjectIds: readonly string[]) {
  return trx
    .selectFrom('worklist_items')
    .select(['id', 'kind', 'key', 'state', 'subject_id'])
    .where('tenant_id', '=', tenantId)
    .where('account_id', '=', accountId)
    .where((eb) =>
      // Those that a deletion made pointless are nobody's word on anything.
      eb.or([
        eb('state', '=', 'open'),
        eb.and([
          eb('state', '=', 'obsolete'),
          eb('closed_by', '<>', 'deletion'),
          eb('kind', '<>', 'checklist'),
        ]),
      ]),
    )
    .where('subject_id', '=', sql<string>`any(${[...subjectIds]}::uuid[])`)
    .forUpdate()
    .execute();
}

/** What a person said is not needed is history as well, once nobody asks for it any more. */
async function close(trx: Db, { tenantId }: AccountKey, ids: readonly string[], at: Date): Promise<void> {
  if (ids.length === 0) return;
  await trx
    .updateTable('worklist_items')
    .set({ state: 'done', closed_at: at, closed_by: 'reconciliation' })
    .where('tenant_id', '=', tenantId)
    .where('id', 'in', ids)
    .execute();
}

async function audit(
  trx: Db,
  { tenantId }: AccountKey,
  at: Date,
  { id, kind }: { readonly id: string; readonly kind: string },
  action: 'task.done' | 'task.reopened',
): Promise<void> {
  await appendAudit(trx, tenantId, {
    at,
    actor: 'patchbay',
    action,
    targetType: 'task',
    targetId: id,
    data: { kind },
  });
}
