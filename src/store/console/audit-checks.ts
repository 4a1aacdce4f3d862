import type { ChainCheckStore, ChainVerdict } from '../../administration/audit-chain.js';
import { appendAudit } from '../audit.js';
import type { TenantDatabase } from '../database.js';

export function makeChainCheckStore(database: TenantDatabase): ChainCheckStore {
  return {
    async last(tenantId) {
      const row = await database
        .forTenant(tenantId)
        .selectFrom('audit_checks')
        .select(['checked_at', 'verdict'])
        .where('tenant_id', '=', tenantId)
        .executeTakeFirst();
      return row === undefined ? null : { checkedAt: row.checked_at, verdict: row.verdict as ChainVerdict };
    },
    save: (tenantId, { checkedAt, verdict }, audit) =>
      database
        .forTenant(tenantId)
        .transaction()
        .execute(async (trx) => {
          const facts = { checked_at: checkedAt, verdict: JSON.stringify(verdict) };
          await trx
            .insertInto('audit_checks')
            .values({ tenant_id: tenantId, ...facts })
            .onConflict((conflict) => conflict.column('tenant_id').doUpdateSet(facts))
            .execute();
          if (audit !== null) await appendAudit(trx, tenantId, audit);
        }),
    async nextDue(before) {
      const row = await database
        .system()
        .selectFrom('tenants')
        .leftJoin('audit_checks', 'audit_checks.tenant_id', 'tenants.id')
        .select('tenants.id')
        .where((eb) =>
          eb.or([eb('audit_checks.checked_at', 'is', null), eb('audit_checks.checked_at', '<', before)]),
        )
        .orderBy('audit_checks.checked_at', (order) => order.asc().nullsFirst())
        .limit(1)
        .executeTakeFirst();
      return row?.id ?? null;
    },
  };
}
