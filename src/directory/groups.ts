import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../domain/errors.js';
import type {
  DirectoryAuditEvent,
  GroupRecord,
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

/** Groups of a tenant. Membership changes touch only the rows they name, however large the group is. */
export interface GroupDirectory {
  /** Throws AppError `conflict` (displayName taken) or `invalid` (unknown members). */
  create(context: WriteContext, resource: Resource, members: readonly string[]): Promise<StoredResource>;
  read(tenantId: string, id: string, refBase: string | null): Promise<StoredResource>;
  list(tenantId: string, query: ListQuery): Promise<ListPage>;
  /** As UserDirectory.modify; the answer carries no members. */
  modify(
    context: WriteContext,
    id: string,
    change: (current: Resource) => GroupChange,
    accepts?: (version: number) => boolean,
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
    modify: (context, id, change, accepts) => modifyGroup(deps, context, id, change, accepts),
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

async function modifyGroup(
  deps: UserDirectoryDeps,
  context: WriteContext,
  id: string,
  change: (current: Resource) => GroupChange,
  accepts?: (version: number) => boolean,
): Promise<StoredResource> {
  const outcome = await deps.store.transaction(context.tenantId, async (tx) => {
    const current = (await tx.lockGroup(id)) ?? unknownGroup(id);
    assertAccepted(current, accepts);
    const next = change(current.resource);
    const changed = changedAttributes(current.resource, next.resource, isDeepStrictEqual);
    const members = next.members !== null && isEmptyDelta(next.members) ? null : next.members;
    if (changed.length === 0 && members === null) return unchanged(current);
    const written = await tx.writeGroup(id, {
      record: changed.length === 0 ? null : toRecord(id, next.resource),
      members,
      audit: auditEvent(deps, context, 'group.changed', id, { attributes: changed }),
      reason: 'group.changed',
    });
    return assertMembersKnown(written);
  });
  if (outcome.changed) deps.onDirectoryChange(context.tenantId, { urgent: outcome.removed > 0 });
  return outcome.stored;
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
