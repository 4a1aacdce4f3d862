import { sql } from 'kysely';
import type { AccountKey } from '../reconcile/account.js';
import type { HintStore } from '../reconcile/vendor-hints.js';
import type { TenantDatabase } from './database.js';

/** Hints in Postgres, on the live link of the agent. */
export function makeHintStore(database: TenantDatabase): HintStore {
  const live = ({ tenantId, accountId }: AccountKey, providerUserId: string) =>
    database
      .forTenant(tenantId)
      .updateTable('links')
      .where('tenant_id', '=', tenantId)
      .where('account_id', '=', accountId)
      .where('provider_user_id', '=', providerUserId)
      .where('ended_at', 'is', null);
  return {
    async suspectRole(account, providerUserId, at) {
      const link = await live(account, providerUserId)
        .set({ role_suspected_at: at })
        .returning('subject_id')
        .executeTakeFirst();
      return link?.subject_id ?? null;
    },
    async noteUse(account, providerUserId, at) {
      await live(account, providerUserId)
        .set({ accepted_at: sql<Date>`least(accepted_at, ${at})` })
        .execute();
    },
  };
}
