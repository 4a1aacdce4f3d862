import { sql, type Selectable } from 'kysely';
import type { MailContact, MailContactStore, MailKind } from '../../mail/ports.js';
import { appendAudit } from '../audit.js';
import type { TenantDatabase } from '../database.js';
import type { MailTables } from './tables.js';

/** Notification contacts in Postgres. */
export function makeMailContactStore(database: TenantDatabase): MailContactStore {
  return {
    async list(tenantId) {
      const rows = await database
        .forTenant(tenantId)
        .selectFrom('mail_contacts')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .orderBy('email')
        .execute();
      return rows.map(toContact);
    },
    save: (tenantId, contact) => save(database, tenantId, contact),
    remove: (tenantId, contactId, audit) =>
      database
        .forTenant(tenantId)
        .transaction()
        .execute(async (trx) => {
          const gone = await trx
            .deleteFrom('mail_contacts')
            .where('tenant_id', '=', tenantId)
            .where('id', '=', contactId)
            .returning('kinds')
            .executeTakeFirst();
          if (gone === undefined) return false;
          const target = { targetType: 'mail-contact', targetId: contactId, data: { kinds: gone.kinds } };
          await appendAudit(trx, tenantId, { ...audit, action: 'mail-contact.removed', ...target });
          return true;
        }),
    addressesFor: (tenantId, kind) => addressesFor(database, tenantId, kind),
  };
}

function save(database: TenantDatabase, tenantId: string, contact: MailContact): Promise<MailContact> {
  return database
    .forTenant(tenantId)
    .transaction()
    .execute(async (trx) => {
      const row = await trx
        .insertInto('mail_contacts')
        .values({
          tenant_id: tenantId,
          id: contact.id,
          email: contact.email,
          kinds: [...contact.kinds],
          created_at: contact.createdAt,
          created_by: contact.createdBy,
        })
        .onConflict((conflict) =>
          conflict.expression(sql`tenant_id, lower(email)`).doUpdateSet({ kinds: [...contact.kinds] }),
        )
        .returningAll()
        .executeTakeFirstOrThrow();
      await appendAudit(trx, tenantId, {
        at: contact.createdAt,
        actor: contact.createdBy,
        action: 'mail-contact.saved',
        targetType: 'mail-contact',
        targetId: row.id,
        data: { kinds: contact.kinds },
      });
      return toContact(row);
    });
}

/** Warnings must reach somebody before anybody has chosen who. */
async function addressesFor(
  database: TenantDatabase,
  tenantId: string,
  kind: MailKind,
): Promise<readonly string[]> {
  const { rows } = await sql<{ email: string }>`
    with chosen as (
      select email from mail_contacts
      where tenant_id = ${tenantId} and (kinds = '{}' or ${kind} = any(kinds))
    )
    select email from chosen
    union
    select email from console_users
    where tenant_id = ${tenantId} and role = 'owner' and email is not null and not exists (select 1 from chosen)
    order by email`.execute(database.forTenant(tenantId));
  return rows.map(({ email }) => email);
}

function toContact(row: Selectable<MailTables['mail_contacts']>): MailContact {
  return {
    id: row.id,
    email: row.email,
    kinds: row.kinds as MailKind[],
    createdAt: row.created_at,
    createdBy: row.created_by,
  };
}
