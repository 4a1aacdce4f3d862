import type { EntitlementSet } from '../domain/entitlement.js';
import type { Page, PageRequest } from './page.js';

export const LEAVER_STAGES = ['parked', 'held', 'deleting', 'deleted'] as const;
/** Where a leaver stands: `held` waits for a person, `deleting` has begun and cannot be taken back. */
export type LeaverStage = (typeof LEAVER_STAGES)[number];

export interface LeaverRow {
  readonly linkId: string;
  readonly personId: string;
  readonly displayName: string;
  readonly email: string;
  readonly accountId: string;
  readonly account: string;
  readonly stage: LeaverStage;
  readonly parkedAt: Date | null;
  /** Earliest permanent deletion; null: none is planned. */
  readonly dueAt: Date | null;
  readonly deletedAt: Date | null;
  readonly holdReason: string | null;
  /** What the person held when parked: given back if they return in time. */
  readonly held: EntitlementSet | null;
}

export interface LeaverQuery extends PageRequest {
  readonly accountId: string | null;
  /** `deleted`: those whose deletion is done, newest first; else whoever is on the way out, soonest first. */
  readonly view: 'leaving' | 'deleted';
}

export interface LeaversView {
  list(tenantId: string, query: LeaverQuery): Promise<Page<LeaverRow>>;
}
