import { sql, type RawBuilder } from 'kysely';
import type { ResourceTypeName } from '../../directory/schema-catalogue.js';

/** Creates that happen at once seldom meet in the same of so many rows. */
const SLOTS = 8;

/** An upsert that moves a tenant's total by `by`, for use as a part of a larger statement. */
export function countChange(
  tenantId: string,
  type: ResourceTypeName,
  resourceId: string,
  by: 1 | -1,
): RawBuilder<unknown> {
  return countInsert(tenantId, type, resourceId, sql`${by}::bigint`);
}

/** The same by a number that is an expression. */
export function countInsert(
  tenantId: string,
  type: ResourceTypeName,
  resourceId: string,
  by: RawBuilder<unknown>,
): RawBuilder<unknown> {
  return sql`insert into scim_counts (tenant_id, resource, slot, total)
    values (${tenantId}::uuid, ${type}::text, ${slotOf(resourceId)}::smallint, ${by})
    on conflict (tenant_id, resource, slot) do update set total = scim_counts.total + excluded.total`;
}

/** The tenant's total of one resource type, as a scalar subquery. */
export function totalCount(tenantId: string, type: ResourceTypeName): RawBuilder<unknown> {
  return sql`(select coalesce(sum(total), 0) from scim_counts
    where tenant_id = ${tenantId}::uuid and resource = ${type}::text)`;
}

/** The end of an id is random, its beginning is the time. */
function slotOf(resourceId: string): number {
  return Number.parseInt(resourceId.slice(-2), 16) % SLOTS;
}
