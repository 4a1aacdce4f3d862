import { sql } from 'kysely';
import type { HandoverStore, Successorship } from '../../deprovision/handover-ports.js';
import type { Deletion } from '../../deprovision/ports.js';
import type { Handover } from '../../domain/handover.js';
import type { AccountKey } from '../../reconcile/account.js';
import type { Db, TenantDatabase } from '../database.js';
import { selectDeletions, toDeletion } from '../deletion-rows.js';
import { openTask } from '../worklist.js';

const DUE_IN_DAYS = 3;

/** What leavers left without anybody. */
export function makeHandoverStore(database: TenantDatabase): HandoverStore {
  return {
    async nextUnreviewed(account, now) {
      const row = await selectDeletions(database.forTenant(account.tenantId), account)
        .where('deletions.state', 'in', ['scheduled', 'held'])
        .where('links.state', '=', 'parked')
        .where(
          sql<boolean>`(deletions.handover_at is null or (deletions.handover_at < ${now}::timestamptz - interval '1 day'
            and jsonb_array_length(deletions.handover -> 'lines') > 0))`,
        )
        .orderBy('deletions.created_at')
        .limit(1)
        .executeTakeFirst();
      return row === undefined ? null : toDeletion(row);
    },
    listLeaving: (account) => listLeaving(database, account),
    record: (account, deletion, found) =>
      database
        .forTenant(account.tenantId)
        .transaction()
        .execute((trx) => record(trx, account, deletion, found)),
    async load({ tenantId }, deletionId) {
      const row = await database
        .forTenant(tenantId)
        .selectFrom('deletions')
        .select('handover')
        .where('tenant_id', '=', tenantId)
        .where('id', '=', deletionId)
        .executeTakeFirst();
      return (row?.handover as Handover | null | undefined) ?? null;
    },
    async successorOf({ tenantId }, deletionId) {
      const row = await database
        .forTenant(tenantId)
        .selectFrom('deletions')
        .select('successor')
        .where('tenant_id', '=', tenantId)
        .where('id', '=', deletionId)
        .executeTakeFirst();
      return (row?.successor as Successorship | null | undefined) ?? null;
    },
  };
}

export async function listLeaving(
  database: TenantDatabase,
  { tenantId, accountId }: AccountKey,
): Promise<ReadonlySet<string>> {
  const rows = await database
    .forTenant(tenantId)
    .selectFrom('links')
    .select('provider_user_id')
    .where('tenant_id', '=', tenantId)
    .where('account_id', '=', accountId)
    .where('state', 'in', ['parked', 'deleting'])
    .execute();
  return new Set(rows.map((row) => row.provider_user_id));
}

/** The task is nobody's in particular: planning the leaver anew must not close it. */
async function record(
  trx: Db,
  account: AccountKey,
  { id }: Deletion,
  { handover, at, task }: Parameters<HandoverStore['record']>[2],
): Promise<void> {
  const { tenantId, accountId } = account;
  await trx
    .updateTable('deletions')
    .set({ handover: JSON.stringify(handover), handover_at: at })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .execute();
  const key = `handover:${id}`;
  if (handover.lines.length > 0) {
    const about = {
      subjectId: null,
      key,
      kind: 'hand-over',
      task: null,
      isUrgent: true,
      dueInDays: DUE_IN_DAYS,
    };
    return openTask(trx, account, { ...task, ...about }, at);
  }
  await trx
    .updateTable('worklist_items')
    .set({ state: 'done', closed_at: at, closed_by: 'patchbay' })
    .where('tenant_id', '=', tenantId)
    .where('account_id', '=', accountId)
    .where('key', '=', key)
    .where('state', '=', 'open')
    .execute();
}
