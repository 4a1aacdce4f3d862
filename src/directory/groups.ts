import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../domain/errors.js';
import type {
  DirectoryAuditEvent,
  DirectoryTransaction,
  GroupReading,
  GroupRecord,
  GroupWrite,
  ListPage,
  ListQuery,
  WholeResource,
  MemberChange,
  MemberDelta,
  MemberOutcome,
  WriteContext,
} from './ports.js';
import {
  buildWire,
  changedAttributes,
  externalIdOf,
  requiredText,
  searchKey,
  type Resource,
  type StoredResource,
} from './resource.js';
import { assertAccepted, type UserDirectoryDeps } from './users.js';

export interface GroupChange {
  readonly resource: Resource;
  /** null leaves the members alone. */
  readonly members: MemberChange | null;
}

export interface GroupModifyOptions {
  /** Whether the write may go ahead on this version (If-Match, RFC 7644 section 3.14). */
  readonly accepts?: ((version: number) => boolean) | undefined;
  /** What `foresee` gave. */
  readonly foreseen?: Promise<GroupReading | null> | undefined;
}

/** Groups of a tenant. Membership changes touch only the rows they name, however large the group is. */
export interface GroupDirectory {
  /** Throws AppError `conflict` (displayName taken) or `invalid` (unknown members). */
  create(context: WriteContext, resource: Resource, members: readonly string[]): Promise<StoredResource>;
  read(tenantId: string, id: string, refBase: string | null): Promise<StoredResource>;
  list(tenantId: string, query: ListQuery): Promise<ListPage>;
  /** Begins to read what a replacement of all members starts from, before it is known what they are replaced by. */
  foresee(tenantId: string, id: string): Promise<GroupReading | null>;
  /** As UserDirectory.modify; the answer carries no members. */
  modify(
    context: WriteContext,
    id: string,
    change: (current: Resource) => GroupChange,
    options?: GroupModifyOptions,
  ): Promise<StoredResource>;
  /** Adds and removes members whatever the group's version is. Throws AppError `notFound` or `invalid` (unknown members). */
  changeMembers(context: WriteContext, id: string, change: MemberDelta): Promise<StoredResource>;
  remove(context: WriteContext, id: string, accepts?: (version: number) => boolean): Promise<void>;
}

export function makeGroupDirectory(deps: UserDirectoryDeps): GroupDirectory {
  const { store } = deps;
  return {
    create: (context, resource, members) => createGroup(deps, context, resource, members),
    async read(tenantId, id, refBase) {
      return (await store.readGroup(tenantId, id, refBase)) ?? unknownGroup(id);
    },
    list: (tenantId, query) => store.listGroups(tenantId, query),
    foresee: (tenantId, id) => store.readGroupAndMembers(tenantId, id),
    modify: (context, id, change, options = {}) => modifyGroup(deps, { context, id, change, options }),
    changeMembers: (context, id, change) => changeMembers(deps, context, id, change),
    remove: (context, id, accepts) => removeGroup(deps, context, id, accepts),
  };
}

async function createGroup(
  deps: UserDirectoryDeps,
  context: WriteContext,
  resource: Resource,
  members: readonly string[],
): Promise<StoredResource> {
  const record = toRecord(deps.newId(), resource);
  const outcome = await deps.store.transaction(context.tenantId, async (tx) => {
    const written = await tx.insertGroup(record, {
      members: { type: 'delta', add: members, remove: [] },
      audit: auditEvent(deps, context, 'group.created', record.id, {
        attributes: Object.keys(resource).sort(),
      }),
      reason: 'group.created',
    });
    return assertMembersKnown(written);
  });
  deps.onDirectoryChange(context.tenantId, { urgent: false });
  return outcome.stored;
}

interface WishedChange {
  readonly context: WriteContext;
  readonly id: string;
  readonly change: (current: Resource) => GroupChange;
  readonly options: GroupModifyOptions;
}

/** Read, then one statement over the version that was read; under a lock where somebody else wrote in between. */
async function modifyGroup(deps: UserDirectoryDeps, wish: WishedChange): Promise<StoredResource> {
  const { tenantId } = wish.context;
  const outcome =
    (await modifyUnlocked(deps, wish)) ??
    (await deps.store.transaction(tenantId, (tx) => modifyLocked(deps, wish, tx)));
  if (outcome.changed) deps.onDirectoryChange(tenantId, { urgent: outcome.removed > 0 });
  return outcome.stored;
}

/** null when somebody else wrote in between. */
async function modifyUnlocked(deps: UserDirectoryDeps, wish: WishedChange): Promise<MemberOutcome | null> {
  const { context, id, options } = wish;
  const foreseen = (await options.foreseen) ?? null;
  const read = foreseen?.group ?? (await deps.store.readWholeGroup(context.tenantId, id));
  const current = read ?? unknownGroup(id);
  const write = planWrite(deps, wish, current);
  if (write === null) return unchanged(current);
  const { version } = current;
  const over = { ...write, version, present: foreseen?.members ?? null };
  const written = await deps.store.writeGroup(context.tenantId, id, over);
  return written === null ? null : assertMembersKnown(written);
}

async function modifyLocked(
  deps: UserDirectoryDeps,
  wish: WishedChange,
  tx: DirectoryTransaction,
): Promise<MemberOutcome> {
  const current = (await tx.lockGroup(wish.id)) ?? unknownGroup(wish.id);
  const write = planWrite(deps, wish, current);
  return write === null ? unchanged(current) : assertMembersKnown(await tx.writeGroup(wish.id, write));
}

/** What a change comes to on the group as it is; null where nothing can differ. */
function planWrite(
  deps: UserDirectoryDeps,
  { context, id, change, options }: WishedChange,
  current: WholeResource,
): GroupWrite | null {
  assertAccepted(current, options.accepts);
  const next = change(current.resource);
  const changed = changedAttributes(current.resource, next.resource, isDeepStrictEqual);
  const members = next.members !== null && isEmptyDelta(next.members) ? null : next.members;
  if (changed.length === 0 && members === null) return null;
  return {
    record: changed.length === 0 ? null : toRecord(id, next.resource),
    members,
    audit: auditEvent(deps, context, 'group.changed', id, { attributes: changed }),
    reason: 'group.changed',
  };
}

async function changeMembers(
  deps: UserDirectoryDeps,
  context: WriteContext,
  id: string,
  change: MemberDelta,
): Promise<StoredResource> {
  const outcome = await deps.store.changeMembers(context.tenantId, id, {
    members: change,
    audit: auditEvent(deps, context, 'group.changed', id, { attributes: [] }),
    reason: 'group.changed',
  });
  const { changed, removed, stored } = assertMembersKnown(outcome ?? unknownGroup(id));
  if (changed) deps.onDirectoryChange(context.tenantId, { urgent: removed > 0 });
  return stored;
}

async function removeGroup(
  deps: UserDirectoryDeps,
  context: WriteContext,
  id: string,
  accepts?: (version: number) => boolean,
): Promise<void> {
  const removed = await deps.store.transaction(context.tenantId, async (tx) => {
    const current = (await tx.lockGroup(id)) ?? unknownGroup(id);
    assertAccepted(current, accepts);
    return tx.tombstoneGroup(id, auditEvent(deps, context, 'group.deleted', id, {}));
  });
  deps.onDirectoryChange(context.tenantId, { urgent: removed > 0 });
}

function isEmptyDelta(change: MemberChange): boolean {
  return change.type === 'delta' && change.add.length === 0 && change.remove.length === 0;
}

function unchanged(stored: WholeResource): MemberOutcome {
  return { stored, changed: false, removed: 0, unknown: [] };
}

/** Thrown inside the transaction, so that nothing of the request is kept. */
function assertMembersKnown(outcome: MemberOutcome): MemberOutcome {
  const groups = outcome.unknown.filter((member) => member.isGroup).map((member) => member.id);
  if (groups.length > 0) throw nestedGroups(groups);
  if (outcome.unknown.length === 0) return outcome;
  const ids = outcome.unknown.map((member) => member.id).join(', ');
  throw new AppError('invalid', `Unknown members: ${ids}. Create these users first; nothing was changed.`, {
    scimType: 'invalidValue',
  });
}

/** The refusal of groups as members, wherever it is noticed. */
export function nestedGroups(ids: readonly string[]): AppError {
  return new AppError(
    'invalid',
    `Groups cannot be members of groups here: ${ids.join(', ')}. Push the people themselves; nothing was changed.`,
    { scimType: 'invalidValue' },
  );
}

function toRecord(id: string, resource: Resource): GroupRecord {
  const displayName = requiredText(resource, 'displayName');
  return {
    id,
    displayName,
    displayNameKey: searchKey('displayName', displayName),
    externalId: externalIdOf(resource),
    resource,
    wire: buildWire('Group', id, resource),
  };
}

function auditEvent(
  deps: UserDirectoryDeps,
  context: WriteContext,
  action: string,
  targetId: string,
  data: Readonly<Record<string, unknown>>,
): DirectoryAuditEvent {
  const { actor, correlationId } = context;
  return { at: deps.clock.now(), actor, action, targetType: 'Group', targetId, correlationId, data };
}

function unknownGroup(id: string): never {
  throw new AppError('notFound', `There is no group ${id}.`);
}
