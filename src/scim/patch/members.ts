import type { FilterNode } from '../../directory/filter/ast.js';
import type { MemberChange } from '../../directory/ports.js';
import { AppError } from '../../domain/errors.js';
import { readFormerMemberIds, readMemberIds } from '../normalise/members.js';
import { isEmpty } from '../normalise/values.js';
import type { PatchEdit } from './edits.js';

/**
 * Folds the edits of `members`, in order, into one change of memberships, without looking at the members there are:
 * adding one to a group of a hundred thousand costs what it costs for ten. null when no edit is about members.
 */
export function foldMemberEdits(edits: readonly PatchEdit[], maxMembers: number): MemberChange | null {
  if (edits.length === 0) return null;
  const fold: MemberFold = { replaces: false, add: new Set(), remove: new Set() };
  for (const edit of edits) applyEdit(fold, edit, maxMembers);
  return fold.replaces
    ? { type: 'replace', members: [...fold.add] }
    : { type: 'delta', add: [...fold.add], remove: [...fold.remove] };
}

/** Once somebody replaced the list, what was there before no longer counts. */
interface MemberFold {
  replaces: boolean;
  readonly add: Set<string>;
  readonly remove: Set<string>;
}

function applyEdit(fold: MemberFold, edit: PatchEdit, maxMembers: number): void {
  const { verb, path, value } = edit;
  if (path.subAttribute !== null && path.subAttribute.name !== 'value') throw immutable();
  if (path.valueFilter !== null) {
    if (verb !== 'remove' || path.subAttribute !== null) throw immutable();
    for (const id of idsOf(path.valueFilter)) removeMember(fold, id);
    return;
  }
  switch (verb) {
    case 'add':
      for (const id of readMemberIds(value, maxMembers)) addMember(fold, id);
      return;
    case 'replace':
      replaceMembers(fold, readMemberIds(value, maxMembers));
      return;
    case 'remove':
      // An empty list names nobody; no value at all means everybody (RFC 7644 section 3.5.2.2).
      if (value === undefined || value === null) replaceMembers(fold, []);
      else
        for (const id of isEmpty(value) ? [] : readFormerMemberIds(value, maxMembers)) removeMember(fold, id);
  }
}

function addMember(fold: MemberFold, id: string): void {
  fold.remove.delete(id);
  fold.add.add(id);
}

function removeMember(fold: MemberFold, id: string): void {
  fold.add.delete(id);
  fold.remove.add(id);
}

function replaceMembers(fold: MemberFold, ids: readonly string[]): void {
  fold.replaces = true;
  fold.remove.clear();
  fold.add.clear();
  for (const id of ids) fold.add.add(id);
}

/** `members[value eq "a" or value eq "b"]`. */
function idsOf(filter: FilterNode): readonly string[] {
  if (filter.type === 'or') return filter.children.flatMap(idsOf);
  const isId =
    filter.type === 'compare' && filter.operator === 'eq' && filter.path.subAttribute?.name === 'value';
  if (isId) return readFormerMemberIds([filter.value], 1);
  throw new AppError('invalid', 'Members can be selected by value only, as in members[value eq "…"].', {
    scimType: 'invalidFilter',
  });
}

function immutable(): AppError {
  return new AppError('invalid', 'A member cannot be changed, only added or removed.', {
    scimType: 'mutability',
  });
}
