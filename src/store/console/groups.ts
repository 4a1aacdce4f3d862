import { sql } from 'kysely';
import { cutPage, decodeCursor, type Page, type PageRequest } from '../../administration/page.js';
import type { GroupRow } from '../../administration/people.js';
import type { DirectoryGroup } from '../../domain/directory.js';
import { isUuid } from '../../lib/ids.js';
import type { Db } from '../database.js';
import { likePattern } from './like.js';

/** Every group of the tenant. */
export async function listGroupNames(db: Db, tenantId: string): Promise<readonly DirectoryGroup[]> {
  return db
    .selectFrom('scim_groups')
    .select(['id', 'display_name as displayName', 'external_id as externalId'])
    .where('tenant_id', '=', tenantId)
    .where('deleted_at', 'is', null)
    .orderBy('seq')
    .execute();
}

interface Row {
  readonly id: string;
  readonly display_name: string;
  readonly display_name_key: string;
  readonly external_id: string | null;
  readonly members: string;
}

/** One page of groups by name. Members are counted for the page only. */
export async function listGroups(
  db: Db,
  tenantId: string,
  query: PageRequest & { readonly search: string },
): Promise<Page<GroupRow>> {
  const search = query.search.trim();
  const conditions = [
    sql`tenant_id = ${tenantId}::uuid and deleted_at is null`,
    ...(search === ''
      ? []
      : [sql`display_name_key like '%' || patchbay_fold(${likePattern(search)}) || '%'`]),
    ...afterCursor(query.after),
  ];
  const { rows } = await sql<Row>`
    with page as (select id, display_name, display_name_key, external_id from scim_groups
      where ${sql.join(conditions, sql` and `)} order by display_name_key collate "und-x-icu", id limit ${query.limit + 1})
    select page.*, (select count(*) from scim_memberships m
      where m.tenant_id = ${tenantId}::uuid and m.group_id = page.id) as members
    from page order by display_name_key collate "und-x-icu", id`.execute(db);
  const page = cutPage(rows, query.limit, (row) => [row.display_name_key, row.id]);
  return {
    rows: page.rows.map((row) => ({
      id: row.id,
      displayName: row.display_name,
      externalId: row.external_id,
      members: Number(row.members),
    })),
    next: page.next,
  };
}

function afterCursor(after: string | null) {
  if (after === null) return [];
  const [key, id] = decodeCursor(after, [() => true, isUuid]);
  return [sql`(display_name_key collate "und-x-icu", id) > (${key}, ${id}::uuid)`];
}
