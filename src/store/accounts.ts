import type { Insertable, Selectable, Updateable } from 'kysely';
import { AppError } from '../domain/errors.js';
import { accountSettingsSchema, type Account } from '../tenancy/account.js';
import type { AccountChange, AccountStore, AuditEntry } from '../tenancy/ports.js';
import { appendAudit } from './audit.js';
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
  return {
    insert: (account, audit) => insertAccount(database, account, audit),
    async list(tenantId) {
      const query = database.forTenant(tenantId).selectFrom('accounts').selectAll();
      return (await query.where('tenant_id', '=', tenantId).orderBy('name').execute()).map(toAccount);
    },
    find: (tenantId, accountId) => one(tenantId, 'id', accountId),
    findByName: (tenantId, name) => one(tenantId, 'name', name),
    update: (tenantId, accountId, change, audit) =>
      updateAccount(database, tenantId, accountId, change, audit),
    async listAll() {
      return (await database.system().selectFrom('accounts').selectAll().execute()).map(toAccount);
    },
  };
}

async function insertAccount(database: TenantDatabase, account: Account, audit: AuditEntry): Promise<void> {
  const db = database.forTenant(account.tenantId);
  try {
    await db.transaction().execute(async (trx) => {
      await trx.insertInto('accounts').values(toRow(account)).execute();
      await appendAudit(trx, account.tenantId, audit);
    });
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

function toRow(account: Account): Insertable<AccountsTable> {
  return {
    tenant_id: account.tenantId,
    id: account.id,
    name: account.name,
    provider: account.provider,
    config: JSON.stringify(account.config),
    secrets: account.secrets,
    policy: account.policy,
    settings: JSON.stringify(account.settings),
    reconcile_due_at: account.createdAt,
    reconcile_trigger: 'manual',
    created_at: account.createdAt,
    updated_at: account.createdAt,
  };
}

async function updateAccount(
  database: TenantDatabase,
  tenantId: string,
  accountId: string,
  change: AccountChange,
  audit: AuditEntry,
): Promise<void> {
  await database
    .forTenant(tenantId)
    .transaction()
    .execute(async (trx) => {
      await trx
        .updateTable('accounts')
        .set({ ...toColumns(change, audit.at), updated_at: audit.at })
        .where('tenant_id', '=', tenantId)
        .where('id', '=', accountId)
        .execute();
      await appendAudit(trx, tenantId, audit);
    });
}

function toColumns(
  { config, policy, settings, secrets, archiveSecrets, pausedReason }: AccountChange,
  at: Date,
): Updateable<AccountsTable> {
  const isPaused = typeof pausedReason === 'string';
  return {
    ...(config === undefined ? {} : { config: JSON.stringify(config) }),
    ...(policy === undefined ? {} : { policy }),
    ...(settings === undefined ? {} : { settings: JSON.stringify(settings) }),
    ...(secrets === undefined ? {} : { secrets }),
    ...(archiveSecrets === undefined ? {} : { archive_secrets: archiveSecrets }),
    ...(pausedReason === undefined
      ? {}
      : {
          state: isPaused ? 'paused' : 'active',
          paused_reason: pausedReason,
          paused_at: isPaused ? at : null,
          // Whoever pauses it knows.
          pause_told_at: isPaused ? at : null,
        }),
  };
}

function toAccount(row: Selectable<AccountsTable>): Account {
  return {
    tenantId: row.tenant_id,
    id: row.id,
    name: row.name,
    provider: row.provider,
    config: row.config,
    secrets: row.secrets,
    archiveSecrets: row.archive_secrets,
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
