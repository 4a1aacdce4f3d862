import type { IdpGroup, IdpPerson } from '../../domain/findings/directory-view.js';
import type { DeltaGroup, DeltaUser } from './settings.js';

/** Changes of people applied to those known; whoever was removed stays, as somebody who is gone: a positive fact. */
export function applyUsers(
  known: ReadonlyMap<string, IdpPerson>,
  changes: readonly DeltaUser[],
): ReadonlyMap<string, IdpPerson> {
  const people = new Map(known);
  for (const change of changes) {
    const before = people.get(change.id);
    const reason = change['@removed']?.reason;
    if (reason === undefined) people.set(change.id, merge(before, change));
    else if (before !== undefined) {
      people.set(change.id, { ...before, isActive: false, status: `removed (${reason})` });
    }
  }
  return people;
}

/** A property that is absent did not change; one that is null was cleared. */
function merge(before: IdpPerson | undefined, change: DeltaUser): IdpPerson {
  const text = (value: string | null | undefined, old: string | null | undefined): string | null =>
    value === undefined ? (old ?? null) : value;
  const isEnabled = change.accountEnabled ?? before?.isActive ?? true;
  return {
    id: change.id,
    userName: text(change.userPrincipalName, before?.userName),
    email: text(change.mail, before?.email),
    givenName: text(change.givenName, before?.givenName),
    familyName: text(change.surname, before?.familyName),
    isActive: isEnabled,
    status: isEnabled ? 'enabled' : 'accountEnabled: false',
    attributes: attributesOf(before?.attributes ?? {}, change),
  };
}

function attributesOf(
  before: IdpPerson['attributes'],
  { jobTitle, department, employeeId }: DeltaUser,
): IdpPerson['attributes'] {
  const after: Record<string, string> = { ...before };
  const set = (path: string, value: string | null | undefined): void => {
    if (value === undefined) return;
    if (value === null) delete after[path];
    else after[path] = value;
  };
  set('title', jobTitle);
  set('department', department);
  set('employeenumber', employeeId);
  return after;
}

/** Members of one group may come on several pages, each time as what was added and removed. */
export function applyGroups(
  known: ReadonlyMap<string, IdpGroup>,
  changes: readonly DeltaGroup[],
): ReadonlyMap<string, IdpGroup> {
  const groups = new Map(
    [...known].map(([id, group]) => [id, { ...group, members: new Set(group.memberIds) }]),
  );
  for (const change of changes) {
    if (change['@removed'] !== undefined) {
      groups.delete(change.id);
      continue;
    }
    const before = groups.get(change.id);
    const members = before?.members ?? new Set<string>();
    for (const member of change['members@delta'] ?? []) {
      if (member['@removed'] === undefined) members.add(member.id);
      else members.delete(member.id);
    }
    const name = change.displayName ?? before?.name ?? '';
    groups.set(change.id, { id: change.id, name, memberIds: [], members });
  }
  return new Map(
    [...groups].map(([id, { members, ...group }]) => [id, { ...group, memberIds: [...members] }]),
  );
}
