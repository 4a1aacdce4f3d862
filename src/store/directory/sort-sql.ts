import { sql, type RawBuilder } from 'kysely';
import { targetOf, type AttributePath } from '../../directory/filter/ast.js';
import type { SortKey } from '../../directory/ports.js';
import type { ResourceTypeName } from '../../directory/schema-catalogue.js';
import { elementValue, unnested } from './filter-elements.js';
import { rowJson, rowValue, TABLES, unsearchable, type SqlValue } from './filter-values.js';

/**
 * Compiles `sortBy` into what stands behind `order by` (RFC 7644 section 3.4.2.3): by the attribute's type and
 * caseExact, a multi-valued attribute by its primary or else first value, resources without a value last in
 * ascending order and first in descending, equal ones in the order of their creation.
 * Throws AppError `invalid` for attributes that have no order.
 */
export function compileSort(
  { path, descending }: SortKey,
  resourceType: ResourceTypeName,
): RawBuilder<unknown> {
  const value = sortValue(path, resourceType);
  const direction = descending ? sql`desc nulls first` : sql`asc nulls last`;
  return sql`${ordered(path, value)} ${direction}, ${sql.ref(`${TABLES[resourceType]}.seq`)} asc`;
}

function sortValue(path: AttributePath, resourceType: ResourceTypeName): SqlValue {
  if (!path.attribute.multiValued) return rowValue(resourceType, path);
  if (path.attribute.mutability === 'readOnly' || path.attribute.name === 'members') {
    throw unsearchable(path);
  }
  const { expression, folded } = elementValue(path);
  const list = rowJson(resourceType, path);
  return {
    expression: sql`(select ${expression} from ${unnested(list)}
      order by coalesce(e.v -> 'primary' = 'true'::jsonb, false) desc, e.n limit 1)`,
    folded,
  };
}

function ordered(path: AttributePath, value: SqlValue): RawBuilder<unknown> {
  const target = targetOf(path);
  const isText = target.type === 'string' || target.type === 'reference' || target.type === 'binary';
  if (!isText) return value.expression;
  const comparable =
    target.caseExact || value.folded ? value.expression : sql`patchbay_fold(${value.expression})`;
  return sql`(${comparable}) collate "C"`;
}
