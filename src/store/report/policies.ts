import type { FindingClass } from '../../domain/findings/finding.js';
import type { PolicyStore } from '../../report/ports.js';
import { appendAudit } from '../audit.js';
import type { TenantDatabase } from '../database.js';
import { reportDb, withReportTables } from './tables.js';

/** What is done about each class of finding, where somebody chose. */
export function makePolicyStore(database: TenantDatabase): PolicyStore {
  return {
    async list({ tenantId, type, id }) {
      const rows = await reportDb(database, tenantId)
        .selectFrom('finding_policies')
        .select(['class', 'policy'])
        .where('tenant_id', '=', tenantId)
        .where('source_type', '=', type)
        .where('source_id', '=', id)
        .execute();
      return new Map(rows.map((row) => [row.class as FindingClass, row.policy]));
    },
    async set({ tenantId, type, id }, kind, policy, { at, actor, action, data }) {
      const values = { policy, updated_at: at, updated_by: actor };
      await database
        .forTenant(tenantId)
        .transaction()
        .execute(async (trx) => {
          await withReportTables(trx)
            .insertInto('finding_policies')
            .values({ tenant_id: tenantId, source_type: type, source_id: id, class: kind, ...values })
            .onConflict((conflict) =>
              conflict.columns(['tenant_id', 'source_type', 'source_id', 'class']).doUpdateSet(values),
            )
            .execute();
          await appendAudit(trx, tenantId, { at, actor, action, targetType: type, targetId: id, data });
        });
    },
  };
}
