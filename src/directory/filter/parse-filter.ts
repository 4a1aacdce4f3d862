import { AppError } from '../../domain/errors.js';
import type { ResourceTypeName } from '../schema-catalogue.js';
import type { FilterNode } from './ast.js';
import { parseExpression, type FilterGrammar } from './grammar.js';
import { DEFAULT_FILTER_LIMITS, type FilterLimits } from './limits.js';
import { makeScanner } from './scanner.js';
import { resolveAttributePath } from './attribute-path.js';

export interface ParseFilterOptions extends Partial<FilterLimits> {
  readonly resourceType: ResourceTypeName;
}

/**
 * Parses a filter (RFC 7644 section 3.4.2.2) into a tree typed by the schema catalogue, in time linear in its
 * length. Throws AppError `invalid` with scimType `invalidFilter` for anything it does not understand: a syntax
 * error, a type that does not fit, a limit passed, or an attribute that no schema knows. The RFC would also allow
 * an unknown attribute to match nothing; but an IdP whose matching attribute is mistyped would then create every
 * person a second time, so it is told instead.
 */
export function parseFilter(text: string, options: ParseFilterOptions): FilterNode {
  const limits = { ...DEFAULT_FILTER_LIMITS, ...options };
  if (text.length > limits.maxLength) {
    throw new AppError(
      'invalid',
      `The filter is longer than ${String(limits.maxLength)} characters. Ask for less at a time.`,
      { scimType: 'invalidFilter' },
    );
  }
  const scanner = makeScanner(text, 'invalidFilter');
  const grammar: FilterGrammar = {
    scanner,
    limits,
    budget: { nodes: limits.maxNodes },
    resolve: (name) => resolveAttributePath(options.resourceType, name),
    valuePaths: true,
  };
  const filter = parseExpression(grammar, 0);
  if (scanner.peek() !== '') throw scanner.fail('The filter goes on where it should end');
  return filter;
}
