import { sql } from 'kysely';
import type { AccountKey } from '../reconcile/account.js';
import type { AgentHintStore } from '../reconcile/vendor-hints.js';
import type { TenantDatabase } from './database.js';

/** Hints in Postgres, on live links. */
export function makeAgentHintStore(database: TenantDatabase): AgentHintStore {
  const live = ({ tenantId, accountId }: AccountKey) =>
    database
      .forTenant(tenantId)
      .updateTable('links')
      .where('tenant_id', '=', tenantId)
      .where('account_id', '=', accountId)
      .where('ended_at', 'is', null);
  return {
    async suspectRoles(account, subjectIds, at) {
      await live(account)
        .set({ role_suspected_at: at })
        .where('subject_id', '=', sql<string>`any(${[...subjectIds]}::uuid[])`)
        .execute();
    },
    async noteUse(account, providerUserId, at) {
      await live(account)
        .set({ accepted_at: sql<Date>`least(accepted_at, ${at})` })
        .where('provider_user_id', '=', providerUserId)
        .execute();
    },
  };
}
