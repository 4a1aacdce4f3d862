import { sql, type RawBuilder } from 'kysely';
import type { ExpiredObject, PurgeStore } from '../../deprovision/purge-ports.js';
import { accountSettingsSchema } from '../../tenancy/account.js';
import { appendAudit } from '../audit.js';
import type { TenantDatabase } from '../database.js';
import { appendMail } from '../mail/append-mail.js';
import { isUniqueViolation } from '../pg-errors.js';

/** Announcements and removals of expired recordings. */
export function makePurgeStore(database: TenantDatabase): PurgeStore {
  return {
    async listToAnnounce(now) {
      const { rows } = await sql<{ tenant_id: string; id: string; name: string; settings: object }>`
        select a.tenant_id, a.id, a.name, a.settings from accounts a
        where exists (select 1 from archive_objects o where o.tenant_id = a.tenant_id and o.account_id = a.id
            and ${isExpired(now)})
          and not exists (select 1 from retention_purges p where p.tenant_id = a.tenant_id
            and p.account_id = a.id and p.state = 'announced')`.execute(database.system());
      return rows.map((row) => ({
        account: { tenantId: row.tenant_id, accountId: row.id },
        name: row.name,
        noticeDays: accountSettingsSchema.parse(row.settings).retention.noticeDays,
      }));
    },
    async listExpired(account, now, { place, limit }) {
      const { rows } = await sql<ExpiredRow>`
        select o.* from archive_objects o
        where o.tenant_id = ${account.tenantId} and o.account_id = ${account.accountId} and o.place = ${place}
          and ${isExpired(now)}
        order by o.expires_at, o.deletion_id, o.call_id, o.kind limit ${limit}`.execute(
        database.forTenant(account.tenantId),
      );
      return rows.map(toObject);
    },
    async countElsewhere({ tenantId, accountId }, now, place) {
      const { rows } = await sql<{ count: string }>`select count(*) from archive_objects o
        where o.tenant_id = ${tenantId} and o.account_id = ${accountId} and o.place <> ${place}
          and ${isExpired(now)}`.execute(database.forTenant(tenantId));
      return Number(rows[0]?.count ?? 0);
    },
    async announce({ id, account, objects }, { at, dueAt }, audit, mail) {
      const { tenantId, accountId } = account;
      try {
        await database
          .forTenant(tenantId)
          .transaction()
          .execute(async (trx) => {
            await trx
              .insertInto('retention_purges')
              .values({
                tenant_id: tenantId,
                id,
                account_id: accountId,
                state: 'announced',
                objects: JSON.stringify(objects),
                object_count: objects.length,
                bytes: objects.reduce((sum, { bytes }) => sum + bytes, 0),
                announced_at: at,
                due_at: dueAt,
              })
              .execute();
            await appendAudit(trx, tenantId, { ...audit, at });
            await appendMail(trx, tenantId, mail, at);
          });
        return true;
      } catch (error) {
        if (isUniqueViolation(error)) return false;
        throw error;
      }
    },
    async listDue(now) {
      const rows = await database
        .system()
        .selectFrom('retention_purges')
        .select(['tenant_id', 'id', 'account_id', 'objects'])
        .where('state', '=', 'announced')
        .where('due_at', '<=', sql<Date>`least(${now}::timestamptz, clock_timestamp())`)
        .execute();
      return rows.map((row) => ({
        id: row.id,
        account: { tenantId: row.tenant_id, accountId: row.account_id },
        objects: row.objects as readonly ExpiredObject[],
      }));
    },
    async mayRemove(account, { deletionId, callId, kind }, now) {
      const { rows } = await sql`
        select 1 from archive_objects o
        where o.tenant_id = ${account.tenantId} and o.deletion_id = ${deletionId} and o.call_id = ${callId}
          and o.kind = ${kind} and ${isExpired(now)}`.execute(database.forTenant(account.tenantId));
      return rows.length > 0;
    },
    async recordRemoved({ tenantId }, { deletionId, callId, kind }, at) {
      await database
        .forTenant(tenantId)
        .updateTable('archive_objects')
        .set({ state: 'removed', ended_at: at, ended_by: 'retention' })
        .where('tenant_id', '=', tenantId)
        .where('deletion_id', '=', deletionId)
        .where('call_id', '=', callId)
        .where('kind', '=', kind)
        .where('state', '=', 'stored')
        .execute();
    },
    finish: ({ id, account: { tenantId } }, result, at, audit) =>
      database
        .forTenant(tenantId)
        .transaction()
        .execute(async (trx) => {
          const done = await trx
            .updateTable('retention_purges')
            .set({ state: 'done', finished_at: at, result: JSON.stringify(result) })
            .where('tenant_id', '=', tenantId)
            .where('id', '=', id)
            .where('state', '=', 'announced')
            .executeTakeFirst();
          if (done.numUpdatedRows === 1n) await appendAudit(trx, tenantId, { ...audit, at });
        }),
  };
}

interface ExpiredRow {
  readonly deletion_id: string;
  readonly call_id: string;
  readonly kind: ExpiredObject['kind'];
  readonly place: string;
  readonly object_key: string;
  readonly bytes: string;
  readonly sha256: string;
  readonly retention_class: string;
  readonly expires_at: Date;
}

function toObject(row: ExpiredRow): ExpiredObject {
  return {
    deletionId: row.deletion_id,
    callId: row.call_id,
    kind: row.kind,
    place: row.place,
    objectKey: row.object_key,
    bytes: Number(row.bytes),
    sha256: row.sha256,
    retentionClass: row.retention_class,
    expiresAt: row.expires_at.toISOString(),
  };
}

/** Of `archive_objects o`: its deletion is proved, its time is over, and nobody holds it. */
function isExpired(now: Date): RawBuilder<boolean> {
  return sql<boolean>`(o.state = 'stored' and o.expires_at <= least(${now}::timestamptz, clock_timestamp())
    and exists (select 1 from deletions d where d.tenant_id = o.tenant_id and d.id = o.deletion_id
      and d.state = 'verified'
      and not exists (select 1 from legal_holds h where h.tenant_id = d.tenant_id
        and (h.subject_id = d.subject_id or exists (select 1 from links own join links other
          on other.tenant_id = own.tenant_id and other.account_id = own.account_id
            and other.provider_user_id = own.provider_user_id
          where own.tenant_id = d.tenant_id and own.id = d.link_id and other.subject_id = h.subject_id))
        and h.released_at is null and (h.until is null or h.until > least(${now}::timestamptz, clock_timestamp())))))`;
}
