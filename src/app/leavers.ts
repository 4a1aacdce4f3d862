import type { LeaversView } from '../administration/leavers.js';
import type { RetentionDocuments } from '../deprovision/documents.js';
import { makeLeaverDecisions, type LeaverDecisions } from '../deprovision/leaver-decisions.js';
import { makeLegalHolds, type LegalHolds } from '../deprovision/legal-holds.js';
import { makeSuccessors, type Successors } from '../deprovision/successors.js';
import type { RemovalsView } from '../administration/removals.js';
import { makeLeaversView } from '../store/console/leavers.js';
import { makeRemovalsView } from '../store/console/removals.js';
import { makeRetentionDocuments } from '../store/retention/documents.js';
import { makeReadingStore } from '../store/readings.js';
import { makeLeaverDecisionStore } from '../store/retention/leaver-decisions.js';
import { makeLegalHoldStore } from '../store/retention/legal-holds.js';
import { makeSuccessorStore } from '../store/retention/successors.js';
import type { Services } from './services.js';

/** Everything that people do and see about leavers, for commands, API and console alike. */
export interface LeaverParts {
  readonly leavers: LeaversView;
  readonly leaverDecisions: LeaverDecisions;
  readonly legalHolds: LegalHolds;
  readonly retentionDocuments: RetentionDocuments;
  readonly successors: Successors;
  readonly removals: RemovalsView;
}

export function buildLeavers({ database, clock, newId }: Services): LeaverParts {
  const now = () => clock.now();
  return {
    leavers: makeLeaversView(database),
    leaverDecisions: makeLeaverDecisions({ store: makeLeaverDecisionStore(database), now }),
    legalHolds: makeLegalHolds({ store: makeLegalHoldStore(database), newId, now }),
    retentionDocuments: makeRetentionDocuments(database),
    removals: makeRemovalsView(database),
    successors: makeSuccessors({
      store: makeSuccessorStore(database),
      readings: makeReadingStore(database),
      now,
    }),
  };
}
