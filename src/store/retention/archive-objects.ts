import { sql } from 'kysely';
import { createHash } from 'node:crypto';
import type {
  ArchiveObjectStore,
  ArchiveTally,
  ObjectKey,
  StoredObject,
} from '../../deprovision/archive/ports.js';
import type { AccountKey } from '../../reconcile/account.js';
import type { Db, TenantDatabase } from '../database.js';

/** Rows of one statement: ten thousand recordings are put on the list in a few. */
const ROWS_AT_ONCE = 1_000;

/** What is archived of each deletion, one row a file. */
export function makeArchiveObjectStore(database: TenantDatabase): ArchiveObjectStore {
  const forTenant = ({ tenantId }: AccountKey): Db => database.forTenant(tenantId);
  return {
    async want(account, deletionId, objects) {
      for (let from = 0; from < objects.length; from += ROWS_AT_ONCE) {
        const rows = objects.slice(from, from + ROWS_AT_ONCE).map((one) => ({
          tenant_id: account.tenantId,
          deletion_id: deletionId,
          account_id: account.accountId,
          call_id: one.callId,
          kind: one.kind,
          state: 'pending' as const,
          call_at: new Date(one.callAt),
          retention_class: one.retentionClass,
          expires_at: one.expiresAt === null ? null : new Date(one.expiresAt),
        }));
        await forTenant(account)
          .insertInto('archive_objects')
          .values(rows)
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }
    },
    async listReady(account, deletionId, now, limit) {
      const rows = await forTenant(account)
        .selectFrom('archive_objects')
        .select(['call_id', 'kind', 'call_at', 'attempts'])
        .where('tenant_id', '=', account.tenantId)
        .where('deletion_id', '=', deletionId)
        .where('state', 'in', ['pending', 'missing'])
        .where((eb) => eb.or([eb('not_before', 'is', null), eb('not_before', '<=', now)]))
        .orderBy('call_at')
        .orderBy('call_id')
        .limit(limit)
        .execute();
      return rows.map(({ call_id: callId, kind, call_at: callAt, attempts }) => ({
        callId,
        kind,
        callAt: callAt.getTime(),
        attempts,
      }));
    },
    async recordStored(account, deletionId, { place, objectKey, bytes, sha256, at, ...key }) {
      await updateObject(forTenant(account), account, deletionId, key)
        .set({
          state: 'stored',
          place,
          object_key: objectKey,
          bytes,
          sha256,
          stored_at: at,
          not_before: null,
          last_error: null,
        })
        .where('state', 'in', ['pending', 'missing'])
        .execute();
    },
    async recordFailed(account, deletionId, { error, retryAt, state, ...key }) {
      await updateObject(forTenant(account), account, deletionId, key)
        .set((eb) => ({
          state,
          attempts: eb('attempts', '+', 1),
          last_error: error.slice(0, 1_000),
          not_before: retryAt,
        }))
        .where('state', 'in', ['pending', 'missing'])
        .execute();
    },
    tally: (account, deletionId) => tally(forTenant(account), account, deletionId),
    async listUnchecked(account, deletionId, limit) {
      const rows = await selectStored(forTenant(account), account, deletionId)
        .where('checked_at', 'is', null)
        .orderBy('call_at')
        .limit(limit)
        .execute();
      return rows.map(toStored);
    },
    async recordChecked(account, deletionId, { at, error, ...key }) {
      await updateObject(forTenant(account), account, deletionId, key)
        .set({ checked_at: at, last_error: error })
        .where('state', '=', 'stored')
        .execute();
    },
    async rootHash(account, deletionId) {
      const hash = createHash('sha256');
      const rows = await selectStored(forTenant(account), account, deletionId)
        .orderBy('call_id')
        .orderBy('kind')
        .execute();
      for (const row of rows) {
        const { callId, kind, bytes, sha256 } = toStored(row);
        hash.update(`${JSON.stringify([callId, kind, bytes, sha256])}\n`);
      }
      return hash.digest('hex');
    },
  };
}

function updateObject(db: Db, { tenantId }: AccountKey, deletionId: string, { callId, kind }: ObjectKey) {
  return db
    .updateTable('archive_objects')
    .where('tenant_id', '=', tenantId)
    .where('deletion_id', '=', deletionId)
    .where('call_id', '=', callId)
    .where('kind', '=', kind);
}

function selectStored(db: Db, { tenantId }: AccountKey, deletionId: string) {
  return db
    .selectFrom('archive_objects')
    .select(['call_id', 'kind', 'place', 'object_key', 'bytes', 'sha256'])
    .where('tenant_id', '=', tenantId)
    .where('deletion_id', '=', deletionId)
    .where('state', '=', 'stored');
}

function toStored(row: {
  readonly call_id: string;
  readonly kind: StoredObject['kind'];
  readonly place: string | null;
  readonly object_key: string | null;
  readonly bytes: string | null;
  readonly sha256: string | null;
}): StoredObject {
  return {
    callId: row.call_id,
    kind: row.kind,
    place: row.place ?? '',
    objectKey: row.object_key ?? '',
    bytes: Number(row.bytes ?? 0),
    sha256: row.sha256 ?? '',
  };
}

async function tally(db: Db, { tenantId }: AccountKey, deletionId: string): Promise<ArchiveTally> {
  const { rows } = await sql<Record<Exclude<keyof ArchiveTally, 'nextAt'>, string> & { nextAt: Date | null }>`
    select count(*) filter (where state = 'pending') as pending,
      count(*) filter (where state = 'missing') as missing,
      count(*) filter (where state = 'stored') as stored,
      count(*) filter (where state = 'waived') as waived,
      count(*) filter (where state = 'removed') as removed,
      coalesce(sum(bytes) filter (where state = 'stored'), 0) as bytes,
      count(*) filter (where state = 'stored' and checked_at is not null) as checked,
      count(*) filter (where state = 'stored' and checked_at is not null and last_error is not null) as damaged,
      min(not_before) filter (where state in ('pending', 'missing')) as "nextAt"
    from archive_objects where tenant_id = ${tenantId} and deletion_id = ${deletionId}`.execute(db);
  const [row] = rows;
  const count = (name: Exclude<keyof ArchiveTally, 'nextAt'>): number => Number(row?.[name] ?? 0);
  return {
    pending: count('pending'),
    missing: count('missing'),
    stored: count('stored'),
    waived: count('waived'),
    removed: count('removed'),
    bytes: count('bytes'),
    checked: count('checked'),
    damaged: count('damaged'),
    nextAt: row?.nextAt ?? null,
  };
}
