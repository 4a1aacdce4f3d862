import { sql } from 'kysely';
import type { AuditFilter, AuditRow, AuditView } from '../../administration/audit.js';
import { cutPage, decodeCursor, type Page, type PageRequest } from '../../administration/page.js';
import type { Db, TenantDatabase } from '../database.js';
import { isMoment } from './cursor-parts.js';
import { displayName } from './display-name.js';

/** The audit trail as people read it. */
export function makeAuditView(database: TenantDatabase): AuditView {
  return {
    list: (tenantId, query) => listEvents(database.forTenant(tenantId), tenantId, query),
    actions: (tenantId) => listActions(database.forTenant(tenantId), tenantId),
  };
}

async function listEvents(
  db: Db,
  tenantId: string,
  query: AuditFilter & PageRequest,
): Promise<Page<AuditRow>> {
  const rows = await selectEvents(db, tenantId, query)
    .limit(query.limit + 1)
    .execute();
  const page = cutPage(rows, query.limit, ({ atKey, id }) => [atKey, id]);
  return { rows: page.rows.map(({ atKey: _atKey, ...row }) => row), next: page.next };
}

/** Looked up for the rows of the page only. */
function personName() {
  return sql<string | null>`(select ${displayName('u')} from scim_users u
    where u.tenant_id = audit_events.tenant_id
      and u.id = case when target_type in ('User', 'subject') and target_id ~ '^[0-9a-f-]{36}$' then target_id::uuid end)`;
}

function selectEvents(db: Db, tenantId: string, query: AuditFilter & PageRequest) {
  let events = db
    .selectFrom('audit_events')
    .select([
      'id',
      'at',
      'actor',
      'action',
      'target_type as targetType',
      'target_id as targetId',
      personName().as('targetName'),
      'correlation_id as correlationId',
      'data',
      'chain_no as chainNo',
      sql<string>`at::text`.as('atKey'),
    ])
    .where('tenant_id', '=', tenantId)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc');
  if (query.actor !== null) events = events.where('actor', '=', query.actor);
  if (query.action !== null) events = events.where('action', '=', query.action);
  if (query.target !== null) {
    events = events.where('target_type', '=', query.target.type).where('target_id', '=', query.target.id);
  }
  if (query.from !== null) events = events.where('at', '>=', query.from);
  if (query.until !== null) events = events.where('at', '<', query.until);
  if (query.after === null) return events;
  const [at, id] = decodeCursor(query.after, [isMoment, (part) => /^\d{1,18}$/.test(part)]);
  return events.where(sql<boolean>`(at, id) < (${at}::timestamptz, ${id}::bigint)`);
}

/** Distinct actions by hopping through the index, not by reading every event. */
async function listActions(db: Db, tenantId: string): Promise<readonly string[]> {
  const next = (after: ReturnType<typeof sql>) => sql`(select action from audit_events
    where tenant_id = ${tenantId}::uuid and action > ${after} order by action limit 1)`;
  const { rows } = await sql<{ action: string }>`
    with recursive hop as (
      select ${next(sql`''`)} as action
      union all select ${next(sql`hop.action`)} from hop where hop.action is not null
    ) select action from hop where action is not null`.execute(db);
  return rows.map(({ action }) => action);
}
