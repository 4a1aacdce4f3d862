import { sql, type RawBuilder } from 'kysely';
import { cutPage, decodeCursor, type Page, type PageRequest } from '../../administration/page.js';
import type { AnnouncedObject, Removal, RemovalsView } from '../../administration/removals.js';
import type { ExpiredObject } from '../../deprovision/purge-ports.js';
import { isUuid } from '../../lib/ids.js';
import type { Db, TenantDatabase } from '../database.js';
import { isMoment } from './cursor-parts.js';

export function makeRemovalsView(database: TenantDatabase): RemovalsView {
  return {
    list: (tenantId, request) => listRemovals(database.forTenant(tenantId), tenantId, request),
    async find(tenantId, id) {
      if (!isUuid(id)) return null;
      const { rows } = await select(tenantId, sql`and p.id = ${id}::uuid`, 1).execute(
        database.forTenant(tenantId),
      );
      return rows[0] === undefined ? null : toRemoval(rows[0]);
    },
    async objects(tenantId, id, request) {
      if (!isUuid(id)) return { rows: [], next: null };
      return listObjects(database.forTenant(tenantId), { tenantId, id }, request);
    },
  };
}

interface RemovalRow {
  readonly id: string;
  readonly account: string;
  readonly state: Removal['state'];
  readonly object_count: number;
  /** int8: arrives as text. */
  readonly bytes: string;
  readonly result: Removal['result'];
  readonly announced_at: Date;
  readonly due_at: Date;
  readonly finished_at: Date | null;
  readonly sort_key: string;
}

function select(tenantId: string, condition: RawBuilder<unknown>, limit: number) {
  return sql<RemovalRow>`
    select p.id, a.name as account, p.state, p.object_count, p.bytes, p.result, p.announced_at, p.due_at,
      p.finished_at, p.announced_at::text as sort_key
    from retention_purges p join accounts a on a.tenant_id = p.tenant_id and a.id = p.account_id
    where p.tenant_id = ${tenantId}::uuid ${condition}
    order by p.announced_at desc, p.id desc limit ${limit}`;
}

async function listRemovals(db: Db, tenantId: string, { after, limit }: PageRequest): Promise<Page<Removal>> {
  const { rows } = await select(tenantId, olderThan(after), limit + 1).execute(db);
  const page = cutPage(rows, limit, (row) => [row.sort_key, row.id]);
  return { rows: page.rows.map(toRemoval), next: page.next };
}

function olderThan(after: string | null): RawBuilder<unknown> {
  if (after === null) return sql``;
  const [at, id] = decodeCursor(after, [isMoment, isUuid]);
  return sql`and (p.announced_at, p.id) < (${at}::timestamptz, ${id}::uuid)`;
}

interface ObjectRow {
  readonly position: number;
  readonly object: ExpiredObject;
  readonly email: string;
  readonly subject_id: string;
  readonly state: string;
  readonly is_held: boolean;
}

async function listObjects(
  db: Db,
  { tenantId, id }: { readonly tenantId: string; readonly id: string },
  { after, limit }: PageRequest,
): Promise<Page<AnnouncedObject>> {
  const [from = '0'] = after === null ? [] : decodeCursor(after, [(part) => /^\d{1,9}$/.test(part)]);
  const { rows } = await sql<ObjectRow>`
    select one.position::int as position, one.object, l.email, d.subject_id, coalesce(o.state, 'removed') as state,
      exists (select 1 from legal_holds h where h.tenant_id = d.tenant_id and h.subject_id = d.subject_id
        and h.released_at is null and (h.until is null or h.until > clock_timestamp())) as is_held
    from retention_purges p
    cross join lateral jsonb_array_elements(p.objects) with ordinality as one (object, position)
    join deletions d on d.tenant_id = p.tenant_id and d.id = (one.object ->> 'deletionId')::uuid
    join links l on l.tenant_id = d.tenant_id and l.id = d.link_id
    left join archive_objects o on o.tenant_id = d.tenant_id and o.deletion_id = d.id
      and o.call_id = one.object ->> 'callId' and o.kind = one.object ->> 'kind'
    where p.tenant_id = ${tenantId}::uuid and p.id = ${id}::uuid and one.position > ${Number(from)}
    order by one.position limit ${limit + 1}`.execute(db);
  const page = cutPage(rows, limit, ({ position }) => [String(position)]);
  return { rows: page.rows.map(toObject), next: page.next };
}

function toObject({ object, email, subject_id, state, is_held }: ObjectRow): AnnouncedObject {
  return { ...object, email, personId: subject_id, state, isHeld: is_held };
}

function toRemoval(row: RemovalRow): Removal {
  return {
    id: row.id,
    account: row.account,
    state: row.state,
    count: row.object_count,
    bytes: Number(row.bytes),
    result: row.result,
    announcedAt: row.announced_at,
    dueAt: row.due_at,
    finishedAt: row.finished_at,
  };
}
