import type { Logger } from 'pino';
import type { ApiAccess } from '../administration/api-access.js';
import type { ExpiringCertificate } from '../administration/attention.js';
import type { AdoptionView } from '../administration/adoption.js';
import type { AuditChain } from '../administration/audit-chain.js';
import type { AuditView } from '../administration/audit.js';
import type { LeaversView } from '../administration/leavers.js';
import type { OverviewView } from '../administration/overview.js';
import type { PeopleView } from '../administration/people.js';
import type { PersonPage } from '../administration/person.js';
import type { RemovalsView } from '../administration/removals.js';
import type { PlansView } from '../administration/plans.js';
import type { ScimRequestsView } from '../administration/scim-requests.js';
import type { Worklist } from '../administration/worklist.js';
import type { RetentionDocuments } from '../deprovision/documents.js';
import type { LeaverDecisions } from '../deprovision/leaver-decisions.js';
import type { LegalHolds } from '../deprovision/legal-holds.js';
import type { Successors } from '../deprovision/successors.js';
import type { ErrorKind } from '../domain/errors.js';
import type { Contacts } from '../mail/contacts.js';
import type { OutboxView } from '../mail/ports.js';
import type { Checklists } from '../manual/confirm.js';
import type { Imports } from '../manual/imports.js';
import type { ProviderDefinition } from '../providers/port.js';
import type { Decisions } from '../reconcile/decide.js';
import type { AskComparison } from '../report/comparisons/ask.js';
import type { DestinationAction, Destinations } from '../report/delivery/destinations.js';
import type { Findings } from '../report/findings.js';
import type { Auditor } from '../report/history/auditor.js';
import type { IdpSources } from '../report/missed-pushes/sources.js';
import type { ComparisonsView } from '../report/read-model.js';
import type { Reports } from '../report/reporting/reports.js';
import type { RuleChanges } from '../rules/changes.js';
import type { Rules } from '../rules/rules.js';
import type { ConnectionView } from '../sso/connection-view.js';
import type { Team } from '../sso/team.js';
import type { Connections, TenantRef } from '../sso/connections.js';
import type { Domains } from '../sso/domains.js';
import type { SetupLinks } from '../sso/setup-links.js';
import type { Traces } from '../sso/traces.js';
import type { Account } from '../tenancy/account.js';
import type { Accounts } from '../tenancy/accounts.js';
import type { OAuthClients } from '../tenancy/oauth/clients.js';
import type { Organisations } from '../tenancy/organisation.js';
import type { Tokens } from '../tenancy/tokens.js';

/** What the API stands on: the same use cases as the console. */
export interface ApiDeps {
  readonly access: ApiAccess;
  readonly overview: OverviewView;
  readonly adoption: AdoptionView;
  readonly certificateWarnings: (tenantId: string, now: Date) => Promise<readonly ExpiringCertificate[]>;
  readonly people: PeopleView;
  readonly readPerson: (tenantId: string, personId: string) => Promise<PersonPage>;
  readonly recheckPerson: (input: { tenantId: string; personId: string; actor: string }) => Promise<void>;
  readonly rules: Rules;
  readonly ruleChanges: RuleChanges;
  readonly plans: PlansView;
  readonly decisions: Decisions;
  readonly leavers: LeaversView;
  readonly leaverDecisions: LeaverDecisions;
  readonly legalHolds: LegalHolds;
  readonly successors: Successors;
  readonly removals: RemovalsView;
  readonly retentionDocuments: RetentionDocuments;
  readonly worklist: Worklist;
  readonly checklists: Checklists;
  readonly imports: Imports;
  readonly findings: Findings;
  readonly comparisons: ComparisonsView;
  readonly idpSources: IdpSources;
  readonly askComparison: AskComparison;
  readonly reports: Reports;
  readonly reportDestinations: Destinations;
  /** Makes a report for the destination now; a worker sends it. */
  readonly sendReport: (action: DestinationAction) => Promise<void>;
  readonly auditor: Auditor;
  readonly accounts: Accounts;
  readonly providers: readonly ProviderDefinition[];
  /** Asks for a reconciliation of the whole account. */
  readonly lookAgain: (account: Account) => Promise<void>;
  /** Tells the workers that there is something to do. */
  readonly nudge: (tenantId: string) => void;
  readonly tokens: Tokens;
  readonly scimRequests: ScimRequestsView;
  readonly scimBaseUrl: string;
  readonly oauthClients: OAuthClients;
  /** Where OAuth clients ask for access tokens. */
  readonly tokenEndpoint: string;
  /** Throws AppError `notFound`. */
  readonly findTenant: (tenantId: string) => Promise<TenantRef>;
  readonly connections: Connections;
  /** Begins a test sign-in. Throws AppError `notFound`, `conflict`, `forbidden`. */
  readonly startSsoTest: (
    tenant: TenantRef,
    connection: string,
  ) => Promise<{ readonly url: string; readonly requestId: string }>;
  readonly traces: Pick<Traces, 'ofRequest' | 'recent' | 'byFriendlyId'>;
  readonly domains: Domains;
  readonly setupLinks: Pick<SetupLinks, 'create' | 'list' | 'revoke'>;
  readonly listConnections: (tenantId: string) => Promise<readonly ConnectionView[]>;
  readonly contacts: Contacts;
  readonly outbox: OutboxView;
  readonly team: Team;
  readonly organisations: Organisations;
  readonly audit: AuditView;
  readonly auditChain: AuditChain;
  /** Of one address. */
  readonly requestsPerMinute?: number;
  /** HTTP status of an error kind, as the rest of the server answers. */
  readonly statusOf: (kind: ErrorKind) => number;
  readonly now: () => Date;
  readonly log: Logger;
}
