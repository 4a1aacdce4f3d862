import { foldCase } from '../../directory/case-fold.js';
import type { JitStore } from '../../directory/jit.js';
import type { TenantDatabase } from '../database.js';

/** What sign-ins brought into the directory. */
export function makeJitStore(database: TenantDatabase): JitStore {
  return {
    findPerson: (tenantId, names) => findPerson(database, tenantId, names.map(foldCase)),
    async findGroup(tenantId, displayName) {
      const row = await database
        .forTenant(tenantId)
        .selectFrom('scim_groups')
        .select('id')
        .where('tenant_id', '=', tenantId)
        .where('display_name_key', '=', foldCase(displayName))
        .where('deleted_at', 'is', null)
        .executeTakeFirst();
      return row?.id ?? null;
    },
    listPushed: (tenantId, userId, groupIds) => listPushed(database, tenantId, userId, groupIds),
    async remember(tenantId, userId, groupIds, validUntil) {
      if (groupIds.length === 0) return;
      const row = { tenant_id: tenantId, user_id: userId, valid_until: validUntil };
      await database
        .forTenant(tenantId)
        .insertInto('jit_memberships')
        .values(groupIds.map((groupId) => ({ ...row, group_id: groupId })))
        .onConflict((conflict) =>
          conflict.columns(['tenant_id', 'group_id', 'user_id']).doUpdateSet({ valid_until: validUntil }),
        )
        .execute();
    },
    async listExpired(now, limit) {
      const rows = await database
        .system()
        .selectFrom('jit_memberships')
        .select(['tenant_id', 'group_id', 'user_id'])
        .where('valid_until', '<=', now)
        .orderBy('valid_until')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ tenantId: row.tenant_id, groupId: row.group_id, userId: row.user_id }));
    },
  };
}

async function findPerson(
  database: TenantDatabase,
  tenantId: string,
  keys: readonly string[],
): Promise<string | null> {
  const db = database.forTenant(tenantId);
  const byName = await db
    .selectFrom('scim_users')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('user_name_key', 'in', keys)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  if (byName !== undefined) return byName.id;
  const byEmail = await db
    .selectFrom('scim_user_emails as e')
    .innerJoin('scim_users as u', (join) =>
      join.onRef('u.tenant_id', '=', 'e.tenant_id').onRef('u.id', '=', 'e.user_id'),
    )
    .select('u.id')
    .where('e.tenant_id', '=', tenantId)
    .where('e.value_key', 'in', keys)
    .where('u.deleted_at', 'is', null)
    .executeTakeFirst();
  return byEmail?.id ?? null;
}

async function listPushed(
  database: TenantDatabase,
  tenantId: string,
  userId: string,
  groupIds: readonly string[],
): Promise<readonly string[]> {
  if (groupIds.length === 0) return [];
  const rows = await database
    .forTenant(tenantId)
    .selectFrom('scim_memberships as m')
    .leftJoin('jit_memberships as j', (join) =>
      join
        .onRef('j.tenant_id', '=', 'm.tenant_id')
        .onRef('j.group_id', '=', 'm.group_id')
        .onRef('j.user_id', '=', 'm.user_id'),
    )
    .select('m.group_id')
    .where('m.tenant_id', '=', tenantId)
    .where('m.user_id', '=', userId)
    .where('m.group_id', 'in', groupIds)
    .where('j.user_id', 'is', null)
    .execute();
  return rows.map((row) => row.group_id);
}
