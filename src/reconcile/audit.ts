import type { Change } from '../domain/plan.js';
import type { AuditRecord } from './plan-store.js';

/** Who acts when nobody in particular does. */
export const ENGINE_ACTOR = 'patchbay';

/** What the audit trail says of an applied change. */
export function auditOfChange(
  change: Change,
  about: {
    readonly planId: string;
    readonly accountId: string;
    readonly result: string;
    readonly providerUserId: string | null;
  },
): AuditRecord {
  return {
    actor: ENGINE_ACTOR,
    action: `agent.${change.action}`,
    targetType: 'subject',
    targetId: change.subjectId,
    correlationId: about.planId,
    data: {
      accountId: about.accountId,
      result: about.result,
      providerUserId: about.providerUserId,
      change: { ...change },
    },
  };
}
