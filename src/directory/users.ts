import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../domain/errors.js';
import type { Clock } from '../lib/clock.js';
import type {
  DirectoryAuditEvent,
  DirectoryChangeListener,
  DirectoryStore,
  DirectoryTransaction,
  EverybodyQuery,
  ListPage,
  ListQuery,
  TextPage,
  UserRecord,
  UserWrite,
  WholeResource,
  WriteContext,
} from './ports.js';
import { peopleKey } from './people-key.js';
import {
  buildWire,
  changedAttributes,
  externalIdOf,
  requiredText,
  searchKey,
  textOf,
  type Resource,
  type StoredResource,
} from './resource.js';

export interface UserDirectoryDeps {
  readonly store: DirectoryStore;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly onDirectoryChange: DirectoryChangeListener;
}

export interface ModifyOptions {
  /** Base URL of `$ref`s of the answer's groups; null leaves groups out. */
  readonly refBase: string | null;
  /** Whether the write may go ahead on this version (If-Match, RFC 7644 section 3.14). */
  readonly accepts?: (version: number) => boolean;
}

/** People of a tenant: what the IdP says is true. Every write is one transaction and is answered after commit. */
export interface UserDirectory {
  /** Throws AppError `conflict` when the userName is taken. */
  create(context: WriteContext, resource: Resource): Promise<StoredResource>;
  read(tenantId: string, id: string, refBase: string | null): Promise<StoredResource>;
  list(tenantId: string, query: ListQuery): Promise<ListPage>;
  /** What an IdP reads page by page when it imports or compares: the same as `list` of everybody, ready to be sent. */
  listEverybody(tenantId: string, query: EverybodyQuery): Promise<TextPage>;
  /**
   * Reads the user, applies `change` and writes what came out over exactly the version that was read; `change` may be
   * called again on a newer one. A change that changes nothing writes nothing. Throws AppError `notFound`, `stale`,
   * `conflict`, and what `change` throws; nothing is written then.
   */
  modify(
    context: WriteContext,
    id: string,
    change: (current: Resource) => Resource,
    options: ModifyOptions,
  ): Promise<StoredResource>;
  /**
   * As `modify` with a change of `active` and nothing else, which is what a leaver comes to: one round trip to the
   * database where the value differs.
   */
  setActive(
    context: WriteContext,
    id: string,
    active: boolean,
    refBase: string | null,
  ): Promise<StoredResource>;
  /** Leaves a tombstone: the positive fact that the IdP deleted the person. */
  remove(context: WriteContext, id: string, accepts?: (version: number) => boolean): Promise<void>;
}

export function makeUserDirectory(deps: UserDirectoryDeps): UserDirectory {
  const { store } = deps;
  return {
    create: (context, resource) => createUser(deps, context, resource),
    async read(tenantId, id, refBase) {
      return (await store.readUser(tenantId, id, refBase)) ?? unknownUser(id);
    },
    list: (tenantId, query) => store.listUsers(tenantId, query),
    listEverybody: (tenantId, query) => store.listEverybody(tenantId, query),
    modify: (context, id, change, options) => modifyUser(deps, { context, id, change, options }),
    setActive: (context, id, active, refBase) => setActive(deps, { context, id, active, refBase }),
    remove: (context, id, accepts) => removeUser(deps, context, id, accepts),
  };
}

async function createUser(
  deps: UserDirectoryDeps,
  context: WriteContext,
  resource: Resource,
): Promise<StoredResource> {
  const complete = { active: true, ...resource };
  const record = toRecord(deps.newId(), complete);
  const audit = auditEvent(deps, context, 'user.created', record.id, {
    attributes: Object.keys(complete).sort(),
    active: record.active,
  });
  const stored = await deps.store.insertUser(context.tenantId, record, audit);
  deps.onDirectoryChange(context.tenantId, { urgent: false });
  return stored;
}

interface UserChange {
  readonly context: WriteContext;
  readonly id: string;
  readonly change: (current: Resource) => Resource;
  readonly options: ModifyOptions;
}

interface Modified {
  readonly stored: StoredResource;
  /** null: nothing differed, nothing was written. */
  readonly write: UserWrite | null;
}

/**
 * Most people are changed by one request at a time: read, then one statement that writes only over the version that
 * was read. Whoever meets another writer there reads again under the row lock, so that no write is lost and everybody
 * gets through.
 */
async function modifyUser(deps: UserDirectoryDeps, wish: UserChange): Promise<StoredResource> {
  const { tenantId } = wish.context;
  const { stored, write } =
    (await modifyUnlocked(deps, wish)) ??
    (await deps.store.transaction(tenantId, (tx) => modifyLocked(deps, wish, tx)));
  if (write !== null) deps.onDirectoryChange(tenantId, { urgent: write.urgent });
  return stored;
}

/** null when somebody else wrote in between. */
async function modifyUnlocked(deps: UserDirectoryDeps, wish: UserChange): Promise<Modified | null> {
  const { id, context, options } = wish;
  const found = await deps.store.readWholeUser(context.tenantId, id, options.refBase);
  const current = found ?? unknownUser(id);
  const write = planWrite(deps, wish, current);
  if (write === null) return { stored: current, write };
  const stored = await deps.store.updateUser(context.tenantId, write);
  return stored === null ? null : { stored: { ...stored, references: current.references }, write };
}

async function modifyLocked(
  deps: UserDirectoryDeps,
  wish: UserChange,
  tx: DirectoryTransaction,
): Promise<Modified> {
  const current = (await tx.lockUser(wish.id, wish.options.refBase)) ?? unknownUser(wish.id);
  const write = planWrite(deps, wish, current);
  if (write === null) return { stored: current, write };
  const stored = await tx.updateUser(write);
  if (stored === null) throw new AppError('bug', 'A locked user changed its version.');
  return { stored: { ...stored, references: current.references }, write };
}

/** What a change comes to on the user as it is; null when it changes nothing. */
function planWrite(
  deps: UserDirectoryDeps,
  { context, id, change, options }: UserChange,
  current: WholeResource,
): UserWrite | null {
  assertAccepted(current, options.accepts);
  const record = toRecord(id, change(current.resource));
  const changed = changedAttributes(current.resource, record.resource, isDeepStrictEqual);
  if (changed.length === 0) return null;
  const action = changed.includes('active') ? activeAction(record.active) : 'user.changed';
  return {
    record,
    version: current.version,
    urgent: current.resource['active'] === true && !record.active,
    emailsChanged: changed.includes('emails'),
    reason: action,
    audit: auditEvent(deps, context, action, id, { attributes: changed, active: record.active }),
  };
}

interface ActiveChange {
  readonly context: WriteContext;
  readonly id: string;
  readonly active: boolean;
  readonly refBase: string | null;
}

async function setActive(
  deps: UserDirectoryDeps,
  { context, id, active, refBase }: ActiveChange,
): Promise<StoredResource> {
  const audit = auditEvent(deps, context, activeAction(active), id, { attributes: ['active'], active });
  const stored = await deps.store.setActive(context.tenantId, { id, active, refBase, audit });
  if (stored === null) {
    // Nobody of that id, or nothing to change: telling these apart takes a reading.
    const change = (current: Resource): Resource => ({ ...current, active });
    return modifyUser(deps, { context, id, change, options: { refBase } });
  }
  deps.onDirectoryChange(context.tenantId, { urgent: !active });
  return stored;
}

function activeAction(active: boolean): string {
  return active ? 'user.activated' : 'user.deactivated';
}

async function removeUser(
  deps: UserDirectoryDeps,
  context: WriteContext,
  id: string,
  accepts?: (version: number) => boolean,
): Promise<void> {
  await deps.store.transaction(context.tenantId, async (tx) => {
    const current = (await tx.lockUser(id, null)) ?? unknownUser(id);
    assertAccepted(current, accepts);
    await tx.tombstoneUser(id, auditEvent(deps, context, 'user.deleted', id, {}));
  });
  deps.onDirectoryChange(context.tenantId, { urgent: true });
}

/** Throws AppError `stale` when a precondition of the request no longer holds. */
export function assertAccepted(current: StoredResource, accepts?: (version: number) => boolean): void {
  if (accepts === undefined || accepts(current.version)) return;
  throw new AppError(
    'stale',
    'The resource was changed since it was read. Read it again and repeat the change.',
  );
}

/** Only a plain false makes a leaver: an emptied attribute is a mistake in the IdP's mapping, not a decision. */
function assertSaysActive(resource: Resource): void {
  if (typeof resource['active'] === 'boolean') return;
  throw new AppError(
    'invalid',
    'active cannot be removed or left empty: it must be true or false. Nothing was changed.',
    { scimType: 'invalidValue' },
  );
}

function toRecord(id: string, resource: Resource): UserRecord {
  assertSaysActive(resource);
  const userName = requiredText(resource, 'userName');
  return {
    id,
    userName,
    userNameKey: searchKey('userName', userName),
    externalId: externalIdOf(resource),
    active: resource['active'] === true,
    emailKeys: emailKeys(resource),
    peopleKey: peopleKey(resource, userName),
    resource,
    wire: buildWire('User', id, resource),
  };
}

function emailKeys(resource: Resource): readonly string[] {
  const emails = Array.isArray(resource['emails']) ? (resource['emails'] as readonly Resource[]) : [];
  const values = emails.map((email) => textOf(email, 'value')).filter((value) => value !== null);
  return [...new Set(values.map((value) => searchKey('emails.value', value)))];
}

function auditEvent(
  deps: UserDirectoryDeps,
  context: WriteContext,
  action: string,
  targetId: string,
  data: Readonly<Record<string, unknown>>,
): DirectoryAuditEvent {
  const { actor, correlationId } = context;
  return { at: deps.clock.now(), actor, action, targetType: 'User', targetId, correlationId, data };
}

function unknownUser(id: string): never {
  throw new AppError('notFound', `There is no user ${id}.`);
}
