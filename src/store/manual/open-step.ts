import type { AccountKey } from '../../reconcile/account.js';
import { checklistKey, checklistTitle, type NewStep } from '../../reconcile/steps.js';
import type { Db } from '../database.js';

const HOUR_MS = 3_600_000;
/** From asking until it is overdue, where no leaver waits for it. */
const UNHURRIED_HOURS = 7 * 24;

/**
 * Asks a person to do something, inside the transaction of the change that waits for it. Asked again, the step that
 * is open follows what is wanted now, and the change that waited for the old one is over.
 */
export async function openStep(trx: Db, account: AccountKey, step: NewStep, at: Date): Promise<void> {
  const taskId = await openChecklist(trx, account, step, at);
  const known = await trx
    .selectFrom('checklist_steps')
    .select(['id', 'change_id'])
    .where('tenant_id', '=', account.tenantId)
    .where('account_id', '=', account.accountId)
    .where('key', '=', step.change.key)
    .where('state', '=', 'open')
    .forUpdate()
    .executeTakeFirst();
  const values = { ...stepValues(step), task_id: taskId };
  if (known === undefined) {
    const fixed = { tenant_id: account.tenantId, account_id: account.accountId, id: step.id };
    const row = { ...fixed, ...values, state: 'open', asked_at: at } as const;
    await trx.insertInto('checklist_steps').values(row).execute();
  } else {
    await trx
      .updateTable('checklist_steps')
      .set(values)
      .where('tenant_id', '=', account.tenantId)
      .where('id', '=', known.id)
      .execute();
    if (known.change_id !== null) await endReplaced(trx, account, known.change_id, at);
  }
  await refreshChecklist(trx, account, taskId, { vendorName: step.vendorName, email: step.change.email });
}

function stepValues({ change, act, digest, row, words }: NewStep) {
  return {
    subject_id: change.subjectId,
    key: change.key,
    digest,
    action: change.action,
    change: JSON.stringify(change),
    act: JSON.stringify(act),
    plan_id: row?.planId ?? null,
    change_id: row?.changeId ?? null,
    position: words.order,
    title: words.title,
    instructions: JSON.stringify(words.instructions),
    link: words.link,
    typed: words.typed,
    urgent: change.urgent,
  };
}

/** The person's open checklist, opened where there is none; due sooner where the new step cannot wait so long. */
async function openChecklist(trx: Db, account: AccountKey, step: NewStep, at: Date): Promise<string> {
  const { change, words } = step;
  const hours = change.urgent ? words.urgentWithinHours : UNHURRIED_HOURS;
  const row = await trx
    .insertInto('worklist_items')
    .values({
      tenant_id: account.tenantId,
      id: step.taskId,
      account_id: account.accountId,
      subject_id: change.subjectId,
      key: checklistKey(change.subjectId),
      kind: 'checklist',
      title: '',
      steps: '[]',
      link: words.link,
      urgent: change.urgent,
      state: 'open',
      due_at: new Date(at.getTime() + hours * HOUR_MS),
      created_at: at,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['tenant_id', 'account_id', 'key'])
        .where('state', '=', 'open')
        .doUpdateSet((eb) => ({
          due_at: eb.fn<Date>('least', [eb.ref('worklist_items.due_at'), eb.ref('excluded.due_at')]),
        })),
    )
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

async function endReplaced(trx: Db, { tenantId }: AccountKey, changeId: string, at: Date): Promise<void> {
  await trx
    .updateTable('changes')
    .set({ state: 'stale', finished_at: at })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', changeId)
    .where('state', '=', 'awaiting')
    .execute();
}

/** The checklist says what its open steps are about; without `about` its title stays. */
export async function refreshChecklist(
  trx: Db,
  { tenantId }: AccountKey,
  taskId: string,
  about: { readonly vendorName: string; readonly email: string } | null,
): Promise<void> {
  const open = await trx
    .selectFrom('checklist_steps')
    .select(['action', 'title', 'urgent'])
    .where('tenant_id', '=', tenantId)
    .where('task_id', '=', taskId)
    .where('state', '=', 'open')
    .orderBy('position')
    .orderBy('key')
    .execute();
  if (open.length === 0) return;
  const isUrgent = open.some(({ urgent }) => urgent);
  const actions = open.map(({ action }) => action);
  const title = about === null ? {} : { title: checklistTitle(actions, { ...about, isUrgent }) };
  await trx
    .updateTable('worklist_items')
    .set({ ...title, urgent: isUrgent, steps: JSON.stringify(open.map((step) => step.title)) })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', taskId)
    .execute();
}
