import type { AttributePath, FilterNode } from './ast.js';
import { resolveElementPath, withDefaultValue } from './attribute-path.js';
import { comparisonOperator, makeComparison } from './comparison.js';
import type { FilterLimits } from './limits.js';
import type { Scanner } from './scanner.js';

/** State of one parse. */
export interface FilterGrammar {
  readonly scanner: Scanner;
  readonly limits: FilterLimits;
  /** Nodes that may still be made; shared with the grammar inside brackets. */
  readonly budget: { nodes: number };
  /** Finds an attribute by the name written; null when unknown. */
  readonly resolve: (name: string) => AttributePath | null;
  /** False inside a value path, which cannot hold another one. */
  readonly valuePaths: boolean;
}

/** `or` binds weakest, then `and`, then `not` and parentheses. */
export function parseExpression(grammar: FilterGrammar, depth: number): FilterNode {
  return parseChain(grammar, 'or', () => parseChain(grammar, 'and', () => parseFactor(grammar, depth)));
}

function parseChain(grammar: FilterGrammar, type: 'and' | 'or', operand: () => FilterNode): FilterNode {
  const first = operand();
  const children = [first];
  while (grammar.scanner.takeWord(type)) children.push(operand());
  return children.length === 1 ? first : countNode(grammar, { type, children });
}

function parseFactor(grammar: FilterGrammar, depth: number): FilterNode {
  const { scanner, limits } = grammar;
  if (depth > limits.maxDepth) {
    throw scanner.fail(`The filter is nested deeper than ${String(limits.maxDepth)} levels`);
  }
  if (scanner.take('(')) return parseGroup(grammar, depth);
  const name = scanner.name();
  if (name === null) throw scanner.fail('An attribute name is missing');
  if (name.toLowerCase() === 'not' && scanner.take('(')) {
    return countNode(grammar, { type: 'not', child: parseGroup(grammar, depth) });
  }
  return parseAttribute(grammar, name, depth);
}

function parseGroup(grammar: FilterGrammar, depth: number): FilterNode {
  const inner = parseExpression(grammar, depth + 1);
  if (!grammar.scanner.take(')')) throw grammar.scanner.fail('A closing parenthesis is missing');
  return inner;
}

function parseAttribute(grammar: FilterGrammar, name: string, depth: number): FilterNode {
  const path = grammar.resolve(name);
  if (path === null) throw grammar.scanner.fail(`There is no attribute "${name}"`);
  if (path.attribute.returned === 'never') {
    throw grammar.scanner.fail(`"${path.attribute.name}" cannot be searched`);
  }
  if (grammar.valuePaths && grammar.scanner.peek() === '[') return parseValuePath(grammar, path, depth);
  return parseCondition(grammar, path);
}

function parseCondition(grammar: FilterGrammar, path: AttributePath): FilterNode {
  const { scanner } = grammar;
  const word = scanner.word();
  if (word === null) throw scanner.fail('An operator is missing');
  if (word.toLowerCase() === 'pr') return countNode(grammar, { type: 'present', path });
  const operator = comparisonOperator(word);
  if (operator === null) throw scanner.fail(`There is no operator "${word}"`);
  const literal = scanner.literal();
  if (literal === null || !scanner.atBoundary()) throw scanner.fail('A value is missing or badly quoted');
  const target = withDefaultValue(path);
  if (target === null) throw scanner.fail(`"${path.attribute.name}" has parts: name one of them`);
  const comparison = makeComparison(target, operator, literal);
  if ('problem' in comparison) throw scanner.fail(comparison.problem);
  return countNode(grammar, comparison);
}

/**
 * `emails[type eq "work"]`, and as Entra writes its matching attribute: `emails[type eq "work"].value eq "x"`, where
 * the comparison is about the same element.
 */
function parseValuePath(grammar: FilterGrammar, path: AttributePath, depth: number): FilterNode {
  const { scanner } = grammar;
  const filter = parseElementFilter(grammar, path, depth);
  if (!scanner.take('.')) return countNode(grammar, { type: 'valuePath', path, filter });
  const condition = parseCondition(grammar, parseElementPart(scanner, path));
  const both: FilterNode = { type: 'and', children: [filter, condition] };
  return countNode(grammar, { type: 'valuePath', path, filter: both });
}

/** Reads the name of a part behind `[...].`. */
export function parseElementPart(scanner: Scanner, parent: AttributePath): AttributePath {
  const name = scanner.name();
  const part = name === null ? null : resolveElementPath(parent, name);
  if (part === null) {
    throw scanner.fail(`What follows the brackets is no part of "${parent.attribute.name}"`);
  }
  return part;
}

/** Parses `[...]` behind a multi-valued attribute; names inside are those of its elements' parts. */
export function parseElementFilter(grammar: FilterGrammar, path: AttributePath, depth: number): FilterNode {
  const { scanner } = grammar;
  if (path.subAttribute !== null || !path.attribute.multiValued) {
    throw scanner.fail(`"${path.attribute.name}" is no list to select from`);
  }
  if (!scanner.take('[')) throw scanner.fail('An opening bracket is missing');
  const resolve = (name: string): AttributePath | null => resolveElementPath(path, name);
  const filter = parseExpression({ ...grammar, resolve, valuePaths: false }, depth + 1);
  if (!scanner.take(']')) throw scanner.fail('A closing bracket is missing');
  return filter;
}

function countNode(grammar: FilterGrammar, node: FilterNode): FilterNode {
  grammar.budget.nodes -= 1;
  if (grammar.budget.nodes < 0) {
    throw grammar.scanner.fail(`The filter has more than ${String(grammar.limits.maxNodes)} conditions`);
  }
  return node;
}
