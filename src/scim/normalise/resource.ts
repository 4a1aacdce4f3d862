import type { AttributeDefinition, SchemaDefinition } from '../../directory/catalogue/attribute.js';
import { resolveAttributePath } from '../../directory/filter/attribute-path.js';
import type { Resource } from '../../directory/resource.js';
import {
  findSchema,
  isExtension,
  schemasOf,
  type ResourceTypeName,
} from '../../directory/schema-catalogue.js';
import { AppError } from '../../domain/errors.js';
import { coerceValue, isComplex, isEmpty, type Complex } from './values.js';

/** The body of a create or a replace, in canonical form. */
export interface NormalisedBody {
  readonly resource: Resource;
  /** `members` of a group as they were sent; undefined when the body does not name them. */
  readonly members: unknown;
}

/**
 * Reads the body of POST and PUT: attribute names in any case, bare, dotted, under the core schema's URN or an
 * extension's; values coerced to their types. What the server owns (id, meta, groups) and what no schema knows is
 * left out (RFC 7644 sections 3.3 and 3.5.1), a password is accepted and not kept.
 * Throws AppError `invalid`.
 */
export function normaliseBody(type: ResourceTypeName, body: unknown): NormalisedBody {
  const source = objectBody(body);
  assertSchemas(type, source);
  const draft: Draft = { resource: {}, members: undefined };
  readAttributes(type, source, draft);
  return { resource: finished(type, draft.resource), members: draft.members };
}

/** The parsed JSON body of a request as an object. */
export function objectBody(body: unknown): Complex {
  if (isComplex(body)) return body;
  throw new AppError(
    'invalid',
    'The request needs a body that is one JSON object, sent as application/scim+json.',
    { scimType: 'invalidSyntax' },
  );
}

interface Draft {
  readonly resource: Record<string, unknown>;
  members: unknown;
}

/** Clients add schemas of their own (Entra's ADSCIM group), or none; but one of ours must be meant. */
function assertSchemas(type: ResourceTypeName, source: Complex): void {
  const entry = Object.entries(source).find(([key]) => key.toLowerCase() === 'schemas');
  if (entry === undefined || isEmpty(entry[1])) return;
  const urns: readonly unknown[] = Array.isArray(entry[1]) ? entry[1] : [entry[1]];
  if (urns.some((urn) => typeof urn === 'string' && findSchema(type, urn) !== null)) return;
  const wanted = schemasOf(type).map((schema) => schema.id);
  throw new AppError('invalid', `"schemas" names none of ${wanted.join(', ')}: this is not a ${type}.`, {
    scimType: 'invalidSyntax',
  });
}

function readAttributes(type: ResourceTypeName, source: Complex, draft: Draft): void {
  for (const [key, value] of Object.entries(source)) {
    const schema = findSchema(type, key);
    if (schema === null) readAttribute(type, key, value, draft);
    else if (isEmpty(value)) continue;
    else if (!isComplex(value)) throw new AppError('invalid', `"${key}" must be an object.`);
    else readSchema(type, schema, value, draft);
  }
}

/** Attributes that are grouped under a schema's URN. */
function readSchema(type: ResourceTypeName, schema: SchemaDefinition, values: Complex, draft: Draft): void {
  for (const [name, value] of Object.entries(values)) {
    if (findSchema(type, name) === null) readAttribute(type, `${schema.id}:${name}`, value, draft);
  }
}

function readAttribute(type: ResourceTypeName, key: string, value: unknown, draft: Draft): void {
  const path = resolveAttributePath(type, key);
  if (path === null || !isWritable(path.attribute)) return;
  const inExtension = isExtension(type, path.schema);
  // A bare name means the core schema: "role" at the top is nobody's telephony role.
  if (inExtension && !key.toLowerCase().startsWith('urn:')) return;
  if (type === 'Group' && path.attribute.name === 'members') {
    draft.members = value;
    return;
  }
  const container = inExtension ? childOf(draft.resource, path.schema.id) : draft.resource;
  if (path.subAttribute === null) {
    container[path.attribute.name] = coerceValue(path.attribute, value);
  } else if (!path.attribute.multiValued && isWritable(path.subAttribute)) {
    childOf(container, path.attribute.name)[path.subAttribute.name] = coerceValue(path.subAttribute, value);
  }
}

export function isWritable(definition: AttributeDefinition): boolean {
  return (
    definition.mutability !== 'readOnly' &&
    definition.mutability !== 'writeOnly' &&
    definition.name !== 'schemas'
  );
}

function childOf(parent: Record<string, unknown>, name: string): Record<string, unknown> {
  const existing = parent[name];
  const child: Record<string, unknown> = isComplex(existing) ? { ...existing } : {};
  parent[name] = child;
  return child;
}

/** Without what turned out empty. */
function finished(type: ResourceTypeName, draft: Record<string, unknown>): Resource {
  const [core] = schemasOf(type);
  const entries = Object.entries(draft)
    .map(([key, value]) => [key, isComplex(value) ? withoutEmpty(value) : value] as const)
    .filter(([key, value]) => key !== core?.id && value !== undefined);
  return Object.fromEntries(entries);
}

function withoutEmpty(value: Complex): Complex | undefined {
  const entries = Object.entries(value)
    .map(([key, part]) => [key, isComplex(part) ? withoutEmpty(part) : part] as const)
    .filter(([, part]) => part !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
