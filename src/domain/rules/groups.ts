import type { DirectoryGroup } from '../directory.js';
import type { GroupRef } from '../mapping.js';

/** What a rule's group reference means in today's directory. Ids are SCIM ids. */
export type ResolvedGroup =
  | { readonly type: 'found'; readonly id: string }
  /** Several groups of one name: which of them the rule means cannot be told. */
  | { readonly type: 'ambiguous'; readonly ids: readonly string[] }
  /** Not pushed yet, renamed or deleted. */
  | { readonly type: 'missing' };

export interface GroupIndex {
  readonly ids: ReadonlySet<string>;
  readonly byName: ReadonlyMap<string, readonly string[]>;
  readonly byExternalId: ReadonlyMap<string, readonly string[]>;
}

export function indexGroups(groups: readonly DirectoryGroup[]): GroupIndex {
  const byName = new Map<string, string[]>();
  const byExternalId = new Map<string, string[]>();
  for (const { id, displayName, externalId } of groups) {
    append(byName, nameKey(displayName), id);
    if (externalId !== null) append(byExternalId, externalId, id);
  }
  return { ids: new Set(groups.map(({ id }) => id)), byName, byExternalId };
}

export function resolveGroup(index: GroupIndex, ref: GroupRef): ResolvedGroup {
  const ids = idsOf(index, ref);
  const [id] = ids;
  if (id === undefined) return { type: 'missing' };
  return ids.length === 1 ? { type: 'found', id } : { type: 'ambiguous', ids };
}

/** The reference as an admin typed it, for reasons and notices. */
export function describeGroup(ref: GroupRef): string {
  switch (ref.by) {
    case 'name':
      return `group "${ref.name}"`;
    case 'id':
      return `group with id ${ref.id}`;
    case 'externalId':
      return `group with external id ${ref.externalId}`;
  }
}

function idsOf(index: GroupIndex, ref: GroupRef): readonly string[] {
  switch (ref.by) {
    case 'name':
      return index.byName.get(nameKey(ref.name)) ?? [];
    case 'id':
      return index.ids.has(ref.id) ? [ref.id] : [];
    case 'externalId':
      return index.byExternalId.get(ref.externalId) ?? [];
  }
}

function nameKey(name: string): string {
  return name.trim().toLowerCase();
}

function append(map: Map<string, string[]>, key: string, id: string): void {
  const ids = map.get(key);
  if (ids === undefined) map.set(key, [id]);
  else ids.push(id);
}
