import type { DueTask, ReminderStore, ReminderWindow } from '../../administration/task-reminders.js';
import type { Db, TenantDatabase } from '../database.js';
import { appendMail } from '../mail/append-mail.js';

/** Reminders of open tasks: the e-mail is there exactly if the task says that people were reminded. */
export function makeReminderStore(database: TenantDatabase): ReminderStore {
  return {
    async listTenants(window) {
      const rows = await selectDue(database.system(), window).select('tenant_id').distinct().execute();
      return rows.map(({ tenant_id }) => tenant_id);
    },
    remind: (tenantId, window, compose) =>
      database
        .forTenant(tenantId)
        .transaction()
        .execute(async (trx) => {
          const tasks = await takeDue(trx, tenantId, window);
          for (const mail of compose(tasks)) await appendMail(trx, tenantId, mail, window.now);
        }),
  };
}

function selectDue(db: Db, { dueBefore, remindedBefore }: ReminderWindow) {
  return (
    db
      .selectFrom('worklist_items')
      .where('state', '=', 'open')
      .where('due_at', '<', dueBefore)
      // Checklists about leavers are counted in hours and escalated one by one.
      .where((eb) => eb.or([eb('kind', '<>', 'checklist'), eb('urgent', '=', false)]))
      .where((eb) => eb.or([eb('reminded_at', 'is', null), eb('reminded_at', '<', remindedBefore)]))
  );
}

/** Another process that reminds at the same moment finds them taken. */
async function takeDue(trx: Db, tenantId: string, window: ReminderWindow): Promise<readonly DueTask[]> {
  const due = await selectDue(trx, window)
    .select('id')
    .where('tenant_id', '=', tenantId)
    .forUpdate()
    .skipLocked()
    .execute();
  if (due.length === 0) return [];
  const ids = due.map(({ id }) => id);
  await trx
    .updateTable('worklist_items')
    .set({ reminded_at: window.now })
    .where('tenant_id', '=', tenantId)
    .where('id', 'in', ids)
    .execute();
  const rows = await trx
    .selectFrom('worklist_items')
    .innerJoin('accounts', (join) =>
      join
        .onRef('accounts.tenant_id', '=', 'worklist_items.tenant_id')
        .onRef('accounts.id', '=', 'worklist_items.account_id'),
    )
    .select([
      'worklist_items.id',
      'accounts.name as account',
      'worklist_items.title',
      'worklist_items.due_at',
      'worklist_items.urgent',
      'worklist_items.assignee',
    ])
    .where('worklist_items.tenant_id', '=', tenantId)
    .where('worklist_items.id', 'in', ids)
    .orderBy('worklist_items.urgent', 'desc')
    .orderBy('worklist_items.due_at')
    .execute();
  return rows.map(({ due_at, urgent, ...task }) => ({
    ...task,
    dueAt: due_at ?? window.now,
    isUrgent: urgent,
  }));
}
