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
  readonly createdAt: Date;
}

export interface DomainStore {
  /** Keeps an earlier claim, with its token. */
  claim(claim: DomainClaim, audit: AuditEntry): Promise<DomainClaim>;
  list(tenantId: string): Promise<readonly DomainClaim[]>;
  find(tenantId: string, domain: string): Promise<DomainClaim | null>;
  /** False when another tenant has proven this domain already. */
  markVerified(tenantId: string, domain: string, audit: AuditEntry): Promise<boolean>;
  /** Takes the proof away, too: DNS no longer says so. */
  markUnproven(tenantId: string, domain: string, problem: string, audit: AuditEntry): Promise<void>;
  remove(tenantId: string, domain: string, audit: AuditEntry): Promise<boolean>;
  /** The tenant that has proven the domain. */
  ownerOf(domain: string): Promise<{ readonly tenantId: string; readonly tenantSlug: string } | null>;
}
