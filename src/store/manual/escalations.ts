import type { TenantDatabase } from '../database.js';
import { appendMail } from '../mail/append-mail.js';

export interface EscalationDeps {
  readonly database: TenantDatabase;
  readonly now: () => Date;
  /** Address of a task's page. */
  readonly taskUrl: (taskId: string) => string;
}

/** So many at once; what is left over comes with the next call. */
const AT_ONCE = 100;

/**
 * Tells people, once a checklist, that the time in which somebody had to be shut out by hand ran out: the e-mail is
 * written in the transaction that notes it.
 */
export function makeEscalations({ database, now, taskUrl }: EscalationDeps): () => Promise<void> {
  return async () => {
    const at = now();
    const overdue = await database
      .system()
      .selectFrom('worklist_items')
      .innerJoin('accounts', (join) =>
        join
          .onRef('accounts.tenant_id', '=', 'worklist_items.tenant_id')
          .onRef('accounts.id', '=', 'worklist_items.account_id'),
      )
      .select([
        'worklist_items.id',
        'worklist_items.tenant_id as tenantId',
        'worklist_items.title',
        'worklist_items.steps',
        'worklist_items.assignee',
        'worklist_items.due_at as dueAt',
        'accounts.name as account',
      ])
      .where('worklist_items.kind', '=', 'checklist')
      .where('worklist_items.state', '=', 'open')
      .where('worklist_items.urgent', '=', true)
      .where('worklist_items.escalated_at', 'is', null)
      .where('worklist_items.due_at', '<=', at)
      .orderBy('worklist_items.due_at')
      .limit(AT_ONCE)
      .execute();
    for (const task of overdue) await escalate(database, { ...task, url: taskUrl(task.id) }, at);
  };
}

interface Overdue {
  readonly id: string;
  readonly tenantId: string;
  readonly title: string;
  readonly steps: readonly string[];
  readonly assignee: string | null;
  readonly dueAt: Date | null;
  readonly account: string;
  readonly url: string;
}

async function escalate(database: TenantDatabase, task: Overdue, at: Date): Promise<void> {
  await database
    .forTenant(task.tenantId)
    .transaction()
    .execute(async (trx) => {
      const noted = await trx
        .updateTable('worklist_items')
        .set({ escalated_at: at })
        .where('tenant_id', '=', task.tenantId)
        .where('id', '=', task.id)
        .where('state', '=', 'open')
        .where('escalated_at', 'is', null)
        .executeTakeFirst();
      if (noted.numUpdatedRows !== 1n) return;
      const mail = {
        kind: 'escalation',
        recipients: null,
        subject: `Overdue: ${task.title}`,
        text: textOf(task),
        dedupeKey: `checklist-overdue:${task.id}`,
      } as const;
      await appendMail(trx, task.tenantId, mail, at);
    });
}

function textOf({ title, steps, assignee, dueAt, account, url }: Overdue): string {
  return [
    `${title} (account "${account}") was due ${dueAt?.toISOString() ?? 'by now'} and is not done.`,
    'Until it is, this person still has access: the phone system has no API, so only a person can take it.',
    '',
    'What is left:',
    ...steps.map((step) => `  - ${step}`),
    '',
    assignee === null ? 'Nobody has claimed it.' : `It is claimed by ${assignee}.`,
    `Open the checklist: ${url}`,
  ].join('\n');
}
