import { sql, type RawBuilder } from 'kysely';
import { isUuid } from '../../lib/ids.js';
import { cutPage, decodeCursor, type Page } from '../../administration/page.js';
import type { PeopleFilter, PeopleQuery, PersonRow } from '../../administration/people.js';
import type { LinkState } from '../../domain/state.js';
import type { Db } from '../database.js';
import { displayName } from './display-name.js';
import { likePattern } from './like.js';

interface Row {
  readonly id: string;
  readonly people_key: string;
  readonly display_name: string;
  readonly user_name: string;
  readonly active: boolean;
  readonly is_deleted: boolean;
  readonly agents: readonly { readonly account: string; readonly state: LinkState }[] | null;
  readonly is_waiting: boolean;
}

/** One page of people by name. Search and sort read a narrow index; the wide rows are fetched for the page only. */
export async function listPeople(db: Db, tenantId: string, query: PeopleQuery): Promise<Page<PersonRow>> {
  const { rows } = await sql<Row>`
    with page as (
      select id, people_key from scim_users u
      where ${sql.join([...scope(tenantId, query), ...afterCursor(query.after)], sql` and `)}
      order by people_key, id limit ${query.limit + 1}
    )
    select u.id, page.people_key, ${displayName('u')} as display_name, u.user_name, u.active,
      u.deleted_at is not null as is_deleted,
      (select json_agg(json_build_object('account', a.name, 'state', l.state) order by a.name)
        from links l join accounts a on a.tenant_id = l.tenant_id and a.id = l.account_id
        where l.tenant_id = u.tenant_id and l.subject_id = u.id and l.ended_at is null) as agents,
      exists (select 1 from accounts a
        join dirty_subjects d on d.tenant_id = a.tenant_id and d.account_id = a.id and d.subject_id = u.id
        where a.tenant_id = u.tenant_id and d.held_plan_id is null) as is_waiting
    from page join scim_users u on u.tenant_id = ${tenantId}::uuid and u.id = page.id
    order by page.people_key, page.id`.execute(db);
  const page = cutPage(rows, query.limit, (row) => [row.people_key, row.id]);
  return { rows: page.rows.map(toPerson), next: page.next };
}

function toPerson(row: Row): PersonRow {
  return {
    id: row.id,
    displayName: row.display_name,
    userName: row.user_name,
    status: row.is_deleted ? 'deleted' : row.active ? 'active' : 'inactive',
    agents: row.agents ?? [],
    isWaiting: row.is_waiting,
  };
}

function scope(tenantId: string, query: PeopleQuery): readonly RawBuilder<unknown>[] {
  const isDeleted = query.filter === 'deleted';
  return [
    sql`u.tenant_id = ${tenantId}::uuid`,
    isDeleted ? sql`u.deleted_at is not null` : sql`u.deleted_at is null`,
    ...(query.filter === null ? [] : filterCondition(tenantId, query.filter)),
    ...(query.groupId === null ? [] : [inGroup(tenantId, query.groupId)]),
    ...searchWords(query.search).map((word) => sql`u.people_key like '%' || patchbay_fold(${word}) || '%'`),
  ];
}

function filterCondition(tenantId: string, filter: PeopleFilter): readonly RawBuilder<unknown>[] {
  switch (filter) {
    case 'active':
      return [sql`u.active`];
    case 'inactive':
      return [sql`not u.active`];
    case 'deleted':
      return [];
    case 'parked':
      return [
        sql`u.id in (select subject_id from links where tenant_id = ${tenantId}::uuid and state in ('parked', 'deleting'))`,
      ];
    case 'waiting':
      return [marked(tenantId, sql`held_plan_id is null`)];
    case 'failing':
      return [marked(tenantId, sql`last_error is not null`)];
  }
}

function marked(tenantId: string, condition: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`u.id in (select subject_id from dirty_subjects where tenant_id = ${tenantId}::uuid and ${condition})`;
}

function inGroup(tenantId: string, groupId: string): RawBuilder<unknown> {
  if (!isUuid(groupId)) return sql`false`;
  return sql`exists (select 1 from scim_memberships m
    where m.tenant_id = ${tenantId}::uuid and m.group_id = ${groupId}::uuid and m.user_id = u.id)`;
}

const WORDS_MAX = 5;

export function searchWords(search: string): readonly string[] {
  const words = search.split(/[\s\0]+/).filter((word) => word !== '');
  return words.slice(0, WORDS_MAX).map(likePattern);
}

export function afterCursor(after: string | null): readonly RawBuilder<unknown>[] {
  if (after === null) return [];
  const [key, id] = decodeCursor(after, [() => true, isUuid]);
  return [sql`(u.people_key, u.id) > (${key}, ${id}::uuid)`];
}
