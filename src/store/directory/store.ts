import type { DirectoryStore, DirectoryTransaction } from '../../directory/ports.js';
import type { Db, TenantDatabase } from '../database.js';
import { sqlState } from '../pg-errors.js';
import { guarded } from './guard.js';
import { insertGroup, lockGroup, readGroup, tombstoneGroup, writeGroup } from './groups.js';
import { listResources } from './lists.js';
import { insertUser, readUser, readWholeUser, tombstoneUser, updateUser } from './users.js';

/** Deadlock detected, serialization failure: Postgres ended one of two transactions, which may be tried again. */
const RETRYABLE = new Set(['40P01', '40001']);
const MAX_ATTEMPTS = 4;

/**
 * The SCIM directory in Postgres. `membersPerAnswer` bounds the memory that one read of groups takes: beyond it, the
 * members have to be left out or fewer groups asked for.
 */
export function makeDirectoryStore(
  database: TenantDatabase,
  { membersPerAnswer = 200_000 }: { readonly membersPerAnswer?: number } = {},
): DirectoryStore {
  const of = (tenantId: string): Db => database.forTenant(tenantId);
  return {
    insertUser: (tenantId, record, audit) => guarded(() => insertUser(of(tenantId), tenantId, record, audit)),
    readUser: (tenantId, id, refBase) => guarded(() => readUser(of(tenantId), tenantId, id, refBase)),
    readWholeUser: (tenantId, id, refBase) =>
      guarded(() => readWholeUser(of(tenantId), tenantId, id, { refBase, lock: false })),
    updateUser: (tenantId, write) => guarded(() => retried(() => updateUser(of(tenantId), tenantId, write))),
    listUsers: (tenantId, query) =>
      guarded(() => listResources(of(tenantId), tenantId, 'User', query, membersPerAnswer)),
    readGroup: (tenantId, id, refBase) =>
      guarded(() => readGroup(of(tenantId), tenantId, id, { refBase, max: membersPerAnswer })),
    listGroups: (tenantId, query) =>
      guarded(() => listResources(of(tenantId), tenantId, 'Group', query, membersPerAnswer)),
    transaction: (tenantId, work) =>
      guarded(() =>
        retried(() =>
          of(tenantId)
            .transaction()
            .execute((trx) => work(directoryTransaction(trx, tenantId))),
        ),
      ),
  };
}

function directoryTransaction(db: Db, tenantId: string): DirectoryTransaction {
  return {
    lockUser: (id, refBase) => readWholeUser(db, tenantId, id, { refBase, lock: true }),
    updateUser: (write) => updateUser(db, tenantId, write),
    tombstoneUser: (id, audit) => tombstoneUser(db, tenantId, id, audit),
    lockGroup: (id) => lockGroup(db, tenantId, id),
    insertGroup: (record, write) => insertGroup(db, tenantId, record, write),
    writeGroup: (id, write) => writeGroup(db, tenantId, id, write),
    tombstoneGroup: (id, audit) => tombstoneGroup(db, tenantId, id, audit),
  };
}

async function retried<T>(attempt: () => Promise<T>): Promise<T> {
  for (let count = 1; ; count += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (count >= MAX_ATTEMPTS || !RETRYABLE.has(sqlState(error) ?? '')) throw error;
    }
  }
}
