import { sql, type Selectable } from 'kysely';
import { emailKey } from '../../domain/email.js';
import { isUuid } from '../../lib/ids.js';
import type { HintStore, VendorHint, VendorWebhook } from '../../report/hints/ports.js';
import { appendAudit } from '../audit.js';
import type { TenantDatabase } from '../database.js';
import { reportDb, withReportTables, type VendorHintsTable, type VendorWebhooksTable } from './tables.js';

/** Vendors' webhooks and what they said, in rows. */
export function makeHintStore(database: TenantDatabase): HintStore {
  const inTransaction = <T>(
    tenantId: string,
    work: (trx: ReturnType<typeof withReportTables>) => Promise<T>,
  ) =>
    database
      .forTenant(tenantId)
      .transaction()
      .execute((trx) => work(withReportTables(trx)));
  return {
    saveWebhook: (webhook, audit) =>
      inTransaction(webhook.tenantId, async (trx) => {
        const { tenantId, accountId, id, remoteId, tokenHash, url, createdAt } = webhook;
        const values = {
          id,
          remote_id: remoteId,
          token_hash: tokenHash,
          url,
          created_at: createdAt,
          last_event_at: null,
        };
        await trx
          .insertInto('vendor_webhooks')
          .values({ tenant_id: tenantId, account_id: accountId, ...values })
          .onConflict((conflict) => conflict.columns(['tenant_id', 'account_id']).doUpdateSet(values))
          .execute();
        await appendAudit(trx, tenantId, { ...audit, targetType: 'account', targetId: accountId });
      }),
    removeWebhook: ({ tenantId, accountId }, audit) =>
      inTransaction(tenantId, async (trx) => {
        await trx
          .deleteFrom('vendor_webhooks')
          .where('tenant_id', '=', tenantId)
          .where('account_id', '=', accountId)
          .execute();
        await appendAudit(trx, tenantId, { ...audit, targetType: 'account', targetId: accountId });
      }),
    async webhookOf({ tenantId, accountId }) {
      const row = await reportDb(database, tenantId)
        .selectFrom('vendor_webhooks')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('account_id', '=', accountId)
        .executeTakeFirst();
      return row === undefined ? null : toWebhook(row);
    },
    async findWebhook(id) {
      if (!isUuid(id)) return null;
      const row = await withReportTables(database.system())
        .selectFrom('vendor_webhooks')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst();
      return row === undefined ? null : toWebhook(row);
    },
    async keep({ tenantId, accountId, kind, providerUserId, email, dueAt }, max) {
      const db = reportDb(database, tenantId);
      await sql`insert into vendor_hints (tenant_id, account_id, kind, provider_user_id, email, due_at)
        select ${tenantId}::uuid, ${accountId}::uuid, ${kind}, ${providerUserId}, ${email}, ${dueAt}::timestamptz
        where (select count(*) from vendor_hints
          where tenant_id = ${tenantId}::uuid and account_id = ${accountId}::uuid) < ${max}
        on conflict (tenant_id, account_id, kind, provider_user_id) do nothing`.execute(db);
      await db
        .updateTable('vendor_webhooks')
        .set({ last_event_at: sql<Date>`now()` })
        .where('tenant_id', '=', tenantId)
        .where('account_id', '=', accountId)
        .execute();
    },
    async listDue(now, limit) {
      const rows = await withReportTables(database.system())
        .selectFrom('vendor_hints')
        .selectAll()
        .where('due_at', '<=', now)
        .orderBy('due_at')
        .limit(limit)
        .execute();
      return rows.map(toHint);
    },
    async forget({ tenantId, accountId, kind, providerUserId, dueAt }) {
      await reportDb(database, tenantId)
        .deleteFrom('vendor_hints')
        .where('tenant_id', '=', tenantId)
        .where('account_id', '=', accountId)
        .where('kind', '=', kind)
        .where('provider_user_id', '=', providerUserId)
        .where('due_at', '=', dueAt)
        .execute();
    },
    async linkOf({ tenantId, accountId }, providerUserId) {
      const row = await reportDb(database, tenantId)
        .selectFrom('links')
        .select(['subject_id', 'ended_at'])
        .where('tenant_id', '=', tenantId)
        .where('account_id', '=', accountId)
        .where('provider_user_id', '=', providerUserId)
        .orderBy('ended_at', (order) => order.desc().nullsFirst())
        .executeTakeFirst();
      if (row === undefined) return null;
      return row.ended_at === null ? { state: 'live', subjectId: row.subject_id } : { state: 'ended' };
    },
    async peopleWith(tenantId, email) {
      const { rows } = await sql<{ id: string }>`
        select u.id from scim_users u
        where u.tenant_id = ${tenantId}::uuid and u.active and u.deleted_at is null
          and exists (select 1 from scim_user_emails e
            where e.tenant_id = u.tenant_id and e.user_id = u.id and e.value_key = ${emailKey(email)})`.execute(
        database.forTenant(tenantId),
      );
      return rows.map(({ id }) => id);
    },
  };
}

function toWebhook(row: Selectable<VendorWebhooksTable>): VendorWebhook {
  return {
    tenantId: row.tenant_id,
    accountId: row.account_id,
    id: row.id,
    remoteId: row.remote_id,
    tokenHash: row.token_hash,
    url: row.url,
    createdAt: row.created_at,
    lastEventAt: row.last_event_at,
  };
}

function toHint(row: Selectable<VendorHintsTable>): VendorHint {
  return {
    tenantId: row.tenant_id,
    accountId: row.account_id,
    kind: row.kind,
    providerUserId: row.provider_user_id,
    email: row.email,
    dueAt: row.due_at,
  };
}
