import type { AttributeDefinition } from '../catalogue/attribute.js';
import {
  targetOf,
  type AttributePath,
  type ComparisonOperator,
  type ComparisonValue,
  type FilterNode,
} from './ast.js';
import type { Literal } from './scanner.js';

const TEXT_OPERATORS: readonly ComparisonOperator[] = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'];
const ORDER_OPERATORS: readonly ComparisonOperator[] = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'];
const NUMBER = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;
const DATE_TIME = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/i;

/** The operator of that name in any case; null when there is none. */
export function comparisonOperator(word: string): ComparisonOperator | null {
  const name = word.toLowerCase();
  return TEXT_OPERATORS.find((operator) => operator === name) ?? null;
}

/**
 * A typed comparison, or the reason why this operator or value does not go with the attribute. Lenient where IdPs
 * are sloppy: bare words for text (authentik), "True" for a truth value (Entra), quoted numbers.
 */
export function makeComparison(
  path: AttributePath,
  operator: ComparisonOperator,
  literal: Literal,
): FilterNode | { readonly problem: string } {
  const target = targetOf(path);
  if (!operatorsOf(target).includes(operator)) {
    return { problem: `"${operator}" cannot be used on ${target.type} attribute "${target.name}"` };
  }
  if (!literal.quoted && literal.text === 'null') return compareWithNull(path, operator);
  const value = typedValue(target, literal.text);
  if (value === null) return { problem: `The value for "${target.name}" is not of type ${target.type}` };
  return { type: 'compare', path, operator, value };
}

function operatorsOf(target: AttributeDefinition): readonly ComparisonOperator[] {
  switch (target.type) {
    case 'string':
    case 'reference':
      return TEXT_OPERATORS;
    case 'binary':
      return ['eq', 'ne', 'co', 'sw', 'ew'];
    case 'integer':
    case 'decimal':
    case 'dateTime':
      return ORDER_OPERATORS;
    case 'boolean':
      return ['eq', 'ne'];
    case 'complex':
      return [];
  }
}

function compareWithNull(
  path: AttributePath,
  operator: ComparisonOperator,
): FilterNode | { readonly problem: string } {
  const present: FilterNode = { type: 'present', path };
  if (operator === 'ne') return present;
  if (operator === 'eq') return { type: 'not', child: present };
  return { problem: `"${operator}" cannot compare with null` };
}

function typedValue(target: AttributeDefinition, text: string): ComparisonValue | null {
  switch (target.type) {
    case 'boolean':
      return truthValue(text);
    case 'integer':
    case 'decimal':
      return finiteNumber(text);
    case 'dateTime':
      return moment(text);
    case 'string':
    case 'reference':
    case 'binary':
    case 'complex':
      return text;
  }
}

function truthValue(text: string): boolean | null {
  const name = text.toLowerCase();
  return name === 'true' ? true : name === 'false' ? false : null;
}

function finiteNumber(text: string): number | null {
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : null;
}

/** A moment without an offset is taken as UTC, so that the answer does not depend on the server's time zone. */
function moment(text: string): Date | null {
  const found = DATE_TIME.exec(text);
  if (found === null) return null;
  const isUtc = found[1] !== undefined || text.length === 10;
  const value = new Date(isUtc ? text : `${text}Z`);
  return Number.isNaN(value.getTime()) ? null : value;
}
