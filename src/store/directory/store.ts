import type {
  ActiveWrite,
  DirectoryStore,
  DirectoryTransaction,
  ListPage,
  ListQuery,
} from '../../directory/ports.js';
import type { StoredResource } from '../../directory/resource.js';
import type { ResourceTypeName } from '../../directory/schema-catalogue.js';
import type { Db, TenantDatabase } from '../database.js';
import { isDatabaseUnavailable, sqlState } from '../pg-errors.js';
import { inTransaction, retried } from '../retried.js';
import { boundedSearch } from './bounded-search.js';
import { guarded } from './guard.js';
import {
  changeMembers,
  insertGroup,
  readGroup,
  readGroupAndMembers,
  readWholeGroup,
  tombstoneGroup,
  writeGroup,
  writeLockedGroup,
} from './groups.js';
import { listEverybody } from './everybody.js';
import { isCommon, listResources } from './lists.js';
import { setActive } from './active.js';
import { assertCreated, insertUsers, type NewUser } from './insert-users.js';
import { makeTogether } from './together.js';
import { readUser, readWholeUser, tombstoneUser, updateUser } from './users.js';

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
  const create = createTogether(of);
  const makeActive = setActiveTogether(of);
  return {
    insertUser: (tenantId, record, audit) =>
      guarded(async () => assertCreated(await create({ tenantId, record, audit }), record)),
    readUser: (tenantId, id, refBase) => guarded(() => readUser(of(tenantId), tenantId, id, refBase)),
    readWholeUser: (tenantId, id, refBase) =>
      guarded(() => readWholeUser(of(tenantId), tenantId, id, { refBase, lock: false })),
    updateUser: (tenantId, write) => guarded(() => retried(() => updateUser(of(tenantId), tenantId, write))),
    setActive: (tenantId, write) => guarded(() => makeActive({ tenantId, ...write })),
    listUsers: (tenantId, query) => list(tenantId, 'User', query),
    listEverybody: (tenantId, query) => guarded(() => listEverybody(of(tenantId), tenantId, query)),
    readGroup: (tenantId, id, refBase) =>
      guarded(() => readGroup(of(tenantId), tenantId, id, { refBase, max: membersPerAnswer })),
    readWholeGroup: (tenantId, id) =>
      guarded(() => readWholeGroup(of(tenantId), tenantId, id, { lock: false })),
    readGroupAndMembers: (tenantId, id) => guarded(() => readGroupAndMembers(of(tenantId), tenantId, id)),
    writeGroup: (tenantId, id, write) =>
      guarded(() => retried(() => writeGroup(of(tenantId), tenantId, id, write))),
    listGroups: (tenantId, query) => list(tenantId, 'Group', query),
    changeMembers: (tenantId, id, write) =>
      guarded(() => retried(() => changeMembers(of(tenantId), tenantId, id, write))),
    transaction: (tenantId, work) =>
      guarded(() => inTransaction(of(tenantId), (trx) => work(directoryTransaction(trx, tenantId)))),
  };
}

type TenantDb = (tenantId: string) => Db;

function createTogether(of: TenantDb) {
  return makeTogether<NewUser & { readonly tenantId: string }, StoredResource | null>({
    laneOf: ({ tenantId }) => tenantId,
    identityOf: ({ record }) => record.id,
    write: retriedForTenant((tenantId, users) => insertUsers(of(tenantId), tenantId, users)),
    isOnesFault,
  });
}

/** A statement for those who go and another one for those who come: the one is more urgent, and does more. */
function setActiveTogether(of: TenantDb) {
  return makeTogether<ActiveWrite & { readonly tenantId: string }, StoredResource | null>({
    laneOf: ({ tenantId, active, refBase }) => `${tenantId} ${String(active)} ${String(refBase)}`,
    identityOf: ({ id }) => id,
    write: retriedForTenant((tenantId, writes) => setActive(of(tenantId), tenantId, writes)),
    isOnesFault,
  });
}

function retriedForTenant<Item extends { readonly tenantId: string }, Result>(
  write: (tenantId: string, items: readonly Item[]) => Promise<readonly Result[]>,
) {
  return (items: readonly Item[]) => retried(() => write(items[0]?.tenantId ?? '', items));
}

/** Postgres refused the statement, so that nothing of it was written. A lost connection leaves that open. */
function isOnesFault(error: unknown): boolean {
  return sqlState(error) !== null && !isDatabaseUnavailable(error);
}

function directoryTransaction(db: Db, tenantId: string): DirectoryTransaction {
  return {
    lockUser: (id, refBase) => readWholeUser(db, tenantId, id, { refBase, lock: true }),
    updateUser: (write) => updateUser(db, tenantId, write),
    tombstoneUser: (id, audit) => tombstoneUser(db, tenantId, id, audit),
    lockGroup: (id) => readWholeGroup(db, tenantId, id, { lock: true }),
    insertGroup: (record, write) => insertGroup(db, tenantId, record, write),
    writeGroup: (id, write) => writeLockedGroup(db, tenantId, id, write),
    tombstoneGroup: (id, audit) => tombstoneGroup(db, tenantId, id, audit),
  };
}
