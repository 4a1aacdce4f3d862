import { sql, type Transaction } from 'kysely';
import type {
  PinnedRole,
  RemovalOutcome,
  RoleOutcome,
  SessionWindow,
  TeamSession,
  TeamStore,
} from '../../sso/team-ports.js';
import { isUuid } from '../../lib/ids.js';
import type { AuditEntry } from '../../tenancy/ports.js';
import { appendAudit } from '../audit.js';
import type { Db, TenantDatabase } from '../database.js';
import type { Database } from '../tables.js';
import { audited } from './audited.js';
import { toUser } from './console-users.js';
import { countOtherOwners, lockRoles } from './role-lock.js';
import { isWithinOwnLimits } from './session-limits.js';

/** Roles and sessions of the console's people in Postgres. */
export function makeTeamStore(database: TenantDatabase): TeamStore {
  return {
    async members(tenantId, window) {
      const db = database.forTenant(tenantId);
      const users = db.selectFrom('console_users').selectAll().where('tenant_id', '=', tenantId);
      const [rows, counts] = await Promise.all([
        users.orderBy('created_at').orderBy('id').execute(),
        countSessions(db, tenantId, window),
      ]);
      return rows.map((row) => ({
        ...toUser(row),
        pinnedRole: row.pinned_role,
        sessions: counts.get(row.id) ?? 0,
      }));
    },
    sessions: (tenantId, userId, window) =>
      listSessions(database.forTenant(tenantId), tenantId, userId, window),
    pinRole: (tenantId, userId, pinned, audit) =>
      inTransaction(database, tenantId, (trx) => pinRole(trx, tenantId, userId, pinned, audit)),
    remove: (tenantId, userId, audit) =>
      inTransaction(database, tenantId, (trx) => removeOwner(trx, tenantId, userId, audit)),
    endSessions: (tenantId, which, audit) => endSessions(database, tenantId, which, audit),
  };
}

function inTransaction<T>(
  database: TenantDatabase,
  tenantId: string,
  work: (trx: Transaction<Database>) => Promise<T>,
): Promise<T> {
  return database.forTenant(tenantId).transaction().execute(work);
}

function holding(db: Db, tenantId: string, { at, seenAfter }: SessionWindow) {
  return db
    .selectFrom('console_sessions')
    .innerJoin('tenants', 'tenants.id', 'console_sessions.tenant_id')
    .where('console_sessions.tenant_id', '=', tenantId)
    .where('console_sessions.state', '=', 'active')
    .where('console_sessions.expires_at', '>', at)
    .where('console_sessions.last_seen_at', '>', seenAfter)
    .where(isWithinOwnLimits(at));
}

async function countSessions(
  db: Db,
  tenantId: string,
  window: SessionWindow,
): Promise<ReadonlyMap<string, number>> {
  const rows = await holding(db, tenantId, window)
    .select(['user_id as userId', (eb) => eb.fn.countAll<string>().as('count')])
    .where('user_id', 'is not', null)
    .groupBy('user_id')
    .execute();
  return new Map(rows.map(({ userId, count }) => [userId ?? '', Number(count)]));
}

async function listSessions(
  db: Db,
  tenantId: string,
  userId: string | null,
  window: SessionWindow,
): Promise<readonly TeamSession[]> {
  if (userId !== null && !isUuid(userId)) return [];
  return holding(db, tenantId, window)
    .innerJoin('console_users', (join) =>
      join
        .onRef('console_users.tenant_id', '=', 'console_sessions.tenant_id')
        .onRef('console_users.id', '=', 'console_sessions.user_id'),
    )
    .select([
      'console_sessions.id',
      'console_users.id as userId',
      'console_users.display_name as displayName',
      'console_sessions.created_at as createdAt',
      'console_sessions.last_seen_at as lastSeenAt',
      'console_sessions.expires_at as expiresAt',
    ])
    .$if(userId !== null, (query) => query.where('console_users.id', '=', userId ?? ''))
    .orderBy('console_sessions.created_at', 'desc')
    .orderBy('console_sessions.id')
    .execute();
}

async function pinRole(
  trx: Transaction<Database>,
  tenantId: string,
  userId: string,
  pinned: PinnedRole | null,
  audit: AuditEntry,
): Promise<RoleOutcome> {
  await lockRoles(trx, tenantId);
  const known = await findMember(trx, tenantId, userId);
  if (known === undefined) return 'unknown';
  if (known.kind === 'local') return 'local';
  // Given back to the identity provider, the role stays until the next sign-in says otherwise.
  const role = pinned === null ? known.role : pinned === 'none' ? null : pinned;
  const losesOwner = known.role === 'owner' && role !== 'owner';
  if (losesOwner && (await countOtherOwners(trx, tenantId, userId)) === 0) return 'lastOwner';
  await trx
    .updateTable('console_users')
    .set({ role, pinned_role: pinned })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', userId)
    .execute();
  if (role === null) await endSessionsOf(trx, tenantId, userId, null);
  await appendAudit(trx, tenantId, { ...audit, data: { ...audit.data, role, previousRole: known.role } });
  return 'changed';
}

async function removeOwner(
  trx: Transaction<Database>,
  tenantId: string,
  userId: string,
  audit: AuditEntry,
): Promise<RemovalOutcome> {
  await lockRoles(trx, tenantId);
  const known = await findMember(trx, tenantId, userId);
  if (known === undefined) return 'unknown';
  if (known.kind !== 'local') return 'ofIdp';
  if ((await countOtherOwners(trx, tenantId, userId)) === 0) return 'lastOwner';
  await trx.deleteFrom('console_users').where('tenant_id', '=', tenantId).where('id', '=', userId).execute();
  await appendAudit(trx, tenantId, audit);
  return 'removed';
}

async function findMember(trx: Transaction<Database>, tenantId: string, userId: string) {
  if (!isUuid(userId)) return undefined;
  return trx
    .selectFrom('console_users')
    .select(['kind', 'role'])
    .where('tenant_id', '=', tenantId)
    .where('id', '=', userId)
    .executeTakeFirst();
}

async function endSessions(
  database: TenantDatabase,
  tenantId: string,
  which: Parameters<TeamStore['endSessions']>[1],
  audit: AuditEntry,
): Promise<number> {
  if (!isUuid('id' in which ? which.id : which.userId)) return 0;
  let count = 0;
  await audited(database, tenantId, audit, async (trx) => {
    count =
      'id' in which
        ? await endSession(trx, tenantId, which.id)
        : await endSessionsOf(trx, tenantId, which.userId, which.except);
    return count > 0;
  });
  return count;
}

async function endSession(trx: Transaction<Database>, tenantId: string, id: string): Promise<number> {
  const result = await trx
    .deleteFrom('console_sessions')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .where('user_id', 'is not', null)
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}

async function endSessionsOf(
  trx: Transaction<Database>,
  tenantId: string,
  userId: string,
  except: string | null,
): Promise<number> {
  const result = await trx
    .deleteFrom('console_sessions')
    .where('tenant_id', '=', tenantId)
    .where('user_id', '=', userId)
    .$if(except !== null, (query) => query.where(sql<boolean>`id is distinct from ${except}::uuid`))
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}
