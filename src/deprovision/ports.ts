import type { Logger } from 'pino';
import type { ErrorKind } from '../domain/errors.js';
import type { Plan } from '../domain/plan.js';
import type { Verdict } from '../domain/safety.js';
import type { Clock } from '../lib/clock.js';
import type { Signature } from '../lib/signing.js';
import type { AccountKey, AuditRecord, NewStep } from '../reconcile/ports.js';
import type { ArchiveDeps } from './archive/ports.js';
import type { Deletion } from './deletion.js';
import type { HandoverDeps } from './handover-ports.js';
import type { LegalHoldStore } from './legal-holds.js';
import type { Manifest } from './manifest.js';
import type { Certificate } from './proof/certificate.js';
import type { Proof } from './proof/proof.js';

export type { Deletion, DeletionState } from './deletion.js';

/** Signs documents of a tenant with the tenant's key, which is made when it is first needed. */
export interface Signer {
  sign(tenantId: string, document: unknown): Promise<Signature>;
}

export interface DeletionDeps {
  readonly deletions: DeletionStore;
  readonly legalHolds: Pick<LegalHoldStore, 'findOnAgents'>;
  readonly signer: Signer;
  readonly archive: ArchiveDeps;
  readonly handover: HandoverDeps;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: Logger;
  /** A named moment at which a crash must do no harm; tests stop the process here. */
  readonly checkpoint: (name: string) => void;
}

export interface DeletionStart {
  readonly deletion: Deletion;
  readonly holder: string;
  readonly planId: string;
  readonly changeId: string;
  readonly plan: Plan;
  readonly digest: string;
  readonly verdict: Verdict;
  readonly manifest: Manifest;
  readonly manifestHash: string;
  readonly manifestSignature: Signature;
  readonly isInCall: boolean;
  readonly at: Date;
}

export interface DeletionStore {
  /**
   * The next deletion with something to do: due by the database's clock as well as by `now`, begun and unfinished,
   * or done and not yet verified. None that is put off.
   */
  nextDue(account: AccountKey, now: Date): Promise<Deletion | null>;
  loadManifest(account: AccountKey, deletionId: string): Promise<StoredManifest | null>;
  saveManifest(account: AccountKey, deletionId: string, manifest: Manifest, at: Date): Promise<void>;
  /**
   * Begins the deletion in one transaction, if in that very moment everything still stands: due by both clocks,
   * link parked, person gone from the directory with nothing about them left to look at, no legal hold, no successor
   * chosen since their lines were looked at, nothing left to archive, rules as planned, account active under policy
   * sync, lease ours. The person's row is locked meanwhile: who comes back later finds the deletion begun, who came
   * back before stops it. False: something changed, and nothing was begun.
   */
  begin(account: AccountKey, start: DeletionStart): Promise<boolean>;
  /** The agent is gone: deletion and link end together, the link for good. */
  recordDeleted(
    account: AccountKey,
    deletion: Deletion,
    record: { readonly at: Date; readonly audit: AuditRecord; readonly result: 'applied' | 'already' },
  ): Promise<void>;
  loadProof(account: AccountKey, deletionId: string): Promise<Proof | null>;
  saveProof(account: AccountKey, deletionId: string, proof: Proof): Promise<void>;
  /** Who approved the plan under which the deletion was begun. */
  approversOf(account: AccountKey, deletion: Deletion): Promise<readonly string[]>;
  /** Ends it with its certificate. */
  recordVerified(account: AccountKey, deletionId: string, end: VerifiedEnd): Promise<void>;
  /**
   * Begun under this plan, without effect: back to `scheduled`, with every guard to be asked again. Does nothing
   * where another worker has begun it anew meanwhile.
   */
  takeBack(account: AccountKey, deletion: Deletion, at: Date, error: DeletionError): Promise<void>;
  /** Waits for a person. `plan` is stored as held where there is one to approve. */
  hold(
    account: AccountKey,
    deletion: Deletion,
    hold: {
      readonly reason: string;
      readonly at: Date;
      readonly recheckAt: Date;
      readonly plan: HeldPlan | null;
      readonly audit: AuditRecord;
    },
  ): Promise<void>;
  /**
   * Asks a person to do it, with the manifest that goes before it, and looks again at `recheckAt` or as soon as it is
   * confirmed. Asked again it changes nothing but the words.
   */
  ask(account: AccountKey, deletion: Deletion, question: DeletionQuestion): Promise<void>;
  /** Takes back what was asked: it is not wanted, or not now. */
  unask(account: AccountKey, deletion: Deletion, at: Date): Promise<void>;
  putOff(account: AccountKey, deletionId: string, until: Date, error: DeletionError | null): Promise<void>;
}

/** Signed once the deletion was begun. */
export interface StoredManifest {
  readonly manifest: Manifest;
  readonly hash: string | null;
  readonly signature: Signature | null;
}

export interface DeletionQuestion {
  readonly step: NewStep;
  readonly manifest: Manifest;
  readonly manifestHash: string;
  readonly manifestSignature: Signature;
  readonly at: Date;
  readonly recheckAt: Date;
  readonly audit: AuditRecord;
}

export interface VerifiedEnd {
  readonly at: Date;
  readonly certificate: Certificate;
  readonly hash: string;
  readonly signature: Signature;
  readonly audit: AuditRecord;
}

export interface DeletionError {
  readonly kind: ErrorKind;
  readonly message: string;
}

export interface HeldPlan {
  readonly id: string;
  readonly changeId: string;
  readonly plan: Plan;
  readonly digest: string;
  readonly verdict: Verdict;
}
