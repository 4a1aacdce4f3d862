import type { AuditRecord, DeletionTurn } from '../reconcile/ports.js';
import type { Deletion } from './ports.js';

const ACTOR = 'patchbay';

/** What the audit trail says of a step of a deletion. */
export function auditOf(
  turn: Pick<DeletionTurn, 'account'>,
  deletion: Deletion,
  action: string,
  data: Readonly<Record<string, unknown>>,
): AuditRecord {
  return {
    actor: ACTOR,
    action,
    targetType: 'subject',
    targetId: deletion.subjectId,
    correlationId: deletion.id,
    data: {
      accountId: turn.account.accountId,
      deletionId: deletion.id,
      providerUserId: deletion.providerUserId,
      ...data,
    },
  };
}

export function holdOf(
  turn: Pick<DeletionTurn, 'account'>,
  deletion: Deletion,
  reason: string,
  planId: string | null,
): { readonly reason: string; readonly audit: AuditRecord } {
  return { reason, audit: auditOf(turn, deletion, 'deletion.held', { reason, planId }) };
}
