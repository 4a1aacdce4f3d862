import type { DirectoryStore, DirectoryTransaction, ListPage, ListQuery } from '../../directory/ports.js';
import type { ResourceTypeName } from '../../directory/schema-catalogue.js';
import type { Db, TenantDatabase } from '../database.js';
import { sqlState } from '../pg-errors.js';
import { boundedSearch } from './bounded-search.js';
import { guarded } from './guard.js';
import { changeMembers, insertGroup, lockGroup, readGroup, tombstoneGroup, writeGroup } from './groups.js';
import { isCommon, listResources } from './lists.js';
import { setActive } from './active.js';
import { insertUser, readUser, readWholeUser, tombstoneUser, updateUser } from './users.js';

/** Deadlock detected, serialization failure: Postgres ended one of two transactions, which may be tried again. */
const RETRYABLE = new Set(['40P01', '40001']);
const MAX_ATTEMPTS = 4;

export interface DirectoryStoreLimits {
  /** Bounds the memory that one read of groups takes: beyond it, members have to be left out or fewer groups asked for. */
  readonly membersPerAnswer?: number;
  /** Bounds the time of searches that no index answers. */
  readonly searchTimeoutMs?: number;
}

/** The SCIM directory in Postgres. */
export function makeDirectoryStore(
  database: TenantDatabase,
  { membersPerAnswer = 200_000, searchTimeoutMs = 10_000 }: DirectoryStoreLimits = {},
): DirectoryStore {
  const of = (tenantId: string): Db => database.forTenant(tenantId);
  const list = (tenantId: string, type: ResourceTypeName, query: ListQuery): Promise<ListPage> => {
    const read = (db: Db) => listResources(db, tenantId, type, query, membersPerAnswer);
    return guarded(() =>
      isCommon(query) ? read(of(tenantId)) : boundedSearch(of(tenantId), searchTimeoutMs, read),
    );
  };
  return {
    insertUser: (tenantId, record, audit) => guarded(() => insertUser(of(tenantId), tenantId, record, audit)),
    readUser: (tenantId, id, refBase) => guarded(() => readUser(of(tenantId), tenantId, id, refBase)),
    readWholeUser: (tenantId, id, refBase) =>
      guarded(() => readWholeUser(of(tenantId), tenantId, id, { refBase, lock: false })),
    updateUser: (tenantId, write) => guarded(() => retried(() => updateUser(of(tenantId), tenantId, write))),
    setActive: (tenantId, write) => guarded(() => retried(() => setActive(of(tenantId), tenantId, write))),
    listUsers: (tenantId, query) => list(tenantId, 'User', query),
    readGroup: (tenantId, id, refBase) =>
      guarded(() => readGroup(of(tenantId), tenantId, id, { refBase, max: membersPerAnswer })),
    listGroups: (tenantId, query) => list(tenantId, 'Group', query),
    changeMembers: (tenantId, id, write) =>
      guarded(() => retried(() => changeMembers(of(tenantId), tenantId, id, write))),
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
