import { sql } from 'kysely';
import type { UseStore } from '../../report/seats/ports.js';
import type { TenantDatabase } from '../database.js';
import { reportDb } from './tables.js';

/** When agents last called, in rows. */
export function makeUseStore(database: TenantDatabase): UseStore {
  return {
    async list({ tenantId, accountId }) {
      const rows = await reportDb(database, tenantId)
        .selectFrom('agent_use')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('account_id', '=', accountId)
        .execute();
      return new Map(
        rows.map((row) => [
          row.provider_user_id,
          {
            lastCallAt: row.last_call_at?.getTime() ?? null,
            searchedFrom: row.searched_from.getTime(),
            searchedTo: row.searched_to.getTime(),
          },
        ]),
      );
    },
    async save({ tenantId, accountId }, providerUserId, { lastCallAt, searchedFrom, searchedTo }) {
      const values = {
        last_call_at: lastCallAt === null ? null : new Date(lastCallAt),
        searched_from: new Date(searchedFrom),
        searched_to: new Date(searchedTo),
      };
      await reportDb(database, tenantId)
        .insertInto('agent_use')
        .values({ tenant_id: tenantId, account_id: accountId, provider_user_id: providerUserId, ...values })
        .onConflict((conflict) =>
          conflict.columns(['tenant_id', 'account_id', 'provider_user_id']).doUpdateSet(values),
        )
        .execute();
    },
    async keepOnly({ tenantId, accountId }, providerUserIds) {
      await sql`delete from agent_use where tenant_id = ${tenantId}::uuid and account_id = ${accountId}::uuid
        and provider_user_id <> all(${[...providerUserIds]}::text[])`.execute(reportDb(database, tenantId));
    },
    async isBusy({ tenantId, accountId }, now) {
      const { rows } = await sql<{ busy: boolean }>`
        select exists (select 1 from dirty_subjects
            where tenant_id = ${tenantId}::uuid and account_id = ${accountId}::uuid and held_plan_id is null
              and (not_before is null or not_before <= ${now}))
          or exists (select 1 from accounts where tenant_id = ${tenantId}::uuid and id = ${accountId}::uuid
            and reconcile_due_at <= ${now}) as busy`.execute(reportDb(database, tenantId));
      return rows[0]?.busy === true;
    },
  };
}
