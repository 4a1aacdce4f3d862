import type { PatchPath } from '../../directory/filter/ast.js';
import { parsePath } from '../../directory/filter/parse-path.js';
import { findSchema, isExtension, type ResourceTypeName } from '../../directory/schema-catalogue.js';
import { AppError, isAppError } from '../../domain/errors.js';
import { isWritable } from '../normalise/resource.js';
import { isComplex, type Complex } from '../normalise/values.js';
import type { PatchOperation, PatchVerb } from './operations.js';

/** One change of one target: an operation with a path, or one attribute of an operation without. */
export interface PatchEdit {
  readonly verb: PatchVerb;
  readonly path: PatchPath;
  readonly value: unknown;
}

/**
 * Takes operations apart into edits, in order. Without a path the value names the attributes: plainly, dotted, by URN,
 * by value path, or grouped under a schema's URN (interop.md 2.1). There, what the server owns (Okta's `id` beside a
 * new displayName) and what no schema knows is left out; a path that names such a thing is refused.
 */
export function expandOperations(
  type: ResourceTypeName,
  operations: readonly PatchOperation[],
): readonly PatchEdit[] {
  return operations.flatMap((operation) => expand(type, operation));
}

function expand(type: ResourceTypeName, { verb, path, value }: PatchOperation): readonly PatchEdit[] {
  if (verb !== 'remove' && value === undefined) {
    throw new AppError('invalid', `An operation "${verb}" needs a value.`, { scimType: 'invalidValue' });
  }
  if (path !== null) return expandPath(type, verb, path, value);
  if (verb === 'remove') {
    throw new AppError('invalid', 'An operation "remove" needs a path.', { scimType: 'noTarget' });
  }
  if (!isComplex(value)) {
    throw new AppError('invalid', `An operation "${verb}" without a path needs an object as its value.`, {
      scimType: 'invalidValue',
    });
  }
  return expandValue(type, verb, value);
}

function expandPath(
  type: ResourceTypeName,
  verb: PatchVerb,
  text: string,
  value: unknown,
): readonly PatchEdit[] {
  const schema = findSchema(type, text);
  if (schema !== null && !isExtension(type, schema) && isComplex(value))
    return expandValue(type, verb, value);
  const path = parsePath(text, { resourceType: type });
  if (path.attribute === null && verb !== 'remove') {
    if (!isComplex(value)) throw new AppError('invalid', `"${text}" needs an object as its value.`);
    return expandExtension(type, verb, path.schema.id, value);
  }
  const readOnly = [path.attribute, path.subAttribute].find((target) => target?.mutability === 'readOnly');
  if (readOnly !== undefined && readOnly !== null) {
    throw new AppError('invalid', `"${readOnly.name}" is read-only.`, { scimType: 'mutability' });
  }
  return path.attribute !== null && !isWritable(path.attribute) ? [] : [{ verb, path, value }];
}

function expandValue(type: ResourceTypeName, verb: PatchVerb, value: Complex): readonly PatchEdit[] {
  return Object.entries(value).flatMap(([key, part]) => {
    const schema = findSchema(type, key);
    if (schema === null) return namedEdit(type, verb, key, part);
    if (part === null) return isExtension(type, schema) ? expandPath(type, 'remove', key, undefined) : [];
    if (!isComplex(part)) throw new AppError('invalid', `"${key}" must be an object.`);
    return isExtension(type, schema)
      ? expandExtension(type, verb, schema.id, part)
      : expandValue(type, verb, part);
  });
}

function expandExtension(
  type: ResourceTypeName,
  verb: PatchVerb,
  urn: string,
  values: Complex,
): readonly PatchEdit[] {
  return Object.entries(values).flatMap(([key, part]) => namedEdit(type, verb, `${urn}:${key}`, part));
}

/** An attribute named by a key rather than a path: unknown and read-only ones are left out. */
function namedEdit(
  type: ResourceTypeName,
  verb: PatchVerb,
  key: string,
  value: unknown,
): readonly PatchEdit[] {
  const path = knownPath(type, key);
  if (path === null || path.attribute === null || !isWritable(path.attribute)) return [];
  if (path.subAttribute !== null && !isWritable(path.subAttribute)) return [];
  // A bare name means the core schema: "role" is nobody's telephony role.
  const isBare = !key.toLowerCase().startsWith('urn:');
  return isBare && isExtension(type, path.schema) ? [] : [{ verb, path, value }];
}

function knownPath(type: ResourceTypeName, key: string): PatchPath | null {
  try {
    return parsePath(key, { resourceType: type });
  } catch (error) {
    const isUnknownName = isAppError(error, 'invalid') && !key.includes('[');
    if (isUnknownName) return null;
    throw error;
  }
}
