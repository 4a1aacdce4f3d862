import { sql, type RawBuilder, type Selectable } from 'kysely';
import type { Finding, FindingClass, FindingSeverity } from '../../domain/findings/finding.js';
import { isUuid } from '../../lib/ids.js';
import type { ComparisonSource, FindingQuery, FindingStore, StoredFinding } from '../../report/ports.js';
import type { TenantDatabase } from '../database.js';
import { likePattern } from '../console/like.js';
import { changeFinding } from './change-finding.js';
import { recordRun } from './record.js';
import { reportDb, withReportTables, type FindingsTable } from './tables.js';

/** Findings in Postgres. */
export function makeFindingStore(database: TenantDatabase): FindingStore {
  return {
    record: (source, run) =>
      database
        .forTenant(source.tenantId)
        .transaction()
        .execute((trx) => recordRun(withReportTables(trx), source, run)),
    async find(tenantId, findingId) {
      if (!isUuid(findingId)) return null;
      const row = await reportDb(database, tenantId)
        .selectFrom('findings')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('id', '=', findingId)
        .executeTakeFirst();
      return row === undefined ? null : toStored(row);
    },
    async list(tenantId, query, now) {
      const { rows } = await sql<Selectable<FindingsTable>>`
        select * from findings where ${matches(tenantId, query, now)}
        order by ${orderOf(query)} limit ${query.limit} offset ${query.offset ?? 0}`.execute(
        reportDb(database, tenantId),
      );
      return rows.map(toStored);
    },
    async count(tenantId, query, now) {
      const { rows } = await sql<{ class: FindingClass; severity: FindingSeverity; count: string }>`
        select class, severity, count(*) as count from findings where ${matches(tenantId, query, now)}
        group by class, severity order by ${GRAVEST_FIRST}, class`.execute(reportDb(database, tenantId));
      return rows.map((row) => ({ ...row, count: Number(row.count) }));
    },
    change: (tenantId, findingId, change, audit) =>
      database
        .forTenant(tenantId)
        .transaction()
        .execute((trx) => changeFinding(withReportTables(trx), tenantId, findingId, change, audit)),
    async decisions({ tenantId, type, id }) {
      const rows = await reportDb(database, tenantId)
        .selectFrom('findings')
        .select(['key', 'decision', 'body'])
        .where('tenant_id', '=', tenantId)
        .where('source_type', '=', type)
        .where('source_id', '=', id)
        .where('resolved_at', 'is', null)
        .where('decision', 'is not', null)
        .execute();
      return rows.flatMap(({ key, decision, body }) =>
        decision === null ? [] : [{ key, type: decision, found: (body as Finding).evidence.found }],
      );
    },
    async prune(tenantId, before) {
      const db = reportDb(database, tenantId);
      await db
        .deleteFrom('findings')
        .where('tenant_id', '=', tenantId)
        .where('resolved_at', '<', before)
        .execute();
      await db
        .deleteFrom('comparison_runs')
        .where('tenant_id', '=', tenantId)
        .where('finished_at', '<', before)
        .execute();
    },
  };
}

const GRAVEST_FIRST = sql`array_position(array['critical', 'warning', 'info'], severity)`;

function orderOf({ state }: FindingQuery): RawBuilder<unknown> {
  return state === 'resolved' ? sql`resolved_at desc, id` : sql`${GRAVEST_FIRST}, class, opened_at, id`;
}

function matches(
  tenantId: string,
  query: Omit<FindingQuery, 'limit' | 'offset'>,
  now: Date,
): RawBuilder<unknown> {
  const conditions = [sql`tenant_id = ${tenantId}::uuid`, ...stateConditions(query.state, now)];
  const { source } = query;
  if (source !== undefined) {
    conditions.push(sql`source_type = ${source.type} and source_id = ${source.id}::uuid`);
  }
  if (query.class !== undefined) conditions.push(sql`class = ${query.class}`);
  if (query.severity !== undefined) conditions.push(sql`severity = ${query.severity}`);
  if (query.assignee !== undefined) conditions.push(sql`assignee = ${query.assignee}`);
  if (query.text !== undefined) {
    const pattern = `%${likePattern(query.text)}%`;
    conditions.push(sql`(about ilike ${pattern} or body #>> '{words,title}' ilike ${pattern})`);
  }
  if (query.resolvedSince !== undefined) conditions.push(sql`resolved_at >= ${query.resolvedSince}`);
  if (query.subjectId !== undefined) {
    conditions.push(isUuid(query.subjectId) ? sql`subject_id = ${query.subjectId}::uuid` : sql`false`);
  }
  return sql.join(conditions, sql` and `);
}

function stateConditions(state: FindingQuery['state'], now: Date): readonly RawBuilder<unknown>[] {
  const isIgnored = sql`coalesce(ignored_until > ${now}, false)`;
  switch (state) {
    case undefined:
      return [];
    case 'resolved':
      return [sql`resolved_at is not null`];
    case 'accepted':
      return [sql`resolved_at is null and decision = 'accept'`];
    case 'ignored':
      return [sql`resolved_at is null and decision is distinct from 'accept' and ${isIgnored}`];
    case 'open':
      return [sql`resolved_at is null and decision is distinct from 'accept' and not ${isIgnored}`];
  }
}

function toStored(row: Selectable<FindingsTable>): StoredFinding {
  const source: ComparisonSource = { tenantId: row.tenant_id, type: row.source_type, id: row.source_id };
  return {
    id: row.id,
    source,
    finding: {
      ...(row.body as Pick<Finding, 'words' | 'evidence' | 'fixedBy'>),
      key: row.key,
      class: row.class as FindingClass,
      severity: row.severity as FindingSeverity,
      subjectId: row.subject_id,
      providerUserId: row.provider_user_id,
      about: row.about,
    },
    firstSeenAt: row.first_seen_at,
    openedAt: row.opened_at,
    lastSeenAt: row.last_seen_at,
    occurrences: row.occurrences,
    resolvedAt: row.resolved_at,
    decision:
      row.decision === null || row.decided_at === null
        ? null
        : { type: row.decision, by: row.decided_by ?? '', at: row.decided_at },
    ignored:
      row.ignored_until === null
        ? null
        : {
            until: row.ignored_until instanceof Date ? row.ignored_until : null,
            reason: row.ignore_reason ?? '',
            by: row.ignored_by ?? '',
          },
    assignee: row.assignee,
    dueAt: row.due_at,
  };
}
