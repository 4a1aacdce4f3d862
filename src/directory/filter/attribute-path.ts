import type { AttributeDefinition } from '../catalogue/attribute.js';
import { findAttribute, findSubAttribute, type ResourceTypeName } from '../schema-catalogue.js';
import type { AttributePath } from './ast.js';

/**
 * Resolves `userName`, `name.givenName`, `urn:…:User:name.givenName` and the like, in any case. null when an
 * attribute or sub-attribute of that name does not exist.
 */
export function resolveAttributePath(resourceType: ResourceTypeName, text: string): AttributePath | null {
  const { head, sub } = splitSubAttribute(text);
  const found = findAttribute(resourceType, head);
  if (found === null) return null;
  if (sub === null) return { ...found, subAttribute: null };
  const subAttribute = findSubAttribute(found.attribute, sub);
  return subAttribute === null ? null : { ...found, subAttribute };
}

/**
 * Resolves a name inside `parent[...]`. For a list of plain values the one name is `value` (RFC 7643 section 2.4).
 * null when unknown.
 */
export function resolveElementPath(parent: AttributePath, name: string): AttributePath | null {
  if (parent.attribute.type !== 'complex') {
    return name.toLowerCase() === 'value' ? { ...parent, subAttribute: null } : null;
  }
  const subAttribute = findSubAttribute(parent.attribute, name);
  return subAttribute === null ? null : { ...parent, subAttribute };
}

/** A complex attribute without sub-attribute means its `value` (RFC 7644 section 3.4.2.2); null when it has none. */
export function withDefaultValue(path: AttributePath): AttributePath | null {
  if (path.subAttribute !== null || path.attribute.type !== 'complex') return path;
  const value: AttributeDefinition | null = findSubAttribute(path.attribute, 'value');
  return value === null ? null : { ...path, subAttribute: value };
}

/** The dot of a sub-attribute comes after the URN's last colon: `2.0` in a URN is not one. */
function splitSubAttribute(text: string): { readonly head: string; readonly sub: string | null } {
  const dot = text.indexOf('.', text.lastIndexOf(':') + 1);
  return dot === -1 ? { head: text, sub: null } : { head: text.slice(0, dot), sub: text.slice(dot + 1) };
}
