import { sql, type Insertable } from 'kysely';
import { AppError } from '../../domain/errors.js';
import type { LocalOwner, LocalOwnerStore } from '../../sso/people-ports.js';
import type { AuditEntry } from '../../tenancy/ports.js';
import { appendAudit } from '../audit.js';
import type { Db, TenantDatabase } from '../database.js';
import { isUniqueViolation } from '../pg-errors.js';
import { audited } from './audited.js';
import { countOtherOwners, lockRoles } from './role-lock.js';
import type { ConsoleUsersTable } from './tables.js';

/** Break-glass owners in Postgres. Every write that guards a secret is one conditional statement. */
export function makeLocalOwnerStore(database: TenantDatabase): LocalOwnerStore {
  const update = (owner: LocalOwner) => ofOwner(database.forTenant(owner.tenantId), owner);
  return {
    insert: (owner, audit) => insertOwner(database, owner, audit),
    find: (tenantId, loginName) => findOwner(database, tenantId, loginName),
    remove: (tenantId, loginName, audit) => removeOwner(database, tenantId, loginName, audit),
    async reserveAttempt(owner, { now, evenIfLocked, freeAttempts, lockUntil }) {
      const result = await update(owner)
        .set({
          failed_attempts: sql<number>`failed_attempts + 1`,
          locked_until: sql<Date | null>`case when failed_attempts + 1 >= ${freeAttempts}::int
            then ${lockUntil}::timestamptz else locked_until end`,
        })
        .$if(!evenIfLocked, (query) =>
          query.where((eb) => eb.or([eb('locked_until', 'is', null), eb('locked_until', '<=', now)])),
        )
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
    async recordSuccess(owner, audit) {
      const cleared = { failed_attempts: 0, locked_until: null, last_login_at: audit.at };
      await audited(database, owner.tenantId, audit, async (trx) => {
        const changed = await ofOwner(trx, owner).set(cleared).executeTakeFirst();
        return changed.numUpdatedRows > 0n;
      });
    },
    recordFailure: (owner, audit) => appendAudit(database.forTenant(owner.tenantId), owner.tenantId, audit),
    async advanceTotp(owner, step) {
      const result = await update(owner)
        .set({ totp_last_step: step })
        .where(sql<boolean>`totp_last_step < ${step}::bigint`)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
    async takeRecoveryCode(owner, hash) {
      const result = await update(owner)
        .set({ recovery_hashes: sql<Buffer[]>`array_remove(recovery_hashes, ${hash}::bytea)` })
        .where(sql<boolean>`${hash}::bytea = any(recovery_hashes)`)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
  };
}

function ofOwner(db: Db, owner: LocalOwner) {
  return db.updateTable('console_users').where('tenant_id', '=', owner.tenantId).where('id', '=', owner.id);
}

async function insertOwner(
  database: TenantDatabase,
  owner: Parameters<LocalOwnerStore['insert']>[0],
  audit: AuditEntry,
): Promise<void> {
  const row = {
    tenant_id: owner.tenantId,
    id: owner.id,
    kind: 'local',
    login_name: owner.loginName,
    display_name: owner.displayName,
    role: 'owner',
    password_hash: owner.passwordHash,
    totp_secret: owner.totpSecret,
    recovery_hashes: [...owner.recoveryHashes],
    created_at: owner.createdAt,
  } satisfies Insertable<ConsoleUsersTable>;
  try {
    await audited(database, owner.tenantId, audit, async (trx) => {
      await trx.insertInto('console_users').values(row).execute();
      return true;
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new AppError(
      'conflict',
      `There is already a local owner named "${owner.loginName}". Choose another name.`,
      { cause: error },
    );
  }
}

async function removeOwner(
  database: TenantDatabase,
  tenantId: string,
  loginName: string,
  audit: AuditEntry,
): Promise<'removed' | 'unknown' | 'lastOwner'> {
  return database
    .forTenant(tenantId)
    .transaction()
    .execute(async (trx) => {
      await lockRoles(trx, tenantId);
      const row = await trx
        .selectFrom('console_users')
        .select('id')
        .where('tenant_id', '=', tenantId)
        .where('kind', '=', 'local')
        .where('login_name', '=', loginName)
        .executeTakeFirst();
      if (row === undefined) return 'unknown';
      if ((await countOtherOwners(trx, tenantId, row.id)) === 0) return 'lastOwner';
      await trx
        .deleteFrom('console_users')
        .where('tenant_id', '=', tenantId)
        .where('id', '=', row.id)
        .execute();
      await appendAudit(trx, tenantId, { ...audit, targetId: row.id });
      return 'removed';
    });
}

async function findOwner(
  database: TenantDatabase,
  tenantId: string,
  loginName: string,
): Promise<LocalOwner | null> {
  const row = await database
    .forTenant(tenantId)
    .selectFrom('console_users')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('kind', '=', 'local')
    .where('login_name', '=', loginName)
    .executeTakeFirst();
  // The table's own check: a local row has all three.
  if (row === undefined || row.password_hash === null || row.totp_secret === null) return null;
  return {
    tenantId,
    id: row.id,
    loginName,
    displayName: row.display_name,
    passwordHash: row.password_hash,
    totpSecret: row.totp_secret,
    recoveryCodesLeft: row.recovery_hashes.length,
    lockedUntil: row.locked_until,
  };
}
