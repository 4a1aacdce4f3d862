import type { AttributeDefinition, SchemaDefinition } from './catalogue/attribute.js';
import { COMMON_ATTRIBUTES } from './catalogue/common.js';
import { USER_SCHEMA } from './catalogue/core-user.js';
import { ENTERPRISE_SCHEMA } from './catalogue/enterprise-user.js';
import { GROUP_SCHEMA } from './catalogue/group.js';
import { TELEPHONY_SCHEMA } from './catalogue/telephony-user.js';

export type ResourceTypeName = 'User' | 'Group';

export interface ResourceTypeDefinition {
  readonly name: ResourceTypeName;
  readonly core: SchemaDefinition;
  readonly extensions: readonly SchemaDefinition[];
}

/** Everything that Patchbay knows about the attributes of its two resource types. */
export const RESOURCE_TYPES: Readonly<Record<ResourceTypeName, ResourceTypeDefinition>> = {
  User: { name: 'User', core: USER_SCHEMA, extensions: [ENTERPRISE_SCHEMA, TELEPHONY_SCHEMA] },
  Group: { name: 'Group', core: GROUP_SCHEMA, extensions: [] },
};

/** An attribute together with the schema that declares it. Common attributes count as the core schema's. */
export interface AttributeRef {
  readonly schema: SchemaDefinition;
  readonly attribute: AttributeDefinition;
}

const indexes: Readonly<Record<ResourceTypeName, ReadonlyMap<string, AttributeRef>>> = {
  User: indexOf(RESOURCE_TYPES.User),
  Group: indexOf(RESOURCE_TYPES.Group),
};

/**
 * Finds a top-level attribute by its name in any case, qualified by its schema's URN or not. An unqualified name
 * means the core schema's attribute before an extension's: Entra filters by a bare `manager`. null when unknown.
 */
export function findAttribute(resourceType: ResourceTypeName, name: string): AttributeRef | null {
  return indexes[resourceType].get(name.toLowerCase()) ?? null;
}

/** Finds a sub-attribute by its name in any case; null when unknown. */
export function findSubAttribute(parent: AttributeDefinition, name: string): AttributeDefinition | null {
  const key = name.toLowerCase();
  return parent.subAttributes.find((candidate) => candidate.name.toLowerCase() === key) ?? null;
}

/** Finds one of the resource type's schemas by its URN in any case; null when unknown. */
export function findSchema(resourceType: ResourceTypeName, urn: string): SchemaDefinition | null {
  const key = urn.toLowerCase();
  return schemasOf(resourceType).find((schema) => schema.id.toLowerCase() === key) ?? null;
}

/** The core schema and the extensions of a resource type, core first. */
export function schemasOf(resourceType: ResourceTypeName): readonly SchemaDefinition[] {
  const { core, extensions } = RESOURCE_TYPES[resourceType];
  return [core, ...extensions];
}

/** Whether `schema` is an extension, whose attributes live under its URN in a resource's JSON. */
export function isExtension(resourceType: ResourceTypeName, schema: SchemaDefinition): boolean {
  return RESOURCE_TYPES[resourceType].core !== schema;
}

function indexOf(type: ResourceTypeDefinition): ReadonlyMap<string, AttributeRef> {
  const index = new Map<string, AttributeRef>();
  const add = (schema: SchemaDefinition, attribute: AttributeDefinition): void => {
    const ref = { schema, attribute };
    const name = attribute.name.toLowerCase();
    index.set(`${schema.id.toLowerCase()}:${name}`, ref);
    if (!index.has(name)) index.set(name, ref);
  };
  for (const attribute of [...COMMON_ATTRIBUTES, ...type.core.attributes]) add(type.core, attribute);
  for (const schema of type.extensions) for (const attribute of schema.attributes) add(schema, attribute);
  return index;
}
