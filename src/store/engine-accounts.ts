import type { Selectable } from 'kysely';
import type { AccountKey, EngineAccount } from '../reconcile/account.js';
import { RECONCILE_TRIGGERS } from '../reconcile/account.js';
import type { EngineAccountStore } from '../reconcile/ports.js';
import { accountSettingsSchema } from '../tenancy/account.js';
import { appendAudit } from './audit.js';
import type { Db, TenantDatabase } from './database.js';
import type { AccountsTable } from './tables.js';

/** The account rows as planning and applying use them. */
export function makeEngineAccountStore(database: TenantDatabase): EngineAccountStore {
  const update = (db: Db, { tenantId, accountId }: AccountKey) =>
    db.updateTable('accounts').where('tenant_id', '=', tenantId).where('id', '=', accountId);
  return {
    async load({ tenantId, accountId }) {
      const row = await database
        .forTenant(tenantId)
        .selectFrom('accounts')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('id', '=', accountId)
        .executeTakeFirst();
      return row === undefined ? null : toEngineAccount(row);
    },
    pause: (account, reason, at, audit) =>
      database
        .forTenant(account.tenantId)
        .transaction()
        .execute(async (trx) => {
          const paused = await update(trx, account)
            .set({ state: 'paused', paused_reason: reason, paused_at: at, updated_at: at })
            .where('state', '=', 'active')
            .executeTakeFirst();
          if (paused.numUpdatedRows !== 1n) return false;
          await appendAudit(trx, account.tenantId, { ...audit, at });
          return true;
        }),
    async rest(account, until) {
      await update(database.forTenant(account.tenantId), account).set({ rest_until: until }).execute();
    },
    async requestReconcile(account, trigger, at) {
      await update(database.forTenant(account.tenantId), account)
        .set({ reconcile_due_at: at, reconcile_trigger: trigger })
        .execute();
    },
    async scheduleReconcile(account, trigger, at) {
      await update(database.forTenant(account.tenantId), account)
        .set({ reconcile_due_at: at, reconcile_trigger: trigger })
        .where((eb) => eb.or([eb('reconcile_due_at', 'is', null), eb('reconcile_due_at', '>', at)]))
        .execute();
    },
    async recordReconciled(account, request, at) {
      const db = database.forTenant(account.tenantId);
      await update(db, account).set({ reconciled_at: at, first_plan_done: true }).execute();
      // A request that came in meanwhile stands.
      await update(db, account)
        .set({ reconcile_due_at: null, reconcile_trigger: null })
        .where('reconcile_due_at', '<=', request)
        .execute();
    },
    async recordPassed(account, { ruleSetVersion, activeUsers }, at) {
      await update(database.forTenant(account.tenantId), account)
        .set({
          applied_rule_set_version: ruleSetVersion,
          applied_active_users: activeUsers,
          updated_at: at,
        })
        .execute();
    },
  };
}

function toEngineAccount(row: Selectable<AccountsTable>): EngineAccount {
  return {
    tenantId: row.tenant_id,
    accountId: row.id,
    name: row.name,
    policy: row.policy,
    settings: accountSettingsSchema.parse(row.settings),
    isPaused: row.state === 'paused',
    firstPlanDone: row.first_plan_done,
    appliedRuleSetVersion: row.applied_rule_set_version,
    appliedActiveUsers: row.applied_active_users,
    restUntil: row.rest_until,
    reconcileRequest:
      row.reconcile_due_at === null
        ? null
        : {
            trigger: RECONCILE_TRIGGERS.find((one) => one === row.reconcile_trigger) ?? 'schedule',
            at: row.reconcile_due_at,
          },
  };
}
