import { nestedGroups } from '../../directory/groups.js';
import { AppError } from '../../domain/errors.js';
import { ID_CHARS, ID_PATTERN } from '../../lib/ids.js';
import { isComplex, type Complex } from './values.js';

const UUID = new RegExp(`^${ID_PATTERN}$`);
/** Looking at ten thousand one by one takes several times as long as looking at them joined. */
const UUIDS = new RegExp(`^(?:${ID_PATTERN})*$`);
/** As many as a message can usefully name. */
const NAMED = 10;

/**
 * Ids of members as IdPs write them: objects with `value`, plain text, `$ref` alone, one object instead of a list, or
 * `{"members": [...]}` once more (interop.md 2.5). Each id once. Throws AppError `invalid` for groups and for what
 * cannot be a user's id, naming it; `tooLarge` beyond `max`.
 */
export function readMemberIds(raw: unknown, max: number): readonly string[] {
  const ids = distinct(listMembers(raw, max).map(memberId));
  if (!areUuids(ids)) {
    const strangers = ids.filter((id) => !UUID.test(id));
    throw new AppError(
      'invalid',
      `Unknown members: ${strangers.slice(0, NAMED).join(', ')}. Nothing was changed.`,
      {
        scimType: 'invalidValue',
      },
    );
  }
  return ids;
}

function areUuids(ids: readonly string[]): boolean {
  return ids.every(({ length }) => length === ID_CHARS) && UUIDS.test(ids.join(''));
}

/** Ids to take out of a group. What cannot be an id is not a member already. */
export function readFormerMemberIds(raw: unknown, max: number): readonly string[] {
  return distinct(listMembers(raw, max).map(memberId)).filter((id) => UUID.test(id));
}

/** In ascending order, which is how the members of a group are sent: sorting what is sorted costs little. */
function distinct(ids: readonly string[]): readonly string[] {
  return ids.toSorted().filter((id, index, sorted) => id !== sorted[index - 1]);
}

function listMembers(raw: unknown, max: number): readonly unknown[] {
  const list: readonly unknown[] = Array.isArray(raw) ? raw : [raw];
  // Lists of ten thousand members are common, and an array for each of them costs more than all the rest.
  const members = list.every(isPlain) ? list : list.flatMap(unwrapped);
  if (members.length > max) {
    throw new AppError(
      'tooLarge',
      `One request may name ${String(max)} members. Send the others in further requests.`,
    );
  }
  return members;
}

function isPlain(entry: unknown): boolean {
  return isComplex(entry) && entry['value'] !== undefined;
}

/** `{"members": [...]}` in place of the list itself; null and "" are no member. */
function unwrapped(entry: unknown): readonly unknown[] {
  if (entry === null || entry === undefined || entry === '') return [];
  const mayWrap = isComplex(entry) && entry['value'] === undefined;
  const inner = mayWrap ? part(entry, 'members') : undefined;
  return Array.isArray(inner) ? inner : [entry];
}

function memberId(member: unknown): string {
  if (typeof member === 'string') return member;
  if (!isComplex(member)) throw unreadable();
  const value = part(member, 'value') ?? lastSegment(part(member, '$ref'));
  if (typeof value !== 'string') throw unreadable();
  const type = part(member, 'type');
  if (typeof type === 'string' && type.toLowerCase() === 'group') throw nestedGroups([value]);
  return value;
}

function lastSegment(reference: unknown): string | undefined {
  return typeof reference === 'string' ? reference.split('/').at(-1) : undefined;
}

function part(object: Complex, name: string): unknown {
  return object[name] ?? Object.entries(object).find(([key]) => key.toLowerCase() === name)?.[1];
}

function unreadable(): AppError {
  return new AppError('invalid', 'Each member needs a "value" with the id of a user.', {
    scimType: 'invalidValue',
  });
}
