import { sql, type RawBuilder } from 'kysely';

export interface AuditRecord {
  readonly at: Date;
  /** Who did it: `scim:<token name>`, `cli:<user>`, `system`. */
  readonly actor: string;
  readonly action: string;
  readonly targetType: string;
  readonly targetId: string;
  readonly correlationId?: string | null;
  /** Facts that are no secrets. Names of attributes rather than their values: values are personal data. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/**
 * An `insert into audit_events` statement for use as a part of a larger statement (`with ... as (...)`), so that the
 * event is written in the very statement that does the thing. `extraData` is a jsonb expression merged into the
 * event's data; `onlyIf` a condition without which nothing is recorded.
 */
export function auditInsert(
  tenantId: string,
  event: AuditRecord,
  options: { readonly extraData?: RawBuilder<unknown>; readonly onlyIf?: RawBuilder<unknown> } = {},
): RawBuilder<unknown> {
  const data = sql`${JSON.stringify(event.data ?? {})}::jsonb`;
  return auditInsertEach(
    tenantId,
    sql`${event.at}::timestamptz, ${event.actor}::text, ${event.action}::text,
      ${event.targetType}::text, ${event.targetId}::text, ${event.correlationId ?? null}::text,
      ${options.extraData === undefined ? data : sql`${data} || ${options.extraData}`}
    ${options.onlyIf === undefined ? sql`` : sql`where ${options.onlyIf}`}`,
  );
}

/**
 * The same for several events: `selection` is what follows `select`, with the columns at, actor, action, target_type,
 * target_id, correlation_id and data in this order.
 */
export function auditInsertEach(tenantId: string, selection: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`insert into audit_events
      (tenant_id, at, actor, action, target_type, target_id, correlation_id, data)
    select ${tenantId}::uuid, ${selection}`;
}
