import { sql, type Selectable, type Updateable } from 'kysely';
import { setupProgressSchema, type SetupLink, type SetupLinkStore } from '../../sso/setup-ports.js';
import type { Mail } from '../../mail/ports.js';
import type { AuditEntry } from '../../tenancy/ports.js';
import type { Db, TenantDatabase } from '../database.js';
import { appendMail } from '../mail/append-mail.js';
import { audited } from './audited.js';
import type { SetupLinksTable } from './tables.js';

/** Setup links in Postgres, found by the hash of a token whose tenant is not known before. */
export function makeSetupLinkStore(database: TenantDatabase): SetupLinkStore {
  const select = (tenantId: string) =>
    database.forTenant(tenantId).selectFrom('setup_links').selectAll().where('tenant_id', '=', tenantId);
  return {
    insert: (link, mail, audit) => insertLink(database, link, mail, audit),
    async list(tenantId) {
      return (await select(tenantId).orderBy('created_at', 'desc').execute()).map(toLink);
    },
    async find(tenantId, linkId) {
      const row = await select(tenantId).where('id', '=', linkId).executeTakeFirst();
      return row === undefined ? null : toLink(row);
    },
    async findByToken(tokenHash) {
      const query = database
        .system()
        .selectFrom('setup_links')
        .selectAll()
        .where('token_hash', '=', tokenHash);
      const row = await query.executeTakeFirst();
      return row === undefined ? null : toLink(row);
    },
    countOpening: ({ tenantId, id }, now, audit) =>
      audited(database, tenantId, audit, (trx) => countOpening(trx, tenantId, id, now)),
    async saveProgress({ tenantId, id, version }, progress, connectionId) {
      const result = await update(database.forTenant(tenantId), tenantId, id)
        .set({
          progress: JSON.stringify(progress),
          connection_id: connectionId,
          version: sql<number>`version + 1`,
        })
        .where('version', '=', version)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
    revoke: (tenantId, linkId, audit) => close(database, tenantId, linkId, audit, { revoked_at: audit.at }),
    complete: (tenantId, linkId, audit) =>
      close(database, tenantId, linkId, audit, { completed_at: audit.at }),
  };
}

/** Of a link that is neither revoked nor done. */
function update(db: Db, tenantId: string, linkId: string) {
  return db
    .updateTable('setup_links')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', linkId)
    .where('revoked_at', 'is', null)
    .where('completed_at', 'is', null);
}

async function countOpening(db: Db, tenantId: string, linkId: string, now: Date): Promise<boolean> {
  const result = await update(db, tenantId, linkId)
    .set((eb) => ({
      opened_count: sql<number>`opened_count + 1`,
      first_opened_at: eb.fn.coalesce('first_opened_at', eb.val(now)),
    }))
    .where('expires_at', '>', now)
    .whereRef('opened_count', '<', 'max_opens')
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

function close(
  database: TenantDatabase,
  tenantId: string,
  linkId: string,
  audit: AuditEntry,
  change: Updateable<SetupLinksTable>,
): Promise<boolean> {
  return audited(database, tenantId, audit, async (trx) => {
    const result = await update(trx, tenantId, linkId).set(change).executeTakeFirst();
    return result.numUpdatedRows > 0n;
  });
}

async function insertLink(
  database: TenantDatabase,
  link: SetupLink,
  mail: Mail | null,
  audit: AuditEntry,
): Promise<void> {
  const row = {
    tenant_id: link.tenantId,
    id: link.id,
    token_hash: link.tokenHash,
    label: link.label,
    sent_to: link.sentTo,
    connection_id: link.connectionId,
    progress: JSON.stringify(link.progress),
    max_opens: link.maxOpens,
    created_by: link.createdBy,
    created_at: link.createdAt,
    expires_at: link.expiresAt,
  };
  await audited(database, link.tenantId, audit, async (trx) => {
    await trx.insertInto('setup_links').values(row).execute();
    if (mail !== null) await appendMail(trx, link.tenantId, mail, link.createdAt);
    return true;
  });
}

function toLink(row: Selectable<SetupLinksTable>): SetupLink {
  return {
    tenantId: row.tenant_id,
    id: row.id,
    tokenHash: row.token_hash,
    label: row.label,
    sentTo: row.sent_to,
    connectionId: row.connection_id,
    progress: setupProgressSchema.parse(row.progress),
    version: row.version,
    openedCount: row.opened_count,
    maxOpens: row.max_opens,
    createdBy: row.created_by,
    createdAt: row.created_at,
    firstOpenedAt: row.first_opened_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    completedAt: row.completed_at,
  };
}
