import type { AuditEntry } from '../tenancy/ports.js';

/** A domain that a tenant says is its own, and whether DNS agrees. */
export interface DomainClaim {
  readonly tenantId: string;
  /** Lower case, in its ASCII form. */
  readonly domain: string;
  readonly token: string;
  readonly verifiedAt: Date | null;
  readonly checkedAt: Date | null;
  /** Why the last check did not prove it. */
  readonly problem: string | null;
  /** Since when DNS does not show the record of a proven domain any more. */
  readonly lostAt: Date | null;
  readonly createdAt: Date;
}

export interface DomainCheck {
  readonly at: Date;
  readonly nextCheckAt: Date;
  readonly audit: AuditEntry | null;
}

export interface DomainProofEnd {
  readonly lostBefore: Date;
  readonly problem: string;
  readonly audit: AuditEntry;
}

export interface DomainStore {
  /** Keeps an earlier claim, with its token. */
  claim(claim: DomainClaim, audit: AuditEntry): Promise<DomainClaim>;
  list(tenantId: string): Promise<readonly DomainClaim[]>;
  find(tenantId: string, domain: string): Promise<DomainClaim | null>;
  /** False when another tenant has proven this domain already. */
  markVerified(tenantId: string, domain: string, nextCheckAt: Date, audit: AuditEntry): Promise<boolean>;
  /** The record of a proven domain is there still, or again. `audit` null: nothing to tell. */
  recordFound(tenantId: string, domain: string, check: DomainCheck): Promise<void>;
  /** Leaves an earlier proof as it is, and notes since when its record is gone. */
  recordMissing(
    tenantId: string,
    domain: string,
    check: DomainCheck & { readonly problem: string },
  ): Promise<void>;
  /** Of every tenant, the proven domains whose check is due; nobody else gets them before `nextTryAt`. */
  takeDue(now: Date, nextTryAt: Date, limit: number): Promise<readonly DomainClaim[]>;
  /**
   * Ends a proof whose record was gone by `lostBefore`; the claim stays, with the reason. False: it is not so (any more).
   */
  endProof(tenantId: string, domain: string, end: DomainProofEnd): Promise<boolean>;
  remove(tenantId: string, domain: string, audit: AuditEntry): Promise<boolean>;
  /** The claim of the tenant that has proven the domain, whichever it is. */
  provenClaim(domain: string): Promise<DomainClaim | null>;
  /** The tenant that has proven the domain. */
  ownerOf(domain: string): Promise<{ readonly tenantId: string; readonly tenantSlug: string } | null>;
}
