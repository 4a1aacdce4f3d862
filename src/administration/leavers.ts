import type { EntitlementSet } from '../domain/entitlement.js';
import type { Page, PageRequest } from './page.js';

export const LEAVER_STAGES = ['parked', 'due', 'held', 'deleting', 'deleted', 'verified'] as const;
/**
 * Where a leaver stands: `due` is deleted as soon as every guard agrees, `held` waits for a person, `deleting` has
 * begun and cannot be taken back, `verified` is proved by a certificate.
 */
export type LeaverStage = (typeof LEAVER_STAGES)[number];

export interface LeaverRow {
  readonly linkId: string;
  /** null where the vendor knows no deletion, or somebody else ended it. */
  readonly deletionId: string | null;
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
  /** Why it goes on later, where nobody has to do anything. */
  readonly waitsFor: string | null;
  /** What a person may approve. */
  readonly approval: { readonly planId: string; readonly digest: string } | null;
  readonly legalHold: { readonly reason: string; readonly until: Date | null; readonly setBy: string } | null;
  /** Lines that ring nobody since the person was parked. */
  readonly linesWithoutAnyone: readonly string[];
  readonly hasManifest: boolean;
  /** Whether the certificate is without remarks; null: there is none yet. */
  readonly isClean: boolean | null;
  /** Recordings of theirs; null where none are archived. */
  readonly archive: { readonly stored: number; readonly open: number; readonly missing: number } | null;
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
  /** By the link; null where there is none. */
  find(tenantId: string, linkId: string): Promise<LeaverRow | null>;
}
