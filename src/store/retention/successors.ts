import type { Successorship, SuccessorStore } from '../../deprovision/handover-ports.js';
import type { Handover } from '../../domain/handover.js';
import { isUuid } from '../../lib/ids.js';
import { appendAudit } from '../audit.js';
import type { TenantDatabase } from '../database.js';
import { listLeaving } from './handover.js';

/** Who takes leavers' lines over, as people decide it. */
export function makeSuccessorStore(database: TenantDatabase): SuccessorStore {
  return {
    listLeaving: (account) => listLeaving(database, account),
    async find(tenantId, deletionId) {
      if (!isUuid(deletionId)) return null;
      const row = await database
        .forTenant(tenantId)
        .selectFrom('deletions as d')
        .innerJoin('links as l', (join) =>
          join.onRef('l.tenant_id', '=', 'd.tenant_id').onRef('l.id', '=', 'd.link_id'),
        )
        .select(['d.account_id', 'd.state', 'd.handover', 'd.successor', 'l.provider_user_id'])
        .where('d.tenant_id', '=', tenantId)
        .where('d.id', '=', deletionId)
        .executeTakeFirst();
      if (row === undefined) return null;
      return {
        account: { tenantId, accountId: row.account_id },
        state: row.state,
        providerUserId: row.provider_user_id,
        handover: row.handover as Handover | null,
        chosen: row.successor as Successorship | null,
      };
    },
    choose: (tenantId, deletionId, chosen, at, audit) =>
      database
        .forTenant(tenantId)
        .transaction()
        .execute(async (trx) => {
          const written = await trx
            .updateTable('deletions')
            // Looked at anew in the next turn, which writes the task.
            .set({ successor: chosen === null ? null : JSON.stringify(chosen), handover_at: null })
            .where('tenant_id', '=', tenantId)
            .where('id', '=', deletionId)
            .where('state', 'in', ['scheduled', 'held', 'cancelled'])
            .executeTakeFirst();
          if (written.numUpdatedRows !== 1n) return false;
          await appendAudit(trx, tenantId, { ...audit, at });
          return true;
        }),
  };
}
