import type { Selectable } from 'kysely';
import { AppError } from '../domain/errors.js';
import { accountSettingsSchema, type Account } from '../tenancy/account.js';
import type { AccountStore } from '../tenancy/ports.js';
import type { TenantDatabase } from './database.js';
import { isUniqueViolation } from './pg-errors.js';
import type { AccountsTable } from './tables.js';

/** Accounts in Postgres. */
export function makeAccountStore(database: TenantDatabase): AccountStore {
  const one = async (tenantId: string, column: 'id' | 'name', value: string): Promise<Account | null> => {
    const row = await database
      .forTenant(tenantId)
      .selectFrom('accounts')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where(column, '=', value)
      .executeTakeFirst();
    return row === undefined ? null : toAccount(row);
  };
  const update = async (
    tenantId: string,
    accountId: string,
    at: Date,
    values: Record<string, unknown>,
  ): Promise<void> => {
    await database
      .forTenant(tenantId)
      .updateTable('accounts')
      .set({ ...values, updated_at: at })
      .where('tenant_id', '=', tenantId)
      .where('id', '=', accountId)
      .execute();
  };
  return {
    insert: (account) => insertAccount(database, account),
    async list(tenantId) {
      const query = database.forTenant(tenantId).selectFrom('accounts').selectAll();
      return (await query.where('tenant_id', '=', tenantId).orderBy('name').execute()).map(toAccount);
    },
    find: (tenantId, accountId) => one(tenantId, 'id', accountId),
    findByName: (tenantId, name) => one(tenantId, 'name', name),
    setPolicy: (tenantId, accountId, policy, at) => update(tenantId, accountId, at, { policy }),
    setSettings: (tenantId, accountId, settings, at) =>
      update(tenantId, accountId, at, { settings: JSON.stringify(settings) }),
    setSecrets: (tenantId, accountId, secrets, at) => update(tenantId, accountId, at, { secrets }),
    setPaused: (tenantId, accountId, reason, at) =>
      update(tenantId, accountId, at, {
        state: reason === null ? 'active' : 'paused',
        paused_reason: reason,
        paused_at: reason === null ? null : at,
      }),
    async listAll() {
      return (await database.system().selectFrom('accounts').selectAll().execute()).map(toAccount);
    },
  };
}

async function insertAccount(database: TenantDatabase, account: Account): Promise<void> {
  try {
    await database
      .forTenant(account.tenantId)
      .insertInto('accounts')
      .values({
        tenant_id: account.tenantId,
        id: account.id,
        name: account.name,
        provider: account.provider,
        config: JSON.stringify(account.config),
        secrets: account.secrets,
        policy: account.policy,
        settings: JSON.stringify(account.settings),
        created_at: account.createdAt,
        updated_at: account.createdAt,
      })
      .execute();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new AppError(
      'conflict',
      `There is already an account named "${account.name}". Choose another name.`,
      {
        cause: error,
      },
    );
  }
}

function toAccount(row: Selectable<AccountsTable>): Account {
  return {
    tenantId: row.tenant_id,
    id: row.id,
    name: row.name,
    provider: row.provider,
    config: row.config,
    secrets: row.secrets,
    policy: row.policy,
    settings: accountSettingsSchema.parse(row.settings),
    state: row.state,
    pausedReason: row.paused_reason,
    firstPlanDone: row.first_plan_done,
    appliedRuleSetVersion: row.applied_rule_set_version,
    appliedActiveUsers: row.applied_active_users,
    createdAt: row.created_at,
  };
}
