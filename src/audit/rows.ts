import type { Selectable } from 'kysely';
import type { AuditEventsTable } from '../store/tables.js';
import type { ChainedEvent } from './chain.js';

export function toChainedEvent(row: Selectable<AuditEventsTable>, chainNo: number): ChainedEvent {
  return {
    tenantId: row.tenant_id,
    id: row.id,
    chainNo,
    at: row.at,
    actor: row.actor,
    action: row.action,
    targetType: row.target_type,
    targetId: row.target_id,
    correlationId: row.correlation_id,
    data: row.data,
  };
}
