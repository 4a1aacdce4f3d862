import type { DirectoryUser, SubjectStatus } from '../domain/directory.js';
import { ENTERPRISE_SCHEMA } from './catalogue/enterprise-user.js';
import type { AttributeDefinition, SchemaDefinition } from './catalogue/attribute.js';
import { RESOURCE_TYPES } from './schema-catalogue.js';
import { complexOf, isComplex, textOf, type Resource } from './resource.js';

export interface SubjectFacts {
  readonly id: string;
  readonly userName: string;
  readonly resource: Resource;
  readonly active: boolean;
  readonly deleted: boolean;
  readonly groupIds: readonly string[];
}

/** A stored user as the rules see it. */
export function toDirectoryUser(facts: SubjectFacts): DirectoryUser {
  const { resource } = facts;
  const name = complexOf(resource, 'name');
  const givenName = textOf(name, 'givenName') ?? '';
  const familyName = textOf(name, 'familyName') ?? '';
  return {
    id: facts.id,
    userName: facts.userName,
    externalId: textOf(resource, 'externalId'),
    status: statusOf(facts),
    email: emailOf(facts),
    givenName,
    familyName,
    displayName:
      textOf(resource, 'displayName') ??
      textOf(name, 'formatted') ??
      ([givenName, familyName].filter((part) => part !== '').join(' ') || facts.userName),
    attributes: attributesOf(resource),
    groupIds: facts.groupIds,
  };
}

function statusOf({ deleted, active }: SubjectFacts): SubjectStatus {
  if (deleted) return 'deleted';
  return active ? 'active' : 'inactive';
}

/** The primary address, else the one for work, else the first; a userName that is an address stands in. */
function emailOf({ resource, userName }: SubjectFacts): string | null {
  const emails = (
    Array.isArray(resource['emails']) ? (resource['emails'] as readonly Resource[]) : []
  ).filter((email) => textOf(email, 'value') !== null);
  const chosen =
    emails.find((email) => email['primary'] === true) ??
    emails.find((email) => textOf(email, 'type')?.toLowerCase() === 'work') ??
    emails[0];
  if (chosen !== undefined) return textOf(chosen, 'value');
  return /^[^@\s]+@[^@\s]+$/.test(userName) ? userName : null;
}

/**
 * Values by lower-case path: core attributes by name, extension attributes by full URN path, those of the enterprise
 * extension by bare name too because that is how admins know them.
 */
function attributesOf(resource: Resource): Readonly<Record<string, readonly string[]>> {
  const { core, extensions } = RESOURCE_TYPES.User;
  const attributes: Record<string, readonly string[]> = {};
  collect(core, resource, '', attributes);
  for (const schema of extensions) {
    const values = complexOf(resource, schema.id);
    collect(schema, values, `${schema.id.toLowerCase()}:`, attributes);
    if (schema === ENTERPRISE_SCHEMA) collect(schema, values, '', attributes);
  }
  return attributes;
}

function collect(
  schema: SchemaDefinition,
  values: Resource,
  prefix: string,
  into: Record<string, readonly string[]>,
): void {
  for (const attribute of schema.attributes) {
    const value = values[attribute.name];
    if (value === undefined) continue;
    const path = prefix + attribute.name.toLowerCase();
    const elements: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (attribute.type === 'complex') collectParts(attribute, elements, path, into);
    else into[path] = elements.map(String);
  }
}

function collectParts(
  attribute: AttributeDefinition,
  elements: readonly unknown[],
  path: string,
  into: Record<string, readonly string[]>,
): void {
  for (const part of attribute.subAttributes) {
    const values = elements.flatMap((element) => {
      const value = isComplex(element) ? element[part.name] : undefined;
      return value === undefined ? [] : [String(value)];
    });
    if (values.length > 0) into[`${path}.${part.name.toLowerCase()}`] = values;
  }
}
