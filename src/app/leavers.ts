import type { LeaverRow, LeaversView } from '../administration/leavers.js';
import type { RetentionDocuments } from '../deprovision/documents.js';
import { makeLeaverDecisions, type LeaverDecisions } from '../deprovision/leaver-decisions.js';
import { makeLegalHolds, type LegalHolds } from '../deprovision/legal-holds.js';
import type { Handover } from '../domain/handover.js';
import { makeLeaversView } from '../store/console/leavers.js';
import { makeRetentionDocuments } from '../store/retention/documents.js';
import { makeHandoverStore } from '../store/retention/handover.js';
import { makeLeaverDecisionStore } from '../store/retention/leaver-decisions.js';
import { makeLegalHoldStore } from '../store/retention/legal-holds.js';
import type { Services } from './services.js';

/** Everything that people do and see about leavers, for commands, API and console alike. */
export interface LeaverParts {
  readonly leavers: LeaversView;
  readonly leaverDecisions: LeaverDecisions;
  readonly legalHolds: LegalHolds;
  readonly retentionDocuments: RetentionDocuments;
  /** What nobody answers once the person is gone; null: not looked at yet. */
  readonly findHandover: (tenantId: string, leaver: LeaverRow) => Promise<Handover | null>;
}

export function buildLeavers({ database, clock, newId }: Services): LeaverParts {
  const now = () => clock.now();
  return {
    leavers: makeLeaversView(database),
    leaverDecisions: makeLeaverDecisions({ store: makeLeaverDecisionStore(database), now }),
    legalHolds: makeLegalHolds({ store: makeLegalHoldStore(database), newId, now }),
    retentionDocuments: makeRetentionDocuments(database),
    findHandover: async (tenantId, { accountId, deletionId }) =>
      deletionId === null ? null : makeHandoverStore(database).load({ tenantId, accountId }, deletionId),
  };
}
