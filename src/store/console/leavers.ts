import { sql, type RawBuilder } from 'kysely';
import type { LeaverQuery, LeaverRow, LeaversView, LeaverStage } from '../../administration/leavers.js';
import { cutPage, decodeCursor, type Page } from '../../administration/page.js';
import type { Handover } from '../../domain/handover.js';
import type { EntitlementSet } from '../../domain/entitlement.js';
import { isUuid } from '../../lib/ids.js';
import type { Db, TenantDatabase } from '../database.js';
import { isMoment } from './cursor-parts.js';
import { displayName } from './display-name.js';

export function makeLeaversView(database: TenantDatabase): LeaversView {
  return {
    list: (tenantId, query) => listLeavers(database.forTenant(tenantId), tenantId, query),
    async find(tenantId, linkId) {
      if (!isUuid(linkId)) return null;
      const db = database.forTenant(tenantId);
      const { rows } = await select(
        tenantId,
        sql`select l.*, l.ended_at as moment from links l
        where l.tenant_id = ${tenantId}::uuid and l.id = ${linkId}::uuid
          and l.state in ('parked', 'deleting', 'deleted')`,
        sql`asc`,
      ).execute(db);
      const [row] = rows;
      return row === undefined ? null : toLeaver(row);
    },
  };
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
  readonly deletion_id: string | null;
  readonly hold_reason: string | null;
  readonly last_error: string | null;
  readonly handover: Handover | null;
  readonly has_manifest: boolean | null;
  readonly is_clean: boolean | null;
  readonly plan_id: string | null;
  readonly digest: string | null;
  readonly legal_reason: string | null;
  readonly legal_until: Date | null;
  readonly legal_by: string | null;
  /** int8: arrive as text. null: nothing is archived. */
  readonly stored: string | null;
  readonly open: string | null;
  readonly missing: string | null;
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
  const links = sql`select l.*, ${moment} as moment from links l where ${sql.join(conditions, sql` and `)}
      order by ${moment} ${direction}, l.id ${direction} limit ${query.limit + 1}`;
  const { rows } = await select(tenantId, links, direction).execute(db);
  const page = cutPage(rows, query.limit, (row) => [row.sort_key, row.link_id]);
  return { rows: page.rows.map(toLeaver), next: page.next };
}

function select(tenantId: string, links: RawBuilder<unknown>, direction: RawBuilder<unknown>) {
  return sql<Row>`
    with page as (${links})
    select l.id as link_id, l.subject_id, ${displayName('u')} as display_name, l.email, l.account_id,
      a.name as account, l.parked_at, l.delete_due_at, l.ended_at, l.held_at_park,
      d.id as deletion_id, d.hold_reason, d.last_error, d.handover,
      d.manifest_hash is not null as has_manifest, (d.certificate ->> 'isClean')::boolean as is_clean,
      case when l.state = 'parked' and d.state = 'held' then 'held'
        when l.state = 'parked' and l.delete_due_at <= clock_timestamp() then 'due'
        when d.state = 'verified' then 'verified' else l.state end as stage,
      p.id as plan_id, p.digest, h.reason as legal_reason, h.until as legal_until, h.created_by as legal_by,
      o.stored, o.open, o.missing, l.moment::text as sort_key
    from page l
    join accounts a on a.tenant_id = ${tenantId}::uuid and a.id = l.account_id
    left join scim_users u on u.tenant_id = ${tenantId}::uuid and u.id = l.subject_id
    left join lateral (select * from deletions x where x.tenant_id = ${tenantId}::uuid and x.link_id = l.id
      and x.state <> 'restored' order by x.created_at desc limit 1) d on true
    left join plans p on p.tenant_id = ${tenantId}::uuid and p.id = d.plan_id and p.state = 'held'
      and d.state = 'held'
    left join legal_holds h on h.tenant_id = ${tenantId}::uuid and h.subject_id = l.subject_id
      and h.released_at is null and (h.until is null or h.until > clock_timestamp())
    left join lateral (select count(*) filter (where state = 'stored') as stored,
        count(*) filter (where state in ('pending', 'missing')) as open,
        count(*) filter (where state = 'missing') as missing
      from archive_objects x where x.tenant_id = ${tenantId}::uuid and x.deletion_id = d.id
      having count(*) > 0) o on true
    order by l.moment ${direction}, l.id ${direction}`;
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
    deletionId: row.deletion_id,
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
    waitsFor: row.stage === 'held' ? null : row.last_error,
    approval:
      row.plan_id === null || row.digest === null ? null : { planId: row.plan_id, digest: row.digest },
    legalHold:
      row.legal_reason === null
        ? null
        : { reason: row.legal_reason, until: row.legal_until, setBy: row.legal_by ?? '' },
    linesWithoutAnyone: (row.handover?.lines ?? []).map(({ number }) => number),
    hasManifest: row.has_manifest === true,
    isClean: row.is_clean,
    archive:
      row.stored === null
        ? null
        : { stored: Number(row.stored), open: Number(row.open), missing: Number(row.missing) },
    held: row.held_at_park,
  };
}
