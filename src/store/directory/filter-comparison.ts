import { sql, type RawBuilder, type SqlBool } from 'kysely';
import { foldCase } from '../../directory/case-fold.js';
import { targetOf, type ComparisonNode } from '../../directory/filter/ast.js';
import type { SqlValue } from './filter-values.js';

/** Whether there is a value. Null instead of false where there is none. */
export function presentSql(value: SqlValue): RawBuilder<SqlBool> {
  return sql<SqlBool>`(${value.expression}::text <> '')`;
}

/**
 * One comparison of one value. Null where the value is absent, except for `ne`. Text is ordered by code point, so
 * that the answer does not depend on the database's locale.
 */
export function compareSql(node: ComparisonNode, value: SqlValue): RawBuilder<SqlBool> {
  const isText = typeof node.value === 'string';
  const { left, right } = isText ? foldedSides(node, value, node.value) : typedSides(node, value);
  const ordered = isText ? sql`${left} collate "C"` : left;
  switch (node.operator) {
    case 'eq':
      return sql<SqlBool>`(${left} = ${right})`;
    case 'ne':
      return sql<SqlBool>`(${left} is distinct from ${right})`;
    case 'co':
      return sql<SqlBool>`(strpos(${left}, ${right}) > 0)`;
    case 'sw':
      return sql<SqlBool>`starts_with(${left}, ${right})`;
    case 'ew':
      return sql<SqlBool>`(right(${left}, length(${right})) = ${right})`;
    case 'gt':
      return sql<SqlBool>`(${ordered} > ${right})`;
    case 'ge':
      return sql<SqlBool>`(${ordered} >= ${right})`;
    case 'lt':
      return sql<SqlBool>`(${ordered} < ${right})`;
    case 'le':
      return sql<SqlBool>`(${ordered} <= ${right})`;
  }
}

interface Sides {
  readonly left: RawBuilder<unknown>;
  readonly right: RawBuilder<unknown>;
}

function foldedSides(node: ComparisonNode, value: SqlValue, text: string): Sides {
  if (targetOf(node.path).caseExact) return { left: value.expression, right: sql`${text}::text` };
  const left = value.folded ? value.expression : sql`patchbay_fold(${value.expression})`;
  return { left, right: sql`${foldCase(text)}::text` };
}

function typedSides(node: ComparisonNode, value: SqlValue): Sides {
  const left = value.expression;
  if (typeof node.value === 'boolean') return { left, right: sql`${node.value}::boolean` };
  if (typeof node.value === 'number') return { left, right: sql`${node.value}::numeric` };
  return { left, right: sql`${node.value}::timestamptz` };
}
