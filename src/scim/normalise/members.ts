import { nestedGroups } from '../../directory/groups.js';
import { AppError } from '../../domain/errors.js';
import { ascending } from '../../lib/ascending.js';
import { isId } from '../../lib/ids.js';
import { isComplex, type Complex } from './values.js';

/** As many as a message can usefully name. */
const NAMED = 10;

/**
 * Ids of members as IdPs write them: objects with `value`, plain text, `$ref` alone, one object instead of a list, or
 * `{"members": [...]}` once more (interop.md 2.5). Each id once. Throws AppError `invalid` for groups and for what
 * cannot be a user's id, naming it; `tooLarge` beyond `max`.
 */
export function readMemberIds(raw: unknown, max: number): readonly string[] {
  const ids = namedMembers(raw, max);
  assertIds(ids);
  return ids;
}

/**
 * The same as they come, without asking whether they can be ids: for a whole list of members, most of whom are there
 * already, so that only the others need to be looked at, with `assertIds`.
 */
export function listedMembers(raw: unknown, max: number): readonly string[] {
  const list: readonly unknown[] = Array.isArray(raw) ? raw : [raw];
  // Lists of ten thousand members are common, and an array for each of them costs more than all the rest.
  const members = list.every(isPlain) ? list : list.flatMap(unwrapped);
  if (members.length > max) {
    throw new AppError(
      'tooLarge',
      `One request may name ${String(max)} members. Send the others in further requests.`,
    );
  }
  return members.map(memberId);
}

function namedMembers(raw: unknown, max: number): readonly string[] {
  return ascending(listedMembers(raw, max));
}

/** Throws AppError `invalid`, naming those that cannot be a user's id. */
export function assertIds(ids: readonly string[]): void {
  const strangers = ids.filter((id) => !isId(id));
  if (strangers.length === 0) return;
  throw new AppError(
    'invalid',
    `Unknown members: ${strangers.slice(0, NAMED).join(', ')}. Nothing was changed.`,
    { scimType: 'invalidValue' },
  );
}

/** Ids to take out of a group. What cannot be an id is not a member already. */
export function readFormerMemberIds(raw: unknown, max: number): readonly string[] {
  return namedMembers(raw, max).filter(isId);
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
  if (typeof type === 'string' && hasName(type, 'group')) throw nestedGroups([value]);
  return value;
}

function lastSegment(reference: unknown): string | undefined {
  return typeof reference === 'string' ? reference.split('/').at(-1) : undefined;
}

/** Most members lack something that is looked for here, so that nothing may be made to find that out. */
function part(object: Complex, name: string): unknown {
  const found = object[name];
  if (found !== undefined && found !== null) return found;
  for (const key in object) if (hasName(key, name)) return object[key];
  return undefined;
}

/** `name` is in lower case. */
function hasName(text: string, name: string): boolean {
  return text.length === name.length && text.toLowerCase() === name;
}

function unreadable(): AppError {
  return new AppError('invalid', 'Each member needs a "value" with the id of a user.', {
    scimType: 'invalidValue',
  });
}
