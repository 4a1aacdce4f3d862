import { sql, type Selectable } from 'kysely';
import { reportSchema } from '../../report/model/report.js';
import type { DeliveryStore, DueDelivery } from '../../report/delivery/ports.js';
import type { TenantDatabase } from '../database.js';
import { appendMail } from '../mail/append-mail.js';
import { toDestination } from './destinations.js';
import {
  reportDb,
  withReportTables,
  type ReportDb,
  type ReportDeliveriesTable,
  type ReportDestinationsTable,
} from './tables.js';

/** What is to be sent to whom, in Postgres. */
export function makeDeliveryStore(database: TenantDatabase): DeliveryStore {
  const system = (): ReportDb => withReportTables(database.system());
  return {
    async add({ tenantId, id: destinationId }, reportId, { id, at }) {
      await reportDb(database, tenantId)
        .insertInto('report_deliveries')
        .values({
          tenant_id: tenantId,
          id,
          destination_id: destinationId,
          report_id: reportId,
          state: 'due',
          due_at: at,
          created_at: at,
        })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'destination_id', 'report_id']).doNothing())
        .execute();
    },
    claim: (at, until, limit) => claim(system(), at, until, limit),
    sent: (delivery, at) => markSent(system(), delivery, at),
    mailed: (delivery, mail, at) =>
      database
        .forTenant(delivery.destination.tenantId)
        .transaction()
        .execute(async (trx) => {
          await appendMail(trx, delivery.destination.tenantId, mail, at);
          await markSent(withReportTables(trx), delivery, at);
        }),
    async failed(delivery, error, retryAt) {
      await row(system(), delivery)
        .set({
          attempts: delivery.attempts + 1,
          last_error: error,
          claimed_until: null,
          ...(retryAt === null ? { state: 'failed' } : { due_at: retryAt }),
        })
        .execute();
    },
    async lastReport({ tenantId, id }) {
      const found = await reportDb(database, tenantId)
        .selectFrom('report_deliveries')
        .innerJoin('reports', (join) =>
          join
            .onRef('reports.tenant_id', '=', 'report_deliveries.tenant_id')
            .onRef('reports.id', '=', 'report_deliveries.report_id'),
        )
        .select('reports.model')
        .where('report_deliveries.tenant_id', '=', tenantId)
        .where('report_deliveries.destination_id', '=', id)
        .orderBy('reports.created_at', 'desc')
        .limit(1)
        .executeTakeFirst();
      return found === undefined ? null : reportSchema.parse(found.model);
    },
    async list(tenantId, limit) {
      const rows = await reportDb(database, tenantId)
        .selectFrom('report_deliveries')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .orderBy('created_at', 'desc')
        .limit(limit)
        .execute();
      return rows.map((one) => ({
        id: one.id,
        destinationId: one.destination_id,
        reportId: one.report_id,
        state: one.state,
        attempts: one.attempts,
        dueAt: one.due_at,
        lastError: one.last_error,
        createdAt: one.created_at,
        sentAt: one.sent_at,
      }));
    },
  };
}

function row(db: ReportDb, { id, destination }: DueDelivery) {
  return db
    .updateTable('report_deliveries')
    .where('tenant_id', '=', destination.tenantId)
    .where('id', '=', id);
}

async function markSent(db: ReportDb, delivery: DueDelivery, at: Date): Promise<void> {
  await row(db, delivery)
    .set({
      state: 'sent',
      sent_at: at,
      attempts: delivery.attempts + 1,
      last_error: null,
      claimed_until: null,
    })
    .execute();
}

async function claim(db: ReportDb, at: Date, until: Date, limit: number): Promise<readonly DueDelivery[]> {
  const { rows } = await sql<Selectable<ReportDeliveriesTable> & { destination: object; model: object }>`
    with taken as (
      update report_deliveries d set claimed_until = ${until}
      from (select tenant_id, id from report_deliveries
        where state = 'due' and due_at <= ${at} and (claimed_until is null or claimed_until <= ${at})
        order by due_at limit ${limit} for update skip locked) due
      where d.tenant_id = due.tenant_id and d.id = due.id
      returning d.*)
    select taken.*, to_jsonb(p) as destination, r.model from taken
    join report_destinations p on p.tenant_id = taken.tenant_id and p.id = taken.destination_id
    join reports r on r.tenant_id = taken.tenant_id and r.id = taken.report_id`.execute(db);
  return rows.map(({ id, attempts, created_at: createdAt, destination, model }) => ({
    id,
    attempts,
    createdAt,
    destination: toDestination(destination as Selectable<ReportDestinationsTable>),
    report: reportSchema.parse(model),
  }));
}
