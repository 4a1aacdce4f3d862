import type { Insertable, Selectable, Updateable } from 'kysely';
import { AppError } from '../../domain/errors.js';
import {
  connectionSettingsSchema,
  IDP_KINDS,
  type IdpFacts,
  type IdpKind,
  type SsoConnection,
} from '../../sso/connection.js';
import type { ConnectionStore } from '../../sso/ports.js';
import type { AuditEntry } from '../../tenancy/ports.js';
import { appendAudit } from '../audit.js';
import type { Db, TenantDatabase } from '../database.js';
import { isUniqueViolation } from '../pg-errors.js';
import { audited } from './audited.js';
import type { SsoConnectionsTable } from './tables.js';

/** SAML connections in Postgres. */
export function makeConnectionStore(database: TenantDatabase): ConnectionStore {
  return {
    insert: (connection, audit) => insertConnection(database, connection, audit),
    async list(tenantId) {
      return (await select(database, tenantId).orderBy('name').execute()).map(toConnection);
    },
    async find(tenantId, connectionId) {
      const row = await select(database, tenantId).where('id', '=', connectionId).executeTakeFirst();
      return row === undefined ? null : toConnection(row);
    },
    async findByName(tenantId, name) {
      const row = await select(database, tenantId).where('name', '=', name).executeTakeFirst();
      return row === undefined ? null : toConnection(row);
    },
    async setIdp(tenantId, connectionId, { idp, metadataUrl }, audit) {
      const readAt = metadataUrl === null ? null : audit.at;
      const change = {
        idp: JSON.stringify(idp),
        metadata_url: metadataUrl,
        metadata_read_at: readAt,
        metadata_tried_at: readAt,
        metadata_problem: null,
        updated_at: audit.at,
      };
      await changeConnection(database, tenantId, connectionId, change, audit);
    },
    updateSettings: (tenantId, connectionId, change) =>
      updateSettings(database, tenantId, connectionId, change),
    setState: (tenantId, connectionId, state, audit) =>
      changeConnection(database, tenantId, connectionId, { state, updated_at: audit.at }, audit),
    describe: (tenantId, connectionId, { label, idpKind }, audit) => {
      const change = { label, idp_kind: idpKind, updated_at: audit.at };
      return changeConnection(database, tenantId, connectionId, change, audit);
    },
    removeDraft: (tenantId, connectionId, audit) =>
      audited(database, tenantId, audit, (trx) => removeDraft(trx, tenantId, connectionId)),
    async claimRefresh(tenantId, connectionId, notTriedSince, now) {
      const result = await update(database.forTenant(tenantId), tenantId, connectionId)
        .set({ metadata_tried_at: now })
        .where('metadata_url', 'is not', null)
        .where((eb) =>
          eb.or([eb('metadata_tried_at', 'is', null), eb('metadata_tried_at', '<=', notTriedSince)]),
        )
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
    recordRefresh(tenantId, connectionId, idp, at, audit) {
      const change = {
        idp: JSON.stringify(idp),
        metadata_read_at: at,
        metadata_problem: null,
        updated_at: at,
      };
      return changeConnection(database, tenantId, connectionId, change, audit);
    },
    async recordRefreshProblem(tenantId, connectionId, problem) {
      await update(database.forTenant(tenantId), tenantId, connectionId)
        .set({ metadata_problem: problem })
        .execute();
    },
    async listActive() {
      const query = database.system().selectFrom('sso_connections').selectAll().where('state', '=', 'active');
      return (await query.orderBy('tenant_id').orderBy('name').execute()).map(toConnection);
    },
    dueForRefresh: (triedBefore, limit) => dueForRefresh(database, triedBefore, limit),
  };
}

function select(database: TenantDatabase, tenantId: string) {
  return database
    .forTenant(tenantId)
    .selectFrom('sso_connections')
    .selectAll()
    .where('tenant_id', '=', tenantId);
}

function update(db: Db, tenantId: string, connectionId: string) {
  return db.updateTable('sso_connections').where('tenant_id', '=', tenantId).where('id', '=', connectionId);
}

async function changeConnection(
  database: TenantDatabase,
  tenantId: string,
  connectionId: string,
  change: Updateable<SsoConnectionsTable>,
  audit: AuditEntry | null,
): Promise<void> {
  await database
    .forTenant(tenantId)
    .transaction()
    .execute(async (trx) => {
      await update(trx, tenantId, connectionId).set(change).execute();
      if (audit !== null) await appendAudit(trx, tenantId, audit);
    });
}

/** People of a connection would go with it, so one that anybody has signed in with stays. */
async function removeDraft(db: Db, tenantId: string, connectionId: string): Promise<boolean> {
  const result = await db
    .deleteFrom('sso_connections')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', connectionId)
    .where('state', '=', 'draft')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('console_users')
            .select('id')
            .where('tenant_id', '=', tenantId)
            .where('connection_id', '=', connectionId),
        ),
      ),
    )
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

async function insertConnection(
  database: TenantDatabase,
  connection: SsoConnection,
  audit: AuditEntry,
): Promise<void> {
  try {
    await audited(database, connection.tenantId, audit, async (trx) => {
      await trx.insertInto('sso_connections').values(toRow(connection)).execute();
      return true;
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new AppError(
      'conflict',
      `There is already a connection named "${connection.name}". Choose another name.`,
      { cause: error },
    );
  }
}

function toRow({
  metadata,
  keys,
  settings,
  idp,
  ...connection
}: SsoConnection): Insertable<SsoConnectionsTable> {
  return {
    tenant_id: connection.tenantId,
    id: connection.id,
    name: connection.name,
    label: connection.label,
    idp_kind: connection.idpKind,
    state: connection.state,
    idp: idp === null ? null : JSON.stringify(idp),
    metadata_url: metadata.url,
    metadata_read_at: metadata.readAt,
    metadata_tried_at: metadata.readAt,
    metadata_problem: metadata.problem,
    settings: JSON.stringify(settings),
    sp_signing_certificate: keys.signingCertificate,
    sp_encryption_certificate: keys.encryptionCertificate,
    sp_keys: keys.sealed,
    created_at: connection.createdAt,
    updated_at: connection.createdAt,
  };
}

async function updateSettings(
  database: TenantDatabase,
  tenantId: string,
  connectionId: string,
  change: Parameters<ConnectionStore['updateSettings']>[2],
): Promise<void> {
  await database
    .forTenant(tenantId)
    .transaction()
    .execute(async (trx) => {
      const row = await trx
        .selectFrom('sso_connections')
        .select('settings')
        .where('tenant_id', '=', tenantId)
        .where('id', '=', connectionId)
        .forUpdate()
        .executeTakeFirst();
      if (row === undefined) throw new AppError('notFound', 'This connection does not exist any more.');
      const { settings, audit } = change(connectionSettingsSchema.parse(row.settings));
      await update(trx, tenantId, connectionId)
        .set({ settings: JSON.stringify(settings), updated_at: audit.at })
        .execute();
      await appendAudit(trx, tenantId, audit);
    });
}

async function dueForRefresh(database: TenantDatabase, triedBefore: Date, limit: number) {
  const rows = await database
    .system()
    .selectFrom('sso_connections')
    .select(['tenant_id', 'id'])
    .where('metadata_url', 'is not', null)
    .where('state', '<>', 'disabled')
    .where((eb) => eb.or([eb('metadata_tried_at', 'is', null), eb('metadata_tried_at', '<=', triedBefore)]))
    .orderBy('metadata_tried_at', (order) => order.asc().nullsFirst())
    .limit(limit)
    .execute();
  return rows.map((row) => ({ tenantId: row.tenant_id, connectionId: row.id }));
}

function toConnection(row: Selectable<SsoConnectionsTable>): SsoConnection {
  return {
    tenantId: row.tenant_id,
    id: row.id,
    name: row.name,
    label: row.label,
    idpKind: toIdpKind(row.idp_kind),
    state: row.state,
    idp: row.idp as IdpFacts | null,
    metadata: { url: row.metadata_url, readAt: row.metadata_read_at, problem: row.metadata_problem },
    settings: connectionSettingsSchema.parse(row.settings),
    keys: {
      signingCertificate: row.sp_signing_certificate,
      encryptionCertificate: row.sp_encryption_certificate,
      sealed: row.sp_keys,
    },
    createdAt: row.created_at,
  };
}

function toIdpKind(text: string): IdpKind {
  return IDP_KINDS.find((kind) => kind === text) ?? 'generic';
}
