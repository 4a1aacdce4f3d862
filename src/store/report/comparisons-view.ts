import { sql, type RawBuilder, type Selectable } from 'kysely';
import type { ComparisonRun, ComparisonSource } from '../../report/ports.js';
import type { ComparisonsView, SourceStatus } from '../../report/read-model.js';
import { idpSettingsSchema } from '../../report/missed-pushes/source.js';
import { isUuid } from '../../lib/ids.js';
import { accountSettingsSchema } from '../../tenancy/account.js';
import type { TenantDatabase } from '../database.js';
import { toRun } from './runs.js';
import { reportDb, type ComparisonRunsTable, type ReportDb } from './tables.js';

/** What comparisons came to, for pages and reports. `listsCalls`: whether a provider does. */
export function makeComparisonsView(
  database: TenantDatabase,
  listsCalls: (provider: string) => boolean,
): ComparisonsView {
  return {
    async sources(tenantId) {
      const db = reportDb(database, tenantId);
      const sources = [
        ...(await listAccounts(db, tenantId, listsCalls)),
        ...(await listConnections(db, tenantId)),
      ];
      const runs = await latestRuns(db, tenantId, sources);
      return sources.map((source) => ({ ...source, ...runsOf(runs, source.source) }));
    },
    async runs(tenantId, query) {
      const { rows } = await sql<Selectable<ComparisonRunsTable>>`
        select * from comparison_runs where ${matches(tenantId, query)}
        order by started_at desc, id desc limit ${query.limit}`.execute(reportDb(database, tenantId));
      return rows.map(toRun);
    },
    async run(tenantId, runId) {
      if (!isUuid(runId)) return null;
      const row = await reportDb(database, tenantId)
        .selectFrom('comparison_runs')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('id', '=', runId)
        .executeTakeFirst();
      return row === undefined ? null : toRun(row);
    },
    async trend(source, { from, to, pointsMax }) {
      const { tenantId, type, id } = source;
      const stretch = Math.max(1, (to.getTime() - from.getTime()) / pointsMax / 1000);
      const { rows } = await sql<Pick<Selectable<ComparisonRunsTable>, 'id' | 'figures' | 'started_at'>>`
        select distinct on (stretch) id, figures, started_at,
          floor(extract(epoch from started_at - ${from}::timestamptz) / ${stretch}::float8) as stretch
        from comparison_runs
        where tenant_id = ${tenantId}::uuid and source_type = ${type} and source_id = ${id}::uuid
          and state = 'complete' and started_at >= ${from} and started_at < ${to}
        order by stretch, started_at desc`.execute(reportDb(database, tenantId));
      return rows.map((row) => ({ at: row.started_at, runId: row.id, figures: row.figures as never }));
    },
  };
}

type NamedSource = Omit<SourceStatus, 'running' | 'last' | 'lastComplete'>;

async function listAccounts(
  db: ReportDb,
  tenantId: string,
  listsCalls: (provider: string) => boolean,
): Promise<readonly NamedSource[]> {
  const rows = await db
    .selectFrom('accounts')
    .select(['id', 'name', 'provider', 'settings', 'paused_reason'])
    .where('tenant_id', '=', tenantId)
    .orderBy('name')
    .execute();
  return rows.flatMap(({ id, name, provider, settings, paused_reason }) => {
    const { reconcileCron, seatsCron, timeZone } = accountSettingsSchema.parse(settings);
    const shared = {
      name,
      kind: provider,
      pausedReason: paused_reason,
      timeZone,
      hasUse: listsCalls(provider),
    };
    return [
      { ...shared, source: { tenantId, type: 'account' as const, id }, cron: reconcileCron },
      { ...shared, source: { tenantId, type: 'seats' as const, id }, cron: seatsCron },
    ];
  });
}

async function listConnections(db: ReportDb, tenantId: string): Promise<readonly NamedSource[]> {
  const rows = await db
    .selectFrom('idp_sources')
    .select(['id', 'name', 'kind', 'settings', 'paused_reason'])
    .where('tenant_id', '=', tenantId)
    .orderBy('name')
    .execute();
  return rows.map(({ id, name, kind, settings, paused_reason }) => {
    const { compareCron, timeZone } = idpSettingsSchema.parse(settings);
    const source = { tenantId, type: 'idp' as const, id };
    return { source, name, kind, pausedReason: paused_reason, cron: compareCron, timeZone, hasUse: true };
  });
}

/** Of each source the one under way, the last that ended, and the last complete one. */
async function latestRuns(
  db: ReportDb,
  tenantId: string,
  sources: readonly NamedSource[],
): Promise<readonly ComparisonRun[]> {
  const types = sources.map(({ source }) => source.type);
  const ids = sources.map(({ source }) => source.id);
  const { rows } = await sql<Selectable<ComparisonRunsTable>>`
    select latest.* from unnest(${types}::text[], ${ids}::uuid[]) source(source_type, source_id)
    cross join (values ('running'), ('complete'), ('incomplete')) state(name)
    cross join lateral (select * from comparison_runs r
      where r.tenant_id = ${tenantId}::uuid and r.source_type = source.source_type
        and r.source_id = source.source_id and r.state = state.name
      order by r.started_at desc limit 1) latest`.execute(db);
  return rows.map(toRun);
}

function runsOf(
  runs: readonly ComparisonRun[],
  { type, id }: ComparisonSource,
): Pick<SourceStatus, 'running' | 'last' | 'lastComplete'> {
  const own = runs.filter((run) => run.type === type && run.id === id);
  const inState = (state: ComparisonRun['state']) => own.find((run) => run.state === state) ?? null;
  const [complete, incomplete] = [inState('complete'), inState('incomplete')];
  const isNewer = incomplete !== null && (complete === null || incomplete.startedAt > complete.startedAt);
  return {
    running: inState('running'),
    last: isNewer ? incomplete : complete,
    lastComplete: complete,
  };
}

function matches(
  tenantId: string,
  { source, since, before }: Parameters<ComparisonsView['runs']>[1],
): RawBuilder<unknown> {
  const conditions = [sql`tenant_id = ${tenantId}::uuid`];
  if (source !== undefined) {
    conditions.push(sql`source_type = ${source.type} and source_id = ${source.id}::uuid`);
  }
  if (since !== undefined) conditions.push(sql`started_at >= ${since}`);
  if (before !== undefined) {
    conditions.push(sql`(started_at, id) < (${before.startedAt}::timestamptz, ${before.runId}::uuid)`);
  }
  return sql.join(conditions, sql` and `);
}
