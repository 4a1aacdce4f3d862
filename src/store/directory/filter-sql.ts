import { sql, type RawBuilder, type SqlBool } from 'kysely';
import type { ComparisonNode, FilterNode } from '../../directory/filter/ast.js';
import type { ResourceTypeName } from '../../directory/schema-catalogue.js';
import { compareSql, presentSql } from './filter-comparison.js';
import { elementsOf } from './filter-elements.js';
import { keyLookup } from './filter-keys.js';
import { rowJson, rowValue } from './filter-values.js';

export interface FilterScope {
  readonly resourceType: ResourceTypeName;
  readonly tenantId: string;
}

type Condition = RawBuilder<SqlBool>;

/**
 * Compiles a filter into a condition on rows of `scim_users` or `scim_groups` (by those names, without alias). Every
 * value of the filter is a bound parameter. Comparisons for equality on userName, externalId, id, displayName of
 * groups, emails.value, members.value and groups.value can use an index; the rest reads the tenant's rows. The
 * condition is null instead of false where a value is absent: fine for `where`.
 *
 * An absent value is not equal to anything, so `ne` matches it and everything else does not. Several values match
 * when one of them does. Throws AppError `invalid` (`invalidFilter`) for attributes that are computed on the way out.
 */
export function compileFilter(filter: FilterNode, scope: FilterScope): Condition {
  switch (filter.type) {
    case 'and':
      return joined(filter.children, ' and ', (child) => compileFilter(child, scope));
    case 'or':
      return joined(filter.children, ' or ', (child) => compileFilter(child, scope));
    case 'not':
      return negated(compileFilter(filter.child, scope));
    case 'present':
      return compilePresent(filter, scope);
    case 'compare':
      return keyLookup(filter, scope) ?? compileComparison(filter, scope);
    case 'valuePath':
      return compileValuePath(filter, scope);
  }
}

function joined(
  children: readonly FilterNode[],
  operator: ' and ' | ' or ',
  compile: (child: FilterNode) => Condition,
): Condition {
  return sql<SqlBool>`(${sql.join(children.map(compile), sql.raw(operator))})`;
}

function negated(condition: Condition): Condition {
  return sql<SqlBool>`(not coalesce(${condition}, false))`;
}

function compilePresent(node: FilterNode & { type: 'present' }, scope: FilterScope): Condition {
  const { path } = node;
  if (path.attribute.multiValued) {
    const elements = elementsOf(path, scope);
    return path.subAttribute === null && path.attribute.type === 'complex'
      ? elements.exist(sql<SqlBool>`true`)
      : elements.exist(presentSql(elements.value(path)));
  }
  if (path.attribute.type === 'complex' && path.subAttribute === null) {
    if (path.attribute.name === 'meta') return sql<SqlBool>`true`;
    return sql<SqlBool>`(${rowJson(scope.resourceType, path)} <> '{}'::jsonb)`;
  }
  return presentSql(rowValue(scope.resourceType, path));
}

function compileComparison(node: ComparisonNode, scope: FilterScope): Condition {
  const { path } = node;
  if (!path.attribute.multiValued) return compareSql(node, rowValue(scope.resourceType, path));
  const elements = elementsOf(path, scope);
  const value = elements.value(path);
  const matching = elements.exist(compareSql(node, value));
  if (node.operator !== 'ne') return matching;
  const differing = elements.exist(sql<SqlBool>`(${presentSql(value)} and ${compareSql(node, value)})`);
  return sql<SqlBool>`(${differing} or ${negated(elements.exist(presentSql(value)))})`;
}

function compileValuePath(node: FilterNode & { type: 'valuePath' }, scope: FilterScope): Condition {
  const elements = elementsOf(node.path, scope);
  const matching = elements.exist(compileElement(node.filter, elements));
  const keys = requiredKeys(node.filter, scope);
  return keys.length === 0 ? matching : sql<SqlBool>`(${sql.join([...keys, matching], sql` and `)})`;
}

/** What must hold anyway and can use an index: `emails[type eq "work" and value eq "x"]` needs the address "x". */
function requiredKeys(filter: FilterNode, scope: FilterScope): readonly Condition[] {
  if (filter.type === 'and') return filter.children.flatMap((child) => requiredKeys(child, scope));
  const key = filter.type === 'compare' ? keyLookup(filter, scope) : null;
  return key === null ? [] : [key];
}

function compileElement(filter: FilterNode, elements: ReturnType<typeof elementsOf>): Condition {
  switch (filter.type) {
    case 'and':
      return joined(filter.children, ' and ', (child) => compileElement(child, elements));
    case 'or':
      return joined(filter.children, ' or ', (child) => compileElement(child, elements));
    case 'not':
      return negated(compileElement(filter.child, elements));
    case 'present':
      return presentSql(elements.value(filter.path));
    case 'compare':
      return compareSql(filter, elements.value(filter.path));
    case 'valuePath':
      return sql<SqlBool>`false`;
  }
}
