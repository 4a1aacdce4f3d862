import { sql } from 'kysely';
import { cutPage, decodeCursor } from '../../administration/page.js';
import { isUuid } from '../../lib/ids.js';
import { reportSchema, type Report } from '../../report/model/report.js';
import type { ListedReport, ReportStore } from '../../report/reporting/ports.js';
import { appendAudit } from '../audit.js';
import { isIsoMoment } from '../console/cursor-parts.js';
import type { TenantDatabase } from '../database.js';
import { reportDb, withReportTables } from './tables.js';

/** Reports as they were made, in Postgres. */
export function makeReportStore(database: TenantDatabase): ReportStore {
  return {
    save: (tenantId, report, { actor }) =>
      database
        .forTenant(tenantId)
        .transaction()
        .execute(async (trx) => {
          const at = new Date(report.createdAt);
          await withReportTables(trx)
            .insertInto('reports')
            .values({
              tenant_id: tenantId,
              id: report.id,
              created_at: at,
              period_from: new Date(report.period.from),
              period_to: new Date(report.period.to),
              model: JSON.stringify(report),
              is_quiet: report.isQuiet,
            })
            .execute();
          const target = { targetType: 'report', targetId: report.id };
          await appendAudit(trx, tenantId, { at, actor, action: 'report.made', ...target });
        }),
    async find(tenantId, reportId) {
      if (!isUuid(reportId)) return null;
      const row = await select(database, tenantId).where('id', '=', reportId).executeTakeFirst();
      return row === undefined ? null : toReport(row.model);
    },
    async latest(tenantId, before) {
      const row = await select(database, tenantId)
        .where('created_at', '<', before)
        .orderBy('created_at', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row === undefined ? null : toReport(row.model);
    },
    list: (tenantId, page) => list(database, tenantId, page),
    async prune(tenantId, before) {
      await reportDb(database, tenantId)
        .deleteFrom('reports')
        .where('tenant_id', '=', tenantId)
        .where('created_at', '<', before)
        .execute();
    },
  };
}

function select(database: TenantDatabase, tenantId: string) {
  return reportDb(database, tenantId).selectFrom('reports').select('model').where('tenant_id', '=', tenantId);
}

function toReport(model: object): Report {
  return reportSchema.parse(model);
}

interface ListedRow {
  readonly id: string;
  readonly created_at: Date;
  readonly period_from: Date;
  readonly period_to: Date;
  readonly is_quiet: boolean;
  readonly headline: string;
  readonly open: number;
  readonly opened: number;
  readonly resolved: number;
  readonly needs: number;
}

async function list(
  database: TenantDatabase,
  tenantId: string,
  { after, limit, account = null }: Parameters<ReportStore['list']>[1],
): ReturnType<ReportStore['list']> {
  const [at = '', id = ''] = after === null ? [] : decodeCursor(after, [isIsoMoment, isUuid]);
  const rest = after === null ? sql`` : sql`and (created_at, id) < (${at}::timestamptz, ${id}::uuid)`;
  const told = JSON.stringify([{ type: 'account', name: account }]);
  const about = account === null ? sql`` : sql`and model -> 'sources' @> ${told}::jsonb`;
  const { rows } = await sql<ListedRow>`
    select id, created_at, period_from, period_to, is_quiet, model ->> 'headline' as headline,
      (model #>> '{figures,open}')::int as open, (model #>> '{figures,opened}')::int as opened,
      (model #>> '{figures,resolved}')::int as resolved, jsonb_array_length(model -> 'needsYou') as needs
    from reports where tenant_id = ${tenantId}::uuid ${rest} ${about}
    order by created_at desc, id desc limit ${limit + 1}`.execute(reportDb(database, tenantId));
  return cutPage(rows.map(toListed), limit, (row) => [row.createdAt.toISOString(), row.id]);
}

function toListed({ created_at, period_from, period_to, is_quiet, ...row }: ListedRow): ListedReport {
  return { ...row, createdAt: created_at, from: period_from, to: period_to, isQuiet: is_quiet };
}
