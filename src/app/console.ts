import type { Router } from 'express';
import type { AuditChain } from '../administration/audit-chain.js';
import { makeApiAccess } from '../administration/api-access.js';
import { makeOneTimeLogin, type OneTimeLogin } from '../administration/one-time-login.js';
import { makePersonReader } from '../administration/person.js';
import { makeRecheck } from '../administration/recheck.js';
import { makeWorklist } from '../administration/worklist.js';
import { makeApiRouter } from '../api/router.js';
import type { ConsoleAuth } from '../console/ports.js';
import { makeConsoleRouter } from '../console/router.js';
import { AppError } from '../domain/errors.js';
import { httpStatus } from '../http/errors.js';
import { csrfTokenOf, sessionOf, type SessionEdge } from '../http/session.js';
import { IDP_DEFINITIONS } from '../idp/registry.js';
import { makeContacts } from '../mail/contacts.js';
import { capabilitiesOf, PROVIDERS } from '../providers/registry.js';
import type { DestinationAction } from '../report/delivery/destinations.js';
import type { Connections, TenantRef } from '../sso/connections.js';
import type { Domains } from '../sso/domains.js';
import type { LocalOwners } from '../sso/local-owner.js';
import type { Sessions } from '../sso/sessions.js';
import { makeTeam } from '../sso/team.js';
import type { SetupLinks } from '../sso/setup-links.js';
import type { StartSsoTest } from '../sso/start-test.js';
import type { Traces } from '../sso/traces.js';
import { makeAdminTokenStore } from '../store/console/admin-tokens.js';
import { makeAdoptionView } from '../store/console/adoption.js';
import { makeAuditView } from '../store/console/audit.js';
import { makeOneTimeLoginStore } from '../store/console/one-time-logins.js';
import { makeOverviewView } from '../store/console/overview.js';
import { makePeopleView } from '../store/console/people.js';
import { makePlansView } from '../store/console/plans.js';
import { makeRecheckStore } from '../store/console/recheck.js';
import { makeScimRequestsView } from '../store/console/scim-requests.js';
import { makeWorklistStore } from '../store/console/worklist.js';
import { makeMailContactStore } from '../store/mail/contacts.js';
import { makeOutboxView } from '../store/mail/outbox.js';
import { makeRuleSetReader } from '../store/rule-sets.js';
import { makeTeamStore } from '../store/sso/team.js';
import { makeOrganisationStore } from '../store/organisations.js';
import { makeTenantStore } from '../store/tenants.js';
import type { Account } from '../tenancy/account.js';
import { makeOrganisations } from '../tenancy/organisation.js';
import { buildAuditChain } from './audit-chain.js';
import { buildAuditor } from './auditor.js';
import { buildByHand } from './by-hand.js';
import type { Engine } from './engine.js';
import { buildLeavers } from './leavers.js';
import { buildDestinations, buildReportDelivery } from './report-delivery.js';
import { buildReports } from './reports.js';
import type { Services } from './services.js';
import { securityNotices } from './security-notices.js';

export interface ConsoleParts {
  readonly services: Services;
  readonly engine: Pick<Engine, 'decisions' | 'ruleChanges' | 'comparisons'>;
  readonly session: SessionEdge;
  readonly sessions: Sessions;
  readonly localOwners: LocalOwners;
  readonly connections: Connections;
  readonly setupLinks: SetupLinks;
  readonly domains: Domains;
  readonly traces: Traces;
  readonly startSsoTest: StartSsoTest;
  readonly findTenant: (slug: string) => Promise<TenantRef | null>;
  /** Calls of the API from one address. */
  readonly apiRequestsPerMinute?: number;
  /** Tells the workers that a tenant has something to do; without it they find it at their next sweep. */
  readonly nudge: (tenantId: string) => void;
}

export interface ConsoleEdge {
  /** Mount at /console. */
  readonly router: Router;
  /** Mount at /api/v1. */
  readonly api: Router;
  /** `/console/start/<word>` signs in whom the word was issued for. */
  readonly oneTimeLogin: OneTimeLogin;
  /** Checked once a day. */
  readonly auditChain: Pick<AuditChain, 'checkNext'>;
}

/** Pages and API on this process's database, engine and sign-in: two edges of the same use cases. */
export function buildConsole(parts: ConsoleParts): ConsoleEdge {
  const now = () => parts.services.clock.now();
  const shared = buildUseCases(parts);
  const oneTimeLogin = makeOneTimeLogin({ store: makeOneTimeLoginStore(parts.services.database), now });
  const router = makeConsoleRouter({
    ...shared,
    auth: consoleAuth(parts.session),
    sessions: parts.sessions,
    localOwners: parts.localOwners,
    oneTimeLogin,
    signInPages: (slug) => listSignInPages(parts, slug),
    capabilitiesOf,
    idpDefinitions: IDP_DEFINITIONS,
    listConnections: (tenant) => parts.connections.list(tenant),
    connections: parts.connections,
    traces: parts.traces,
    domains: parts.domains,
    setupLinks: parts.setupLinks,
  });
  const api = makeApiRouter({
    ...shared,
    ...(parts.apiRequestsPerMinute === undefined ? {} : { requestsPerMinute: parts.apiRequestsPerMinute }),
    access: makeApiAccess({ tokens: makeAdminTokenStore(parts.services.database), now }),
    listConnections: async (id) => parts.connections.list(await tenantOf(parts, id)),
    findTenant: (id) => tenantOf(parts, id),
    connections: parts.connections,
    startSsoTest: parts.startSsoTest,
    traces: parts.traces,
    domains: parts.domains,
    setupLinks: parts.setupLinks,
  });
  return { router, api, oneTimeLogin, auditChain: shared.auditChain };
}

function buildUseCases(parts: ConsoleParts) {
  const { services, engine, nudge } = parts;
  const { database, clock } = services;
  const now = () => clock.now();
  const rules = makeRuleSetReader(database);
  const people = makePeopleView(database);
  const delivery = buildReportDelivery({ services });
  return {
    people,
    readPerson: makePersonReader({
      people,
      currentRules: (tenantId) => rules.current(tenantId),
      capabilitiesOf,
    }),
    recheckPerson: makeRecheck({ store: makeRecheckStore(database), now, nudge }),
    overview: makeOverviewView(database),
    adoption: makeAdoptionView(database),
    certificateWarnings: (tenantId: string, at: Date) => parts.connections.certificateWarnings(tenantId, at),
    reports: buildReports({ services }),
    reportDestinations: buildDestinations(services),
    sendReport: async ({ actor, ...key }: DestinationAction) => {
      await delivery.run(key, { isForced: true, actor });
    },
    auditor: buildAuditor(services),
    plans: makePlansView(database),
    decisions: engine.decisions,
    ...buildLeavers(services),
    ...buildByHand(services, nudge),
    worklist: makeWorklist({ store: makeWorklistStore(database), now }),
    findings: engine.comparisons.findings,
    comparisons: engine.comparisons.view,
    askComparison: engine.comparisons.ask,
    idpSources: engine.comparisons.idpSources,
    contacts: makeContacts({ contacts: makeMailContactStore(database), newId: services.newId, now }),
    outbox: makeOutboxView(database),
    hasMailServer: services.config.smtpUrl !== undefined,
    audit: makeAuditView(database),
    auditChain: buildAuditChain(services),
    rules: services.rules,
    ruleChanges: engine.ruleChanges,
    accounts: services.accounts,
    providers: Object.values(PROVIDERS),
    lookAgain: (account: Account) => services.lookAgain(account),
    tokens: services.tokens,
    scimRequests: makeScimRequestsView(database),
    scimBaseUrl: services.scimBaseUrl,
    oauthClients: services.oauthClients,
    tokenEndpoint: services.tokenEndpoint,
    team: makeTeam({ store: makeTeamStore(database), notices: securityNotices(services), now }),
    organisations: makeOrganisations({ store: makeOrganisationStore(database), now }),
    nudge,
    statusOf: httpStatus,
    now,
    log: services.log,
  };
}

async function tenantOf({ services }: ConsoleParts, tenantId: string): Promise<TenantRef> {
  const tenant = await makeTenantStore(services.database).find(tenantId);
  if (tenant !== null) return tenant;
  throw new AppError('notFound', 'There is no such organisation.');
}

function consoleAuth(session: SessionEdge): ConsoleAuth {
  return {
    load: session.load,
    signedIn(response) {
      const found = sessionOf(response);
      if (found === null || found.actor.kind !== 'person') return null;
      const { userId, displayName, email, role } = found.actor;
      const { tenantId, tenantSlug, id: sessionId } = found;
      const csrf = csrfTokenOf(response);
      return { tenantId, tenantSlug, sessionId, userId, displayName, email, role, csrf };
    },
    previous: (request) => session.tokenOf(request),
    begin: (response, token) => session.begin(response, token),
    signOutPath: '/sso/logout',
  };
}

async function listSignInPages({ findTenant, connections, domains }: ConsoleParts, typed: string) {
  const slug = typed.includes('@') ? (await domains.signInFor(typed))?.tenantSlug : typed.toLowerCase();
  const tenant = slug === undefined ? null : await findTenant(slug);
  if (tenant === null) return [];
  const found = await connections.list(tenant);
  return found
    .filter(({ state }) => state === 'active')
    .map(({ label, serviceProvider }) => ({ label, url: serviceProvider.loginUrl }));
}
