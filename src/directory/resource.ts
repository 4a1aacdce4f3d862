import { AppError } from '../domain/errors.js';
import { foldCase } from './case-fold.js';
import { COMMON_ATTRIBUTES } from './catalogue/common.js';
import { RESOURCE_TYPES, type ResourceTypeName } from './schema-catalogue.js';

/**
 * A SCIM resource in canonical form: attribute names as the catalogue spells them, typed values, extension
 * attributes under their URN, nothing empty. Without what the server adds: schemas, id, meta, groups, members.
 */
export type Resource = Readonly<Record<string, unknown>>;

/** A resource as reads need it. */
export interface StoredResource {
  readonly id: string;
  /** Position in the order of creation. */
  readonly seq: number;
  /** JSON text of the resource with `schemas` and `id`, without `meta`, groups, members and its closing brace. */
  readonly wire: string;
  /** What follows `wire` in the JSON text: `,"meta":{…` up to where the value of `location` stands. */
  readonly meta: string;
  readonly version: number;
  /** Elements of `groups` (of a user) or `members` (of a group) as JSON text, joined by commas; null: not asked for. */
  readonly references: string | null;
}

/**
 * The JSON text that is stored beside a resource when it is written, so that reads need not build it: attributes in
 * the catalogue's order, behind `schemas` (core plus each extension in use, RFC 7643 section 3) and `id`. Its closing
 * brace is left out, because `meta` and memberships follow.
 */
export function buildWire(type: ResourceTypeName, id: string, resource: Resource): string {
  const { core, extensions } = RESOURCE_TYPES[type];
  const used = extensions.filter((schema) => resource[schema.id] !== undefined);
  const wire: Record<string, unknown> = { schemas: [core.id, ...used.map((schema) => schema.id)], id };
  for (const { name } of [...COMMON_ATTRIBUTES, ...core.attributes]) {
    if (resource[name] !== undefined) wire[name] = resource[name];
  }
  for (const schema of used) wire[schema.id] = resource[schema.id];
  return JSON.stringify(wire).slice(0, -1);
}

/** Text value of a top-level attribute, null when it has none. */
export function textOf(resource: Resource, name: string): string | null {
  const value = resource[name];
  return typeof value === 'string' ? value : null;
}

/** Value of a complex attribute, empty when it has none. */
export function complexOf(resource: Resource, name: string): Resource {
  const value = resource[name];
  return isComplex(value) ? value : {};
}

export function isComplex(value: unknown): value is Resource {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Names of the top-level attributes and extensions in which two resources differ. */
export function changedAttributes(
  before: Resource,
  after: Resource,
  isEqual: (a: unknown, b: unknown) => boolean,
): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !isEqual(before[name], after[name])).sort();
}

/** Postgres refuses index entries above a third of a page (2,704 bytes) unless they happen to compress well. */
const MAX_KEY_BYTES = 1_024;

/** The required text attribute by which a resource is known: userName or displayName. */
export function requiredText(resource: Resource, name: string): string {
  const value = textOf(resource, name);
  if (value !== null && value.trim() !== '') return value;
  throw new AppError('invalid', `${name} is required and must not be empty.`, { scimType: 'invalidValue' });
}

/** What is searched by, in the form that is compared. Throws AppError `invalid` for what no index could hold. */
export function searchKey(name: string, text: string): string {
  return indexable(name, foldCase(text));
}

/** An identifier of the IdP's, kept as it is. Throws as searchKey does. */
export function externalIdOf(resource: Resource): string | null {
  const value = textOf(resource, 'externalId');
  return value === null ? null : indexable('externalId', value);
}

function indexable(name: string, key: string): string {
  if (Buffer.byteLength(key) <= MAX_KEY_BYTES) return key;
  throw new AppError('invalid', `${name} is longer than ${String(MAX_KEY_BYTES)} bytes.`, {
    scimType: 'invalidValue',
  });
}
