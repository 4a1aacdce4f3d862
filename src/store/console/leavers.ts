import { sql, type RawBuilder } from 'kysely';
import type { LeaverQuery, LeaverRow, LeaversView, LeaverStage } from '../../administration/leavers.js';
import { cutPage, decodeCursor, type Page } from '../../administration/page.js';
import type { EntitlementSet } from '../../domain/entitlement.js';
import { isUuid } from '../../lib/ids.js';
import type { Db, TenantDatabase } from '../database.js';
import { isMoment } from './cursor-parts.js';
import { displayName } from './display-name.js';

export function makeLeaversView(database: TenantDatabase): LeaversView {
  return { list: (tenantId, query) => listLeavers(database.forTenant(tenantId), tenantId, query) };
}

interface Row {
  readonly link_id: string;
  readonly subject_id: string;
  readonly display_name: string | null;
  readonly email: string;
  readonly account_id: string;
  readonly account: string;
  readonly stage: LeaverStage;
  readonly parked_at: Date | null;
  readonly delete_due_at: Date | null;
  readonly ended_at: Date | null;
  readonly hold_reason: string | null;
  readonly held_at_park: EntitlementSet | null;
  readonly sort_key: string;
}

/** Whoever is on the way out, the next to be deleted first; or those whose deletion is done, the last one first. */
export async function listLeavers(db: Db, tenantId: string, query: LeaverQuery): Promise<Page<LeaverRow>> {
  const isLeaving = query.view === 'leaving';
  const moment = isLeaving ? sql`coalesce(l.delete_due_at, 'infinity')` : sql`l.ended_at`;
  const direction = isLeaving ? sql`asc` : sql`desc`;
  const conditions = [
    sql`l.tenant_id = ${tenantId}::uuid`,
    isLeaving ? sql`l.state in ('parked', 'deleting')` : sql`l.state = 'deleted' and l.ended_at is not null`,
    ...(query.accountId === null ? [] : [sql`l.account_id = ${query.accountId}::uuid`]),
    ...afterCursor(query.after, moment, isLeaving),
  ];
  const { rows } = await sql<Row>`
    with page as (
      select l.*, ${moment} as moment from links l where ${sql.join(conditions, sql` and `)}
      order by ${moment} ${direction}, l.id ${direction} limit ${query.limit + 1}
    )
    select l.id as link_id, l.subject_id, ${displayName('u')} as display_name, l.email, l.account_id,
      a.name as account, l.parked_at, l.delete_due_at, l.ended_at, d.hold_reason, l.held_at_park,
      case when l.state = 'parked' and d.state = 'held' then 'held' else l.state end as stage,
      l.moment::text as sort_key
    from page l
    join accounts a on a.tenant_id = ${tenantId}::uuid and a.id = l.account_id
    left join scim_users u on u.tenant_id = ${tenantId}::uuid and u.id = l.subject_id
    left join deletions d on d.tenant_id = ${tenantId}::uuid and d.link_id = l.id
      and d.state not in ('cancelled', 'restored')
    order by l.moment ${direction}, l.id ${direction}`.execute(db);
  const page = cutPage(rows, query.limit, (row) => [row.sort_key, row.link_id]);
  return { rows: page.rows.map(toLeaver), next: page.next };
}

function afterCursor(
  after: string | null,
  moment: RawBuilder<unknown>,
  isAscending: boolean,
): readonly RawBuilder<unknown>[] {
  if (after === null) return [];
  const [at, id] = decodeCursor(after, [isMoment, isUuid]);
  return [sql`(${moment}, l.id) ${isAscending ? sql`>` : sql`<`} (${at}::timestamptz, ${id}::uuid)`];
}

function toLeaver(row: Row): LeaverRow {
  return {
    linkId: row.link_id,
    personId: row.subject_id,
    displayName: row.display_name ?? row.email,
    email: row.email,
    accountId: row.account_id,
    account: row.account,
    stage: row.stage,
    parkedAt: row.parked_at,
    dueAt: row.delete_due_at,
    deletedAt: row.ended_at,
    holdReason: row.hold_reason,
    held: row.held_at_park,
  };
}
