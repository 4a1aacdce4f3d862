import { sql } from 'kysely';
import type { EverybodyQuery, TextPage } from '../../directory/ports.js';
import { jsonPrefix } from '../../lib/json-prefix.js';
import type { Db } from '../database.js';
import { PREPARED } from '../prepared.js';
import { totalCount } from './counts.js';
import { pageOf } from './pages.js';
import { groupsOfUsers } from './references.js';

/**
 * A page of everybody as one text. Put together by Postgres out of texts that are ready: to take a hundred people
 * apart, carry them over and print them again costs both sides several times as much.
 */
export async function listEverybody(
  db: Db,
  tenantId: string,
  { offset, limit, baseUrl }: EverybodyQuery,
): Promise<TextPage> {
  const total = totalCount(tenantId, 'User');
  const window = { by: 'index', offset, limit } as const;
  const query = { filter: null, sort: null, window, refBase: baseUrl };
  const matching = sql`scim_users.tenant_id = ${tenantId}::uuid and scim_users.deleted_at is null`;
  const page = pageOf({ type: 'User', tenantId, query, matching, total });
  const groups = groupsOfUsers(tenantId, baseUrl, sql`array(select id from people)`);
  const { rows } = await sql<{ text: string | null; count: number; total: string }>`${PREPARED}
    with people as materialized (
      select scim_users.id, scim_users.seq, scim_users.wire, scim_users.meta from scim_users ${page}),
    groups as (${groups})
    select string_agg(concat(people.wire, people.meta, ${jsonPrefix(`${baseUrl}/Users/`)}::text, people.id,
        '"},"groups":[', groups.refs, ']}'), ',' order by people.seq) as text,
      count(people.id)::int as count, ${total} as total
    from people left join groups on groups.user_id = people.id`.execute(db);
  const [row] = rows;
  return { total: Number(row?.total ?? 0), count: row?.count ?? 0, text: row?.text ?? '' };
}
