import type { AttributeDefinition } from '../catalogue/attribute.js';
import { foldCase } from '../case-fold.js';
import { targetOf, type AttributePath, type ComparisonNode, type FilterNode } from './ast.js';

/**
 * Whether one element of a multi-valued attribute matches the filter of a value path, as in
 * `members[value eq "…"]`. `element` is SCIM JSON with canonical attribute names.
 */
export function matchesElement(filter: FilterNode, element: unknown): boolean {
  switch (filter.type) {
    case 'and':
      return filter.children.every((child) => matchesElement(child, element));
    case 'or':
      return filter.children.some((child) => matchesElement(child, element));
    case 'not':
      return !matchesElement(filter.child, element);
    case 'present':
      return isPresent(readPart(filter.path, element));
    case 'compare':
      return compares(filter, readPart(filter.path, element));
    case 'valuePath':
      return false;
  }
}

function readPart(path: AttributePath, element: unknown): unknown {
  if (path.subAttribute === null) return element;
  if (typeof element !== 'object' || element === null) return undefined;
  return (element as Readonly<Record<string, unknown>>)[path.subAttribute.name];
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

/** An absent value is not identical to anything, so only `ne` matches it. */
function compares(node: ComparisonNode, actual: unknown): boolean {
  if (!isPresent(actual)) return node.operator === 'ne';
  const target = targetOf(node.path);
  const left = comparable(actual, target);
  const right = comparable(node.value, target);
  switch (node.operator) {
    case 'eq':
      return left === right;
    case 'ne':
      return left !== right;
    case 'co':
      return String(left).includes(String(right));
    case 'sw':
      return String(left).startsWith(String(right));
    case 'ew':
      return String(left).endsWith(String(right));
    case 'gt':
      return order(left, right) > 0;
    case 'ge':
      return order(left, right) >= 0;
    case 'lt':
      return order(left, right) < 0;
    case 'le':
      return order(left, right) <= 0;
  }
}

function comparable(value: unknown, target: AttributeDefinition): string | number | boolean {
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (target.type === 'dateTime') return new Date(String(value)).getTime();
  return target.caseExact ? String(value) : foldCase(String(value));
}

function order(left: string | number | boolean, right: string | number | boolean): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return Buffer.compare(Buffer.from(String(left)), Buffer.from(String(right)));
}
