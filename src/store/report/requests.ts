import { sql, type Selectable } from 'kysely';
import type { ComparisonRequest, ComparisonRequestStore, ComparisonSource } from '../../report/ports.js';
import type { TenantDatabase } from '../database.js';
import { reportDb, withReportTables, type ComparisonRequestsTable, type ReportDb } from './tables.js';

/** Comparisons that are asked for and were not made yet. */
export function makeComparisonRequestStore(database: TenantDatabase): ComparisonRequestStore {
  const open = ({ tenantId }: ComparisonSource): ReportDb => reportDb(database, tenantId);
  return {
    async ask({ source, trigger, dueAt }) {
      const { tenantId, type, id } = source;
      await sql`insert into comparison_requests as known (tenant_id, source_type, source_id, trigger, due_at)
        values (${tenantId}, ${type}, ${id}, ${trigger}, ${dueAt})
        on conflict (tenant_id, source_type, source_id) do update
          set trigger = excluded.trigger, due_at = excluded.due_at
          where excluded.due_at < known.due_at`.execute(open(source));
    },
    async find(source) {
      const row = await open(source)
        .selectFrom('comparison_requests')
        .selectAll()
        .where('tenant_id', '=', source.tenantId)
        .where('source_type', '=', source.type)
        .where('source_id', '=', source.id)
        .executeTakeFirst();
      return row === undefined ? null : toRequest(row);
    },
    async listDue(now) {
      const rows = await withReportTables(database.system())
        .selectFrom('comparison_requests')
        .selectAll()
        .where('due_at', '<=', now)
        .orderBy('due_at')
        .execute();
      return rows.map(toRequest);
    },
    async answer({ source, dueAt }) {
      await open(source)
        .deleteFrom('comparison_requests')
        .where('tenant_id', '=', source.tenantId)
        .where('source_type', '=', source.type)
        .where('source_id', '=', source.id)
        .where('due_at', '=', dueAt)
        .execute();
    },
    async postpone({ source, dueAt }, until) {
      await open(source)
        .updateTable('comparison_requests')
        .set({ due_at: until })
        .where('tenant_id', '=', source.tenantId)
        .where('source_type', '=', source.type)
        .where('source_id', '=', source.id)
        .where('due_at', '=', dueAt)
        .execute();
    },
  };
}

function toRequest(row: Selectable<ComparisonRequestsTable>): ComparisonRequest {
  const source = { tenantId: row.tenant_id, type: row.source_type, id: row.source_id };
  return { source, trigger: row.trigger, dueAt: row.due_at };
}
