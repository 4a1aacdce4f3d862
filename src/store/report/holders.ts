import { sql, type RawBuilder } from 'kysely';
import { cutPage, type Page } from '../../administration/page.js';
import type { HolderQuery } from '../../report/history/auditor.js';
import type { NamedPerson } from '../../report/history/rows.js';
import { displayName } from '../console/display-name.js';
import { afterCursor, searchWords } from '../console/people-list.js';
import type { TenantDatabase } from '../database.js';

interface Row {
  readonly id: string;
  readonly people_key: string;
  readonly name: string;
  readonly user_name: string;
}

/** Whoever has or had an agent somewhere, by name; those who were deleted from the directory as well. */
export async function listHolders(
  database: TenantDatabase,
  tenantId: string,
  { search, after, limit }: HolderQuery,
): Promise<Page<NamedPerson>> {
  const conditions = sql.join(
    [
      sql`u.tenant_id = ${tenantId}::uuid`,
      sql`exists (select 1 from links l where l.tenant_id = u.tenant_id and l.subject_id = u.id)`,
      ...searchWords(search).map((word) => sql`u.people_key like '%' || patchbay_fold(${word}) || '%'`),
      ...afterCursor(after),
    ],
    sql` and `,
  );
  // The living and the deleted have an index each, and each is read only as far as the page goes.
  const part = (isDeleted: RawBuilder<unknown>): RawBuilder<unknown> => sql`
    (select u.id, u.people_key from scim_users u where u.deleted_at ${isDeleted} and ${conditions}
      order by u.people_key, u.id limit ${limit + 1})`;
  const { rows } = await sql<Row>`
    with page as (
      select id, people_key from (${part(sql`is null`)} union all ${part(sql`is not null`)}) parts
      order by people_key, id limit ${limit + 1}
    )
    select u.id, page.people_key, ${displayName('u')} as name, u.user_name
    from page join scim_users u on u.tenant_id = ${tenantId}::uuid and u.id = page.id
    order by page.people_key, page.id`.execute(database.forTenant(tenantId));
  const page = cutPage(rows, limit, (row) => [row.people_key, row.id]);
  return {
    rows: page.rows.map(({ id, name, user_name: userName }) => ({ id, name, userName })),
    next: page.next,
  };
}
