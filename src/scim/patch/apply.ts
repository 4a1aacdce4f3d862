import type { AttributeDefinition } from '../../directory/catalogue/attribute.js';
import type { PatchPath } from '../../directory/filter/ast.js';
import type { Resource } from '../../directory/resource.js';
import { findSubAttribute, isExtension, type ResourceTypeName } from '../../directory/schema-catalogue.js';
import { AppError } from '../../domain/errors.js';
import { coerceValue, isComplex, isEmpty, type Complex } from '../normalise/values.js';
import { editElements, editList, editPartOfAll } from './elements.js';
import type { PatchEdit } from './edits.js';

/**
 * Applies edits in order to a canonical resource and returns the new one; the old one stays as it is, so that a
 * refusal anywhere leaves nothing half done (RFC 7644 section 3.5.2: atomic). Throws AppError `invalid` with
 * scimType noTarget, mutability or invalidValue.
 */
export function applyEdits(
  type: ResourceTypeName,
  resource: Resource,
  edits: readonly PatchEdit[],
): Resource {
  return edits.reduce((current, edit) => applyEdit(type, current, edit), resource);
}

function applyEdit(type: ResourceTypeName, resource: Resource, edit: PatchEdit): Resource {
  const { attribute, schema } = edit.path;
  if (attribute === null) return without(resource, schema.id);
  assertRemovable(edit, attribute);
  const container = isExtension(type, schema) ? complexAt(resource, schema.id) : resource;
  const next = editAttribute(container[attribute.name], edit, attribute);
  const changed =
    next === undefined ? without(container, attribute.name) : { ...container, [attribute.name]: next };
  if (!isExtension(type, schema)) return changed;
  return Object.keys(changed).length === 0
    ? without(resource, schema.id)
    : { ...resource, [schema.id]: changed };
}

/** The attribute's new value; undefined when it has none any more. */
function editAttribute(current: unknown, edit: PatchEdit, attribute: AttributeDefinition): unknown {
  const { path, verb, value } = edit;
  if (attribute.multiValued) {
    if (path.valueFilter !== null) return editElements(current, edit, attribute, path.valueFilter);
    return path.subAttribute === null
      ? editList(current, edit, attribute)
      : editPartOfAll(current, edit, attribute, path.subAttribute);
  }
  if (path.subAttribute !== null) return editPart(current, edit, path.subAttribute);
  if (verb === 'remove') return undefined;
  return attribute.type === 'complex'
    ? mergeComplex(current, attribute, value)
    : coerceValue(attribute, value);
}

function editPart(
  current: unknown,
  { verb, value }: PatchEdit,
  part: AttributeDefinition,
): Complex | undefined {
  const complex = isComplex(current) ? current : {};
  const next = verb === 'remove' ? undefined : coerceValue(part, value);
  return nonEmpty(next === undefined ? without(complex, part.name) : { ...complex, [part.name]: next });
}

/**
 * Sub-attributes that are not named stay (RFC 7644 section 3.5.2.3); null takes one away. A value that refers to
 * something else, as a manager does, is replaced as a whole: the old manager's `$ref` says nothing about the new one.
 */
function mergeComplex(current: unknown, attribute: AttributeDefinition, value: unknown): unknown {
  if (isEmpty(value)) return undefined;
  if (findSubAttribute(attribute, 'value') !== null) return coerceValue(attribute, value);
  const given: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  if (!isComplex(given)) return coerceValue(attribute, given);
  const merged: Record<string, unknown> = isComplex(current) ? { ...current } : {};
  for (const [key, raw] of Object.entries(given)) {
    const part = findSubAttribute(attribute, key);
    if (part === null || part.mutability === 'readOnly') continue;
    const next = coerceValue(part, raw);
    if (next === undefined) delete merged[part.name];
    else merged[part.name] = next;
  }
  return nonEmpty(merged);
}

function assertRemovable({ verb, path, value }: PatchEdit, attribute: AttributeDefinition): void {
  const clears = verb === 'remove' || isEmpty(value);
  if (!clears || !attribute.required || path.subAttribute !== null) return;
  throw new AppError('invalid', `"${attribute.name}" is required and cannot be removed.`, {
    scimType: verb === 'remove' ? 'mutability' : 'invalidValue',
  });
}

function complexAt(resource: Resource, name: string): Complex {
  const value = resource[name];
  return isComplex(value) ? value : {};
}

function nonEmpty(complex: Complex): Complex | undefined {
  return Object.keys(complex).length === 0 ? undefined : complex;
}

/** The object without one key. */
export function without(object: Complex, name: string): Complex {
  const { [name]: _removed, ...rest } = object;
  return rest;
}

/** Whether the edit is about the members of a group, which are kept apart from the resource. */
export function isMembersPath(path: PatchPath): boolean {
  return path.attribute?.name === 'members';
}
