import type { Selectable } from 'kysely';
import type { ComparisonFigures, ComparisonRun, ComparisonSource, RunStore } from '../../report/ports.js';
import type { TenantDatabase } from '../database.js';
import { isUniqueViolation } from '../pg-errors.js';
import { reportDb, withReportTables, type ComparisonRunsTable, type ReportDb } from './tables.js';

const INTERRUPTED = 'The run was interrupted: the process that did it ended. Nothing was concluded from it.';

/** Comparison runs in Postgres. */
export function makeRunStore(database: TenantDatabase): RunStore {
  const open = ({ tenantId }: ComparisonSource): ReportDb => reportDb(database, tenantId);
  return {
    async begin(source, { runId, trigger, at, deadBefore }) {
      await running(open(source), source)
        .set({ state: 'incomplete', reason: INTERRUPTED, finished_at: at })
        .where('heartbeat_at', '<', deadBefore)
        .execute();
      const values = { id: runId, trigger, phase: 'begun', started_at: at, heartbeat_at: at };
      return insertRun(open(source), source, values);
    },
    async progress(source, runId, { phase, done = null, total = null }, at) {
      await running(open(source), source)
        .set({ phase, done, total, heartbeat_at: at })
        .where('id', '=', runId)
        .execute();
    },
    async abandon(source, runId, reason, at) {
      await running(open(source), source)
        .set({ state: 'incomplete', reason, finished_at: at })
        .where('id', '=', runId)
        .execute();
    },
    async abandonDead(deadBefore, at) {
      await withReportTables(database.system())
        .updateTable('comparison_runs')
        .set({ state: 'incomplete', reason: INTERRUPTED, finished_at: at })
        .where('state', '=', 'running')
        .where('heartbeat_at', '<', deadBefore)
        .execute();
    },
    async withdraw(source, runId) {
      await open(source)
        .deleteFrom('comparison_runs')
        .where('tenant_id', '=', source.tenantId)
        .where('id', '=', runId)
        .where('state', '=', 'running')
        .execute();
    },
    async list(tenantId, { source, since, limit }) {
      let query = reportDb(database, tenantId)
        .selectFrom('comparison_runs')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .orderBy('started_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit);
      if (since !== undefined) query = query.where('started_at', '>=', since);
      if (source !== undefined) {
        query = query.where('source_type', '=', source.type).where('source_id', '=', source.id);
      }
      return (await query.execute()).map(toRun);
    },
  };
}

function running(db: ReportDb, { tenantId, type, id }: ComparisonSource) {
  return db
    .updateTable('comparison_runs')
    .where('tenant_id', '=', tenantId)
    .where('source_type', '=', type)
    .where('source_id', '=', id)
    .where('state', '=', 'running');
}

/** The index allows one running row for each source: whoever comes second gets null. */
async function insertRun(
  db: ReportDb,
  { tenantId, type, id }: ComparisonSource,
  values: Pick<ComparisonRunsTable, 'id' | 'trigger' | 'phase' | 'started_at' | 'heartbeat_at'>,
): Promise<string | null> {
  try {
    await db
      .insertInto('comparison_runs')
      .values({ tenant_id: tenantId, source_type: type, source_id: id, state: 'running', ...values })
      .execute();
    return values.id;
  } catch (error) {
    if (isUniqueViolation(error)) return null;
    throw error;
  }
}

export function toRun(row: Selectable<ComparisonRunsTable>): ComparisonRun {
  return {
    tenantId: row.tenant_id,
    type: row.source_type,
    id: row.source_id,
    runId: row.id,
    trigger: row.trigger,
    state: row.state,
    phase: row.phase,
    done: row.done,
    total: row.total,
    reason: row.reason,
    figures: row.state === 'complete' ? (row.figures as ComparisonFigures) : null,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  };
}
