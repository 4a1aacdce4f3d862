import { AppError } from '../../domain/errors.js';
import { findSchema, isExtension, type ResourceTypeName } from '../schema-catalogue.js';
import type { AttributePath, PatchPath } from './ast.js';
import { resolveAttributePath, withDefaultValue } from './attribute-path.js';
import { parseElementFilter, parseElementPart } from './grammar.js';
import { DEFAULT_FILTER_LIMITS } from './limits.js';
import { makeScanner, type Scanner } from './scanner.js';

export interface ParsePathOptions {
  readonly resourceType: ResourceTypeName;
}

/**
 * Parses a PATCH path (RFC 7644 section 3.5.2): an attribute, a sub-attribute, `emails[type eq "work"].value`, each
 * with its schema's URN or without, or an extension's URN alone. Throws AppError `invalid` with scimType
 * `invalidPath` for a path that is malformed or names nothing that exists.
 */
export function parsePath(text: string, options: ParsePathOptions): PatchPath {
  const { maxLength } = DEFAULT_FILTER_LIMITS;
  if (text.length > maxLength) {
    throw new AppError('invalid', `The path is longer than ${String(maxLength)} characters.`, {
      scimType: 'invalidPath',
    });
  }
  const extension = findSchema(options.resourceType, text.trim());
  if (extension !== null && isExtension(options.resourceType, extension)) {
    return { schema: extension, attribute: null, valueFilter: null, subAttribute: null };
  }
  const scanner = makeScanner(text, 'invalidPath');
  const path = parseTarget(scanner, options.resourceType);
  if (scanner.peek() !== '') throw scanner.fail('The path goes on where it should end');
  return path;
}

/**
 * Parses `sortBy` (RFC 7644 section 3.4.2.3); a complex attribute means its `value`. Throws AppError `invalid` with
 * scimType `invalidPath` when there is no such attribute or it has parts of which one must be named.
 */
export function parseSortBy(text: string, options: ParsePathOptions): AttributePath {
  const path = resolveAttributePath(options.resourceType, text.trim());
  const target = path === null ? null : withDefaultValue(path);
  if (target !== null && target.attribute.returned !== 'never') return target;
  throw new AppError(
    'invalid',
    `Sorting by "${text}" is not possible: no such attribute, or one with parts.`,
    {
      scimType: 'invalidPath',
    },
  );
}

function parseTarget(scanner: Scanner, resourceType: ResourceTypeName): PatchPath {
  const name = scanner.name();
  if (name === null) throw scanner.fail('The path names no attribute');
  const path = resolveAttributePath(resourceType, name);
  if (path === null) throw scanner.fail(`There is no attribute "${name}"`);
  if (scanner.peek() !== '[') return { ...path, valueFilter: null };
  return parseSelection(scanner, resourceType, path);
}

function parseSelection(scanner: Scanner, resourceType: ResourceTypeName, path: AttributePath): PatchPath {
  const valueFilter = parseElementFilter(
    {
      scanner,
      limits: DEFAULT_FILTER_LIMITS,
      budget: { nodes: DEFAULT_FILTER_LIMITS.maxNodes },
      resolve: (name) => resolveAttributePath(resourceType, name),
      valuePaths: true,
    },
    path,
    0,
  );
  const part = scanner.take('.') ? parseElementPart(scanner, path) : path;
  return { ...path, valueFilter, subAttribute: part.subAttribute };
}
