import { sql } from 'kysely';
import type { HandoverStore, ReviewedHandover, Successorship } from '../../deprovision/handover-ports.js';
import type { Deletion } from '../../deprovision/ports.js';
import type { Handover } from '../../domain/handover.js';
import type { AccountKey } from '../../reconcile/account.js';
import type { Db, TenantDatabase } from '../database.js';
import { selectDeletions, toDeletion } from '../deletion-rows.js';
import { inTransaction } from '../retried.js';
import { openTask } from '../worklist.js';
import { give, takeoverOf } from './takeovers.js';

const DUE_IN_DAYS = 3;

/** What leavers left without anybody. */
export function makeHandoverStore(database: TenantDatabase): HandoverStore {
  return {
    async nextUnreviewed(account, now) {
      const row = await selectDeletions(database.forTenant(account.tenantId), account)
        .leftJoin('account_readings as r', (join) =>
          join
            .onRef('r.tenant_id', '=', 'deletions.tenant_id')
            .onRef('r.account_id', '=', 'deletions.account_id'),
        )
        .where(
          sql<boolean>`(deletions.state in ('scheduled', 'held') and links.state = 'parked'
            and (deletions.handover_at is null or (${hasLines} and (${isReadSince}
              or deletions.handover_at < ${now}::timestamptz - interval '1 day'))))
            or (deletions.state = 'verified' and ${hasLines} and ${isReadSince})`,
        )
        // Where somebody was chosen, the account is read if need be; the others then have a reading as well.
        .orderBy(sql`deletions.successor is null`)
        .orderBy('deletions.created_at')
        .limit(1)
        .executeTakeFirst();
      return row === undefined ? null : toDeletion(row);
    },
    listLeaving: (account) => listLeaving(database, account),
    record: (account, deletion, found) =>
      inTransaction(database.forTenant(account.tenantId), (trx) => record(trx, account, deletion, found)),
    async load({ tenantId }, deletionId) {
      const row = await readChoice(database, tenantId, deletionId);
      return (row?.handover as Handover | null | undefined) ?? null;
    },
    subjectOf: async ({ tenantId, accountId }, providerUserId) => {
      const row = await database
        .forTenant(tenantId)
        .selectFrom('links')
        .select('subject_id')
        .where('tenant_id', '=', tenantId)
        .where('account_id', '=', accountId)
        .where('provider_user_id', '=', providerUserId)
        .where('state', '=', 'active')
        .where('ended_at', 'is', null)
        .executeTakeFirst();
      return row?.subject_id ?? null;
    },
    takeoverOf: (account, deletionId) =>
      takeoverOf(database.forTenant(account.tenantId), account, deletionId),
    async isReviewed({ tenantId }, deletionId) {
      const row = await readChoice(database, tenantId, deletionId);
      return (row?.handover_at ?? null) !== null;
    },
    async successorOf({ tenantId }, deletionId) {
      const row = await readChoice(database, tenantId, deletionId);
      return (row?.successor as Successorship | null | undefined) ?? null;
    },
  };
}

/** Who takes over, and what was found when it was looked at. */
function readChoice(database: TenantDatabase, tenantId: string, deletionId: string) {
  return database
    .forTenant(tenantId)
    .selectFrom('deletions')
    .select(['handover', 'handover_at', 'successor'])
    .where('tenant_id', '=', tenantId)
    .where('id', '=', deletionId)
    .executeTakeFirst();
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

const hasLines = sql<boolean>`jsonb_array_length(deletions.handover -> 'lines') > 0`;
/** What was found in an older reading may have been put right since. */
const isReadSince = sql<boolean>`coalesce((deletions.handover ->> 'readAt')::numeric
  <> round(extract(epoch from r.read_at) * 1000), false)`;

/** The task is nobody's in particular: planning the leaver anew must not close it. */
async function record(
  trx: Db,
  account: AccountKey,
  { id }: Deletion,
  { handover, chosen, at, task, takeover }: ReviewedHandover,
): Promise<void> {
  const { tenantId, accountId } = account;
  const seen = chosen === null ? null : JSON.stringify(chosen);
  await trx
    .updateTable('deletions')
    .set({
      handover: JSON.stringify(handover),
      handover_at: sql<Date | null>`case when successor is not distinct from ${seen}::jsonb
        then ${at}::timestamptz end`,
    })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .execute();
  if (takeover !== null) await give(trx, account, { deletionId: id, ...takeover, at });
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
