import { sql, type RawBuilder } from 'kysely';
import type { DirectoryGroup, DirectorySnapshot } from '../../domain/directory.js';
import type { Resource } from '../../directory/resource.js';
import { toDirectoryUser } from '../../directory/subject.js';
import type { Db } from '../database.js';

/** Whom a snapshot is to hold: the people named, or everybody who matters. */
export type SnapshotScope = 'all' | { readonly subjectIds: readonly string[] };

interface SubjectRow {
  readonly id: string;
  readonly user_name: string;
  readonly active: boolean;
  readonly deleted: boolean;
  readonly resource: Resource;
  readonly group_ids: readonly string[];
}

interface GroupRow {
  readonly id: string;
  readonly display_name: string;
  readonly external_id: string | null;
}

/** Deleted people are of interest while they have a link, and this long in any case. */
const TOMBSTONE_DAYS = 30;

/**
 * The directory of one tenant as of one moment. Every group is in it; with `subjectIds`, the users are just those
 * named, however long ago they were deleted; with `all`, everybody who is not deleted, was deleted within the last
 * 30 days or still has a live link.
 */
export function readDirectorySnapshot(
  db: Db,
  tenantId: string,
  scope: SnapshotScope,
): Promise<DirectorySnapshot> {
  // Repeatable read: users, groups and memberships of one and the same moment.
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => ({
      tenantId,
      version: await readVersion(trx, tenantId),
      scope: scope === 'all' ? ('all' as const) : ('subjects' as const),
      users: await readSubjects(trx, tenantId, scope),
      groups: await readGroups(trx, tenantId),
    }));
}

async function readVersion(db: Db, tenantId: string): Promise<number> {
  const newest = (table: string): RawBuilder<unknown> =>
    sql`(select change_no from ${sql.table(table)} where tenant_id = ${tenantId}::uuid
      order by change_no desc limit 1)`;
  const { rows } = await sql<{ version: string }>`
    select coalesce(greatest(${newest('scim_users')}, ${newest('scim_groups')}), 0) as version`.execute(db);
  return Number(rows[0]?.version ?? 0);
}

async function readSubjects(
  db: Db,
  tenantId: string,
  scope: SnapshotScope,
): Promise<DirectorySnapshot['users']> {
  const { rows } = await sql<SubjectRow>`
    select id, user_name, active, deleted_at is not null as deleted, resource,
      array(select group_id::text from scim_memberships
        where scim_memberships.tenant_id = scim_users.tenant_id and user_id = scim_users.id
        order by group_id) as group_ids
    from scim_users where tenant_id = ${tenantId}::uuid and ${chosen(scope)}
    order by seq`.execute(db);
  return rows.map((row) =>
    toDirectoryUser({
      id: row.id,
      userName: row.user_name,
      resource: row.resource,
      active: row.active,
      deleted: row.deleted,
      groupIds: row.group_ids,
    }),
  );
}

function chosen(scope: SnapshotScope): RawBuilder<unknown> {
  if (scope !== 'all') return sql`id = any (${scope.subjectIds}::uuid[])`;
  return sql`(deleted_at is null
    or deleted_at > now() - make_interval(days => ${TOMBSTONE_DAYS}::int)
    or exists (select 1 from links where links.tenant_id = scim_users.tenant_id
      and links.subject_id = scim_users.id and links.ended_at is null))`;
}

async function readGroups(db: Db, tenantId: string): Promise<readonly DirectoryGroup[]> {
  const { rows } = await sql<GroupRow>`
    select id, display_name, external_id from scim_groups
    where tenant_id = ${tenantId}::uuid and deleted_at is null order by seq`.execute(db);
  return rows.map((row) => ({ id: row.id, displayName: row.display_name, externalId: row.external_id }));
}
