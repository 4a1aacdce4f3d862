import type { Selectable } from 'kysely';
import { AppError } from '../../domain/errors.js';
import type { IdpReading } from '../../domain/findings/directory-view.js';
import { isUuid } from '../../lib/ids.js';
import type { IdpSourceStore } from '../../report/missed-pushes/ports.js';
import { idpSettingsSchema, type IdpSource } from '../../report/missed-pushes/source.js';
import type { FindingAudit } from '../../report/ports.js';
import { appendAudit } from '../audit.js';
import type { TenantDatabase } from '../database.js';
import { isUniqueViolation } from '../pg-errors.js';
import { reportDb, withReportTables, type IdpSourcesTable, type ReportDb } from './tables.js';

/** Connections to identity providers' APIs in Postgres. */
export function makeIdpSourceStore(database: TenantDatabase): IdpSourceStore {
  const inTransaction = <T>(tenantId: string, work: (trx: ReportDb) => Promise<T>): Promise<T> =>
    database
      .forTenant(tenantId)
      .transaction()
      .execute((trx) => work(withReportTables(trx)));
  const all = (db: ReportDb) => db.selectFrom('idp_sources').selectAll().orderBy('name');
  return {
    insert: (source, audit) => inTransaction(source.tenantId, (trx) => insertSource(trx, source, audit)),
    async list(tenantId) {
      const rows = await all(reportDb(database, tenantId)).where('tenant_id', '=', tenantId).execute();
      return rows.map(toSource);
    },
    async find(tenantId, sourceId) {
      if (!isUuid(sourceId)) return null;
      const query = all(reportDb(database, tenantId)).where('tenant_id', '=', tenantId);
      const row = await query.where('id', '=', sourceId).executeTakeFirst();
      return row === undefined ? null : toSource(row);
    },
    async listAll() {
      return (await all(withReportTables(database.system())).execute()).map(toSource);
    },
    update: (tenantId, sourceId, change, audit) =>
      inTransaction(tenantId, async (trx) => {
        await trx
          .updateTable('idp_sources')
          .set({ ...toColumns(change), updated_at: audit.at })
          .where('tenant_id', '=', tenantId)
          .where('id', '=', sourceId)
          .execute();
        await record(trx, tenantId, sourceId, audit);
      }),
    remove: (tenantId, sourceId, audit) =>
      inTransaction(tenantId, (trx) => removeSource(trx, tenantId, sourceId, audit)),
    async latestReading(tenantId, sourceId) {
      const row = await reportDb(database, tenantId)
        .selectFrom('idp_readings')
        .select(['body', 'resume_token'])
        .where('tenant_id', '=', tenantId)
        .where('source_id', '=', sourceId)
        .executeTakeFirst();
      return row === undefined ? null : { reading: row.body as IdpReading, resumeToken: row.resume_token };
    },
    saveReading: (tenantId, sourceId, { reading, resumeToken }) =>
      inTransaction(tenantId, async (trx) => {
        const readAt = new Date(reading.readAt);
        const values = {
          read_at: readAt,
          body: JSON.stringify(reading),
          resume_token: resumeToken === null ? null : JSON.stringify(resumeToken),
        };
        await trx
          .insertInto('idp_readings')
          .values({ tenant_id: tenantId, source_id: sourceId, ...values })
          .onConflict((conflict) => conflict.columns(['tenant_id', 'source_id']).doUpdateSet(values))
          .execute();
        await trx
          .updateTable('idp_sources')
          .set({ compared_at: readAt })
          .where('tenant_id', '=', tenantId)
          .where('id', '=', sourceId)
          .execute();
      }),
  };
}

async function insertSource(trx: ReportDb, source: IdpSource, audit: FindingAudit): Promise<void> {
  try {
    await trx
      .insertInto('idp_sources')
      .values({
        tenant_id: source.tenantId,
        id: source.id,
        name: source.name,
        kind: source.kind,
        config: JSON.stringify(source.config),
        secrets: source.secrets,
        settings: JSON.stringify(source.settings),
        created_at: source.createdAt,
        updated_at: source.createdAt,
      })
      .execute();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const message = `There is already a connection named "${source.name}". Choose another name.`;
    throw new AppError('conflict', message, { cause: error });
  }
  await record(trx, source.tenantId, source.id, audit);
}

async function removeSource(
  trx: ReportDb,
  tenantId: string,
  sourceId: string,
  audit: FindingAudit,
): Promise<void> {
  for (const table of ['findings', 'comparison_runs', 'finding_policies'] as const) {
    await trx
      .deleteFrom(table)
      .where('tenant_id', '=', tenantId)
      .where('source_type', '=', 'idp')
      .where('source_id', '=', sourceId)
      .execute();
  }
  await trx.deleteFrom('idp_sources').where('tenant_id', '=', tenantId).where('id', '=', sourceId).execute();
  await record(trx, tenantId, sourceId, audit);
}

function record(trx: ReportDb, tenantId: string, sourceId: string, audit: FindingAudit): Promise<void> {
  return appendAudit(trx, tenantId, { ...audit, targetType: 'idp', targetId: sourceId });
}

function toColumns({ config, secrets, settings, pausedReason }: Parameters<IdpSourceStore['update']>[2]) {
  return {
    ...(config === undefined ? {} : { config: JSON.stringify(config) }),
    ...(secrets === undefined ? {} : { secrets }),
    ...(settings === undefined ? {} : { settings: JSON.stringify(settings) }),
    ...(pausedReason === undefined ? {} : { paused_reason: pausedReason }),
  };
}

function toSource(row: Selectable<IdpSourcesTable>): IdpSource {
  return {
    tenantId: row.tenant_id,
    id: row.id,
    name: row.name,
    kind: row.kind,
    config: row.config as Record<string, unknown>,
    secrets: row.secrets,
    settings: idpSettingsSchema.parse(row.settings),
    pausedReason: row.paused_reason,
    comparedAt: row.compared_at,
    createdAt: row.created_at,
  };
}
