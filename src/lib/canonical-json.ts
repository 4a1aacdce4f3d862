import { createHash } from 'node:crypto';

/** The value has no JSON form that would tell it from others, so a digest over it would mean nothing. */
export class NotCanonicalError extends Error {
  override readonly name = 'NotCanonicalError';
}

/**
 * JSON with the keys of every object sorted (by UTF-16 code unit, as in RFC 8785) and no spaces: equal values give
 * equal text. Properties that are undefined are left out, dates are written as JSON writes them.
 * @throws NotCanonicalError for functions, symbols, bigints, NaN, infinities, maps, sets, undefined in a list, cycles.
 */
export function canonicalJson(value: unknown): string {
  return write(value, []);
}

/** SHA-256 over the canonical form, in hex. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

function write(value: unknown, parents: readonly object[]): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (typeof value !== 'object') throw new NotCanonicalError(`A ${typeof value} has no canonical JSON form.`);
  if (parents.includes(value)) throw new NotCanonicalError('A value that contains itself has no JSON form.');
  const inside = [...parents, value];
  if (Array.isArray(value)) return `[${Array.from(value, (item) => write(item, inside)).join(',')}]`;
  if (value instanceof Date) return write(value.toJSON(), inside);
  return writeObject(value, inside);
}

function writeObject(value: object, inside: readonly object[]): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new NotCanonicalError(`A ${value.constructor.name} has no canonical JSON form.`);
  }
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${write(member, inside)}`);
  return `{${members.join(',')}}`;
}
