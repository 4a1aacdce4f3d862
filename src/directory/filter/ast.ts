import type { AttributeDefinition, SchemaDefinition } from '../catalogue/attribute.js';

export type ComparisonOperator = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le';

/**
 * What a filter reads: a top-level attribute, or one sub-attribute of it. Inside a value path the attribute is the
 * multi-valued parent and the sub-attribute is read from one element of it; without sub-attribute (a list of plain
 * values) the element itself is meant.
 */
export interface AttributePath {
  readonly schema: SchemaDefinition;
  readonly attribute: AttributeDefinition;
  readonly subAttribute: AttributeDefinition | null;
}

/** Typed by the attribute it is compared with: text, number, truth value, or moment for a dateTime. */
export type ComparisonValue = string | number | boolean | Date;

/** A parsed filter (RFC 7644 section 3.4.2.2). Comparisons with null have become `present` and its negation. */
export type FilterNode =
  | { readonly type: 'and' | 'or'; readonly children: readonly FilterNode[] }
  | { readonly type: 'not'; readonly child: FilterNode }
  | { readonly type: 'present'; readonly path: AttributePath }
  | ComparisonNode
  /** At least one element of `path.attribute` matches `filter`. */
  | { readonly type: 'valuePath'; readonly path: AttributePath; readonly filter: FilterNode };

export interface ComparisonNode {
  readonly type: 'compare';
  readonly path: AttributePath;
  readonly operator: ComparisonOperator;
  readonly value: ComparisonValue;
}

/** A PATCH path (RFC 7644 section 3.5.2). */
export interface PatchPath {
  readonly schema: SchemaDefinition;
  /** null: the path is an extension's URN and means the whole extension. */
  readonly attribute: AttributeDefinition | null;
  /** Selects elements of a multi-valued attribute: `emails[type eq "work"]`. */
  readonly valueFilter: FilterNode | null;
  readonly subAttribute: AttributeDefinition | null;
}

/** The definition of the value that a path ends at. */
export function targetOf(path: AttributePath): AttributeDefinition {
  return path.subAttribute ?? path.attribute;
}
