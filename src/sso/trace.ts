import type { ConsoleRole } from './console-role.js';
import type { IdpKind } from './connection.js';
import type { CheckName } from './saml/finding.js';

/** A finding with the words for an admin. */
export interface ExplainedFinding {
  readonly check: CheckName;
  readonly title: string;
  /** What it means. */
  readonly meaning: string;
  readonly arrived: string;
  readonly expected: string;
  /** What to change, and where, in the IdP's own words. */
  readonly change: string;
}

/** What a message held, with personal data masked. */
export interface ArrivedSummary {
  readonly issuer: string | null;
  readonly destination: string | null;
  readonly recipient: string | null;
  readonly audiences: readonly string[];
  readonly status: string | null;
  readonly nameId: { readonly masked: string; readonly format: string | null } | null;
  readonly isResponseSigned: boolean;
  readonly isAssertionSigned: boolean;
  readonly isEncrypted: boolean;
  readonly algorithms: readonly string[];
  readonly issueInstant: string | null;
  readonly notBefore: string | null;
  readonly notOnOrAfter: string | null;
  readonly isAnswer: boolean;
  /** Values only where role rules or groups need them, addresses masked; otherwise just how many. */
  readonly attributes: readonly {
    readonly name: string;
    readonly count: number;
    readonly values: readonly string[] | null;
  }[];
}

/** The stored, redacted record of one sign-in: every refused one, and every test. */
export interface Trace {
  readonly tenantId: string;
  readonly id: string;
  /** What a person reads to their administrator, such as `amber-fox-42`. */
  readonly friendlyId: string;
  readonly connectionId: string;
  readonly connectionName: string;
  readonly idpKind: IdpKind;
  readonly requestId: string | null;
  readonly at: Date;
  readonly purpose: 'login' | 'test' | 'logout';
  readonly outcome: 'passed' | 'refused';
  /** Empty when it passed. The first one is the headline. */
  readonly findings: readonly ExplainedFinding[];
  readonly arrived: ArrivedSummary | null;
  /** What a passed sign-in gives. */
  readonly granted: { readonly role: ConsoleRole; readonly groups: readonly string[] | null } | null;
  readonly expiresAt: Date;
}
