import { sql, type RawBuilder } from 'kysely';

/**
 * An `insert into dirty_subjects` statement that marks people in every account of the tenant, for use as a part of
 * a larger statement. `subjects` is a query with the columns `subject_id` and `urgent`. Rows are written in a fixed
 * order, so that two writers that mark the same people wait for one another instead of blocking each other.
 */
export function markInsert(
  tenantId: string,
  subjects: RawBuilder<unknown>,
  mark: { readonly reason: string; readonly at: Date },
): RawBuilder<unknown> {
  return sql`insert into dirty_subjects (tenant_id, account_id, subject_id, urgent, reason, marked_at)
    select accounts.tenant_id, accounts.id, subjects.subject_id, subjects.urgent,
      ${mark.reason}::text, ${mark.at}::timestamptz
    from accounts cross join (${subjects}) as subjects
    where accounts.tenant_id = ${tenantId}::uuid
    order by accounts.id, subjects.subject_id
    on conflict (tenant_id, account_id, subject_id) do update set
      generation = dirty_subjects.generation + 1,
      urgent = dirty_subjects.urgent or excluded.urgent,
      reason = excluded.reason,
      marked_at = least(dirty_subjects.marked_at, excluded.marked_at)`;
}
