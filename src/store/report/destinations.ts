import type { Selectable } from 'kysely';
import { AppError } from '../../domain/errors.js';
import { isUuid } from '../../lib/ids.js';
import type {
  DeliveryAudit,
  Destination,
  DestinationConfig,
  DestinationStore,
} from '../../report/delivery/ports.js';
import { appendAudit } from '../audit.js';
import type { Db, TenantDatabase } from '../database.js';
import { isUniqueViolation } from '../pg-errors.js';
import { reportDb, withReportTables, type ReportDestinationsTable } from './tables.js';

/** Who gets reports, in Postgres. */
export function makeDestinationStore(database: TenantDatabase): DestinationStore {
  const write = (tenantId: string, work: (trx: Db) => Promise<boolean>) =>
    database.forTenant(tenantId).transaction().execute(work);
  return {
    insert: (destination, audit) => insert(database, destination, audit),
    async list(tenantId) {
      const rows = await reportDb(database, tenantId)
        .selectFrom('report_destinations')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .orderBy('name')
        .execute();
      return rows.map(toDestination);
    },
    async listAllActive() {
      const rows = await withReportTables(database.system())
        .selectFrom('report_destinations')
        .select(['tenant_id', 'id', 'cron', 'time_zone'])
        .where('is_active', '=', true)
        .execute();
      return rows.map((row) => ({
        tenantId: row.tenant_id,
        id: row.id,
        cron: row.cron,
        timeZone: row.time_zone,
      }));
    },
    async find(tenantId, destinationId) {
      if (!isUuid(destinationId)) return null;
      const row = await reportDb(database, tenantId)
        .selectFrom('report_destinations')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('id', '=', destinationId)
        .executeTakeFirst();
      return row === undefined ? null : toDestination(row);
    },
    setActive: (tenantId, destinationId, isActive, audit) =>
      write(tenantId, async (trx) => {
        const changed = await withReportTables(trx)
          .updateTable('report_destinations')
          .set({ is_active: isActive, updated_at: audit.at })
          .where('tenant_id', '=', tenantId)
          .where('id', '=', destinationId)
          .executeTakeFirst();
        return changed.numUpdatedRows === 1n && (await note(trx, tenantId, destinationId, audit));
      }),
    remove: (tenantId, destinationId, audit) =>
      write(tenantId, async (trx) => {
        const removed = await withReportTables(trx)
          .deleteFrom('report_destinations')
          .where('tenant_id', '=', tenantId)
          .where('id', '=', destinationId)
          .executeTakeFirst();
        return removed.numDeletedRows === 1n && (await note(trx, tenantId, destinationId, audit));
      }),
  };
}

async function note(trx: Db, tenantId: string, destinationId: string, audit: DeliveryAudit): Promise<true> {
  await appendAudit(trx, tenantId, { ...audit, targetType: 'report-destination', targetId: destinationId });
  return true;
}

async function insert(
  database: TenantDatabase,
  destination: Destination,
  audit: DeliveryAudit,
): Promise<void> {
  const { tenantId, id, name, kind, config, secrets, cron, timeZone, createdAt } = destination;
  try {
    await database
      .forTenant(tenantId)
      .transaction()
      .execute(async (trx) => {
        await withReportTables(trx)
          .insertInto('report_destinations')
          .values({
            tenant_id: tenantId,
            id,
            name,
            kind,
            config: JSON.stringify(config),
            secrets,
            cron,
            time_zone: timeZone,
            quiet_when_unchanged: destination.quietWhenUnchanged,
            is_active: destination.isActive,
            created_at: createdAt,
            updated_at: createdAt,
          })
          .execute();
        await note(trx, tenantId, id, audit);
      });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new AppError('conflict', `There is already a destination named "${name}". Choose another name.`, {
      cause: error,
    });
  }
}

export function toDestination(row: Selectable<ReportDestinationsTable>): Destination {
  return {
    tenantId: row.tenant_id,
    id: row.id,
    name: row.name,
    kind: row.kind,
    config: row.config as DestinationConfig,
    secrets: row.secrets,
    cron: row.cron,
    timeZone: row.time_zone,
    quietWhenUnchanged: row.quiet_when_unchanged,
    isActive: row.is_active,
    createdAt: row.created_at,
  };
}
