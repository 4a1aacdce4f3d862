import { isDeepStrictEqual } from 'node:util';
import type { AttributeDefinition } from '../../directory/catalogue/attribute.js';
import { findSubAttribute } from '../../directory/schema-catalogue.js';
import { AppError } from '../../domain/errors.js';

/** Longer texts are refused: no attribute of a person needs them. */
const MAX_TEXT_LENGTH = 65_536;
const MAX_VALUES = 1_000;
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?$/i;

export type Complex = Readonly<Record<string, unknown>>;

/**
 * A value as the attribute's definition wants it, from whatever an IdP sends for it: "True" for a boolean, one object
 * for a list, plain text for a complex value, a list of one for a single value (scimmy.md "Input coercion",
 * interop.md 2.1). undefined when there is no value: null, "", [] and absent are the same (RFC 7643 section 2.5).
 * Throws AppError `invalid` (`invalidValue`) that names the attribute.
 */
export function coerceValue(definition: AttributeDefinition, raw: unknown): unknown {
  return definition.multiValued ? coerceList(definition, raw) : coerceSingle(definition, raw);
}

/** One element of a multi-valued attribute; undefined when it is empty. */
export function coerceElement(definition: AttributeDefinition, raw: unknown): unknown {
  return coerceSingle({ ...definition, multiValued: false }, raw);
}

function coerceList(definition: AttributeDefinition, raw: unknown): readonly unknown[] | undefined {
  if (isEmpty(raw)) return undefined;
  const elements: readonly unknown[] = Array.isArray(raw) ? raw : [raw];
  if (elements.length > MAX_VALUES) throw refused(definition, `has more than ${String(MAX_VALUES)} values`);
  const values = elements
    .map((element) => coerceElement(definition, element))
    .filter((element) => element !== undefined);
  return values.length === 0 ? undefined : withOnePrimary(withoutDuplicates(values));
}

function coerceSingle(definition: AttributeDefinition, raw: unknown): unknown {
  if (Array.isArray(raw)) {
    if (raw.length > 1) throw refused(definition, 'has one value only');
    return coerceSingle(definition, raw[0]);
  }
  if (isEmpty(raw)) return undefined;
  if (definition.type === 'complex') return coerceComplex(definition, raw);
  if (isComplex(raw)) {
    // Entra sends {"value":"False"} for a boolean.
    const entry = Object.entries(raw).find(([key]) => key.toLowerCase() === 'value');
    if (entry === undefined || isComplex(entry[1])) throw refused(definition, `must be a ${definition.type}`);
    return coerceSingle(definition, entry[1]);
  }
  return coerceScalar(definition, raw);
}

function coerceComplex(definition: AttributeDefinition, raw: unknown): Complex | undefined {
  if (!isComplex(raw)) {
    const value = findSubAttribute(definition, 'value');
    if (value === null) throw refused(definition, 'must be an object');
    const coerced = coerceSingle(value, raw);
    return coerced === undefined ? undefined : { value: coerced };
  }
  const complex: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(raw)) {
    const part = findSubAttribute(definition, key);
    if (part === null || part.mutability === 'readOnly') continue;
    const coerced = coerceValue(part, value);
    if (coerced !== undefined) complex[part.name] = coerced;
  }
  return Object.keys(complex).length === 0 ? undefined : complex;
}

function coerceScalar(definition: AttributeDefinition, raw: unknown): string | number | boolean {
  switch (definition.type) {
    case 'boolean':
      return coerceBoolean(definition, raw);
    case 'integer':
    case 'decimal':
      return coerceNumber(definition, raw);
    case 'dateTime':
      if (typeof raw === 'string' && DATE_TIME.test(raw) && !Number.isNaN(Date.parse(raw))) return raw;
      throw refused(definition, 'must be a date and time such as 2026-01-31T08:00:00Z');
    case 'string':
    case 'reference':
    case 'binary':
      return coerceText(definition, raw);
    case 'complex':
      throw refused(definition, 'must be an object');
  }
}

function coerceBoolean(definition: AttributeDefinition, raw: unknown): boolean {
  if (typeof raw === 'boolean') return raw;
  const text = typeof raw === 'string' ? raw.trim().toLowerCase() : '';
  if (text === 'true') return true;
  if (text === 'false') return false;
  throw refused(definition, 'must be true or false');
}

function coerceNumber(definition: AttributeDefinition, raw: unknown): number {
  const text = typeof raw === 'string' ? raw.trim() : '';
  const value = typeof raw === 'number' ? raw : /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) throw refused(definition, 'must be a number');
  if (definition.type === 'integer' && !Number.isSafeInteger(value))
    throw refused(definition, 'must be a whole number');
  return value;
}

/** Postgres cannot hold U+0000 or halves of surrogate pairs. */
function coerceText(definition: AttributeDefinition, raw: unknown): string {
  if (typeof raw === 'number') return String(raw);
  if (typeof raw !== 'string') throw refused(definition, 'must be text');
  if (raw.length > MAX_TEXT_LENGTH)
    throw refused(definition, `is longer than ${String(MAX_TEXT_LENGTH)} characters`);
  if (raw.includes('\0') || !raw.isWellFormed())
    throw refused(definition, 'holds a character that cannot be stored');
  return raw;
}

/** RFC 7643 section 2.4: no two values with the same type and value. The later one wins. */
function withoutDuplicates(values: readonly unknown[]): readonly unknown[] {
  const byIdentity = new Map<string, unknown>();
  for (const value of values) byIdentity.set(identityOf(value), value);
  return [...byIdentity.values()];
}

function identityOf(value: unknown): string {
  if (!isComplex(value) || value['value'] === undefined) return JSON.stringify(value);
  return JSON.stringify([value['value'], value['type'] ?? null]);
}

/** RFC 7643 section 2.4: primary is true at most once. The first one keeps it. */
function withOnePrimary(values: readonly unknown[]): readonly unknown[] {
  const first = values.findIndex((value) => isComplex(value) && value['primary'] === true);
  return first === -1 ? values : keepPrimary(values, values[first]);
}

/** The list with `chosen` as its only primary value. */
export function keepPrimary(values: readonly unknown[], chosen: unknown): readonly unknown[] {
  return values.map((value) =>
    value !== chosen && isComplex(value) && value['primary'] === true ? { ...value, primary: false } : value,
  );
}

/** Whether two values are the same value of a multi-valued attribute; one without a type goes with any. */
export function isSameElement(existing: unknown, incoming: unknown): boolean {
  if (!isComplex(existing) || !isComplex(incoming)) return isDeepStrictEqual(existing, incoming);
  if (incoming['value'] === undefined) return isDeepStrictEqual(existing, incoming);
  if (existing['value'] !== incoming['value']) return false;
  return incoming['type'] === undefined || existing['type'] === incoming['type'];
}

export function isComplex(value: unknown): value is Complex {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What an IdP sends for "no value". */
export function isEmpty(raw: unknown): boolean {
  return raw === undefined || raw === null || raw === '' || (Array.isArray(raw) && raw.length === 0);
}

function refused(definition: AttributeDefinition, problem: string): AppError {
  return new AppError('invalid', `The attribute "${definition.name}" ${problem}.`, {
    scimType: 'invalidValue',
  });
}
