import type { AuditEntry } from '../tenancy/ports.js';
import type { Db } from './database.js';

/** Writes one audit event; inside a transaction it is there exactly if the thing it tells of is. */
export async function appendAudit(
  db: Db,
  tenantId: string,
  event: AuditEntry & { readonly correlationId?: string | null },
): Promise<void> {
  await db
    .insertInto('audit_events')
    .values({
      tenant_id: tenantId,
      at: event.at,
      actor: event.actor,
      action: event.action,
      target_type: event.targetType,
      target_id: event.targetId,
      correlation_id: event.correlationId ?? null,
      data: JSON.stringify(event.data ?? {}),
    })
    .execute();
}
