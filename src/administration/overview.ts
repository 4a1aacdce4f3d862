import type { AccountStatus } from './accounts.js';
import type { LeaverRow } from './leavers.js';
import type { PlanRow } from './plans.js';
import type { TaskRow } from './worklist.js';

/** Everything that the first page says, in one reading. */
export interface Overview {
  readonly people: number;
  /** When an identity provider last used one of the tenant's tokens; null: never. */
  readonly lastPushAt: Date | null;
  readonly scimTokens: readonly { readonly name: string; readonly expiresAt: Date | null }[];
  readonly rules: { readonly version: number; readonly createdAt: Date; readonly createdBy: string } | null;
  /** Active ones. */
  readonly ssoConnections: number;
  /** Proven domains whose record DNS does not show any more. */
  readonly lostDomains: readonly string[];
  /** The last check of the audit trail found that it is not as it was written. */
  readonly isAuditBroken: boolean;
  readonly accounts: readonly AccountStatus[];
  readonly heldPlans: readonly PlanRow[];
  readonly leavers: {
    /** Deletions that wait for a person. */
    readonly held: number;
    readonly next: readonly LeaverRow[];
  };
  readonly tasks: {
    readonly open: number;
    readonly urgent: number;
    readonly overdue: number;
    readonly next: readonly TaskRow[];
  };
}

/** Numbers beside the names of pages: what waits for a person. */
export interface Waiting {
  readonly plans: number;
  readonly tasks: number;
  readonly heldLeavers: number;
  /** Critical ones that are open and not ignored. */
  readonly findings: number;
}

export interface OverviewView {
  read(tenantId: string, now: Date): Promise<Overview>;
  waiting(tenantId: string): Promise<Waiting>;
  accounts(tenantId: string): Promise<readonly AccountStatus[]>;
  /** null: there is no such account. */
  account(tenantId: string, name: string): Promise<AccountStatus | null>;
}
