import { resolveTxt } from 'node:dns/promises';
import type { Router } from 'express';
import { makeGroupDirectory } from '../directory/groups.js';
import { makeJit, type Jit } from '../directory/jit.js';
import { renderNotice } from '../console/layout/notice.js';
import type { DirectoryChangeListener } from '../directory/ports.js';
import { makeUserDirectory } from '../directory/users.js';
import { makeSessionEdge, type SessionEdge } from '../http/session.js';
import { makeSsoRouter } from '../http/sso-routes.js';
import { decryptSecret, encryptSecret } from '../lib/crypto.js';
import { makeHttpClient, type HttpClient } from '../lib/http-client.js';
import { readAddress } from '../mail/contacts.js';
import type { Mail } from '../mail/ports.js';
import { makeCertificateNotices } from '../sso/certificate-notices.js';
import { makeConnections, type Connections } from '../sso/connections.js';
import { makeDomainRecheck } from '../sso/domain-recheck.js';
import { makeDomains, type Domains } from '../sso/domains.js';
import { makeLocalOwners, type LocalOwners } from '../sso/local-owner.js';
import type { LoginDeps } from '../sso/login-deps.js';
import { makeLogin } from '../sso/login.js';
import { makeLogout } from '../sso/logout.js';
import { makeMetadataFetch } from '../sso/metadata-fetch.js';
import { makeMetadataRefresh } from '../sso/metadata-refresh.js';
import type { ConsoleUserStore } from '../sso/people-ports.js';
import { makeSamlLibrary, samlOptions } from '../sso/saml/library.js';
import { generateKeyPairWithCertificate } from '../sso/saml/self-signed.js';
import { ALL_CHECKS, makeResponseVerifier } from '../sso/saml/verify-response.js';
import { DEFAULT_SESSION_LIMITS, makeSessions, type Sessions } from '../sso/sessions.js';
import { makeSetupLinks, type Invitations, type SetupLinks } from '../sso/setup-links.js';
import { makeStartSsoTest, type StartSsoTest } from '../sso/start-test.js';
import { makeTraces, type Traces } from '../sso/traces.js';
import { makeSsoUpkeep } from '../sso/upkeep.js';
import { appendMail } from '../store/mail/append-mail.js';
import { makeJitStore } from '../store/directory/jit.js';
import { makeDirectoryStore } from '../store/directory/store.js';
import { makeAdmissionStore } from '../store/sso/admissions.js';
import { makeConnectionStore } from '../store/sso/connections.js';
import { makeConsoleUserStore } from '../store/sso/console-users.js';
import { makeDirectoryStatus } from '../store/sso/directory-status.js';
import { makeDomainStore } from '../store/sso/domains.js';
import { makeLocalOwnerStore } from '../store/sso/local-owners.js';
import { makeSessionStore } from '../store/sso/sessions.js';
import { makeSetupLinkStore } from '../store/sso/setup-links.js';
import { makeTraceStore } from '../store/sso/traces.js';
import { makeTenantStore } from '../store/tenants.js';
import type { Tenant } from '../tenancy/ports.js';
import { sealMail } from './mail.js';
import { securityNotices } from './security-notices.js';
import type { Services } from './services.js';

/** Signing in, and everything that its administration needs. */
export interface Sso {
  readonly router: Router;
  readonly session: SessionEdge;
  readonly sessions: Sessions;
  readonly users: ConsoleUserStore;
  readonly localOwners: LocalOwners;
  readonly connections: Connections;
  readonly setupLinks: SetupLinks;
  readonly domains: Domains;
  readonly traces: Traces;
  readonly startSsoTest: StartSsoTest;
  readonly findTenant: (slug: string) => Promise<Tenant | null>;
  /** Refreshes metadata, looks for records of domains, ends memberships that sign-ins brought, deletes what has expired. */
  readonly upkeep: () => Promise<void>;
  close(): void;
}

export interface SsoOptions {
  readonly services: Services;
  /** Origin under which browsers and IdPs reach us: part of every entity id. */
  readonly publicUrl: string;
  readonly onDirectoryChange: DirectoryChangeListener;
}

/** A certificate of ours is not verified by anybody; IdPs only dislike expired ones. */
const KEY_YEARS = 10;
const DAY_MS = 86_400_000;
const METADATA_MAX_BYTES = 5_000_000;

export function buildSso(options: SsoOptions): Sso {
  const { services, publicUrl } = options;
  const { database, newId, log } = services;
  const now = () => services.clock.now();
  const http = metadataClient(services);
  const deps = loginDeps(options, http);
  const { sessions, traces, refresh, library, connections: store, users, open, jit } = deps;
  const findTenant = makeTenantStore(database).findBySlug;
  const session = makeSessionEdge({ sessions, publicUrl });
  const seal = (plain: string, context: readonly string[]) => encryptSecret(plain, services.keyring, context);
  const connections = makeConnections({
    publicUrl,
    open,
    seal,
    store,
    fetch: makeMetadataFetch(http),
    refresh,
    library,
    generateKeyPair: (commonName) => generateKeyPairWithCertificate({ commonName, ...validity(now()) }),
    newId,
    now,
  });
  const login = makeLogin(deps);
  const logout = makeLogout({ ...deps, checks: ALL_CHECKS });
  const expireOld = makeSsoUpkeep({
    admissions: makeAdmissionStore(database),
    traces: makeTraceStore(database),
    sessions,
    refresh,
    now,
  });
  const announceCertificates = hourly(
    makeCertificateNotices({ connections: store, writeMail: mailWriter(services), publicUrl, now }),
    now,
  );
  const domainStore = makeDomainStore(database);
  const recheckDomains = makeDomainRecheck({
    store: domainStore,
    resolveTxt,
    writeMail: mailWriter(services),
    publicUrl,
    now,
  });
  return {
    router: makeSsoRouter({ login, logout, connections, findTenant, session, renderNotice }),
    session,
    sessions,
    users,
    connections,
    traces,
    findTenant,
    startSsoTest: makeStartSsoTest(login),
    localOwners: makeLocalOwners({
      findTenant,
      store: makeLocalOwnerStore(database),
      sessions,
      notices: securityNotices(services),
      seal,
      open,
      log,
      newId,
      now,
    }),
    setupLinks: makeSetupLinks({
      store: makeSetupLinkStore(database),
      sessions,
      invitations: invitations(services),
      publicUrl,
      newId,
      now,
    }),
    domains: makeDomains({
      store: domainStore,
      connections: store,
      resolveTxt,
      writeMail: mailWriter(services),
      now,
    }),
    async upkeep() {
      await expireOld();
      await announceCertificates();
      await recheckDomains();
      await jit.expire();
    },
    close: () => http.close(),
  };
}

const HOUR_MS = 3_600_000;

/** Certificates are looked at with the rest of the upkeep, but not every minute. */
function hourly(work: () => Promise<unknown>, now: () => Date): () => Promise<void> {
  let nextAt = 0;
  return async () => {
    if (now().getTime() < nextAt) return;
    await work();
    nextAt = now().getTime() + HOUR_MS;
  };
}

function mailWriter({ database, clock }: Services) {
  return (tenantId: string, mail: Mail) =>
    appendMail(database.forTenant(tenantId), tenantId, mail, clock.now());
}

function invitations(services: Services): Invitations | null {
  if (services.config.smtpUrl === undefined) return null;
  const tenants = makeTenantStore(services.database);
  return {
    organisation: async (tenantId) => (await tenants.find(tenantId))?.name ?? 'Your organisation',
    readAddress,
    seal: sealMail(services),
  };
}

function metadataClient({ config }: Services): HttpClient {
  return makeHttpClient({
    allowLoopback: config.allowLoopbackProviders,
    timeoutMs: 10_000,
    maxResponseBytes: METADATA_MAX_BYTES,
    maxConnections: 4,
  });
}

function loginDeps(
  { services, publicUrl, onDirectoryChange }: SsoOptions,
  http: HttpClient,
): LoginDeps & { readonly jit: Jit } {
  const { database, clock, newId, keyring } = services;
  const now = () => clock.now();
  const connections = makeConnectionStore(database);
  const library = makeSamlLibrary({ options: samlOptions });
  const directory = { store: makeDirectoryStore(database), clock, newId, onDirectoryChange };
  const jit = makeJit({
    users: makeUserDirectory(directory),
    groups: makeGroupDirectory(directory),
    store: makeJitStore(database),
    now,
  });
  return {
    publicUrl,
    open: (sealed, context) => decryptSecret(sealed, keyring, context),
    findTenant: makeTenantStore(database).findBySlug,
    connections,
    admissions: makeAdmissionStore(database),
    users: makeConsoleUserStore(database),
    sessions: makeSessions({
      store: makeSessionStore(database),
      limits: DEFAULT_SESSION_LIMITS,
      newId,
      now,
    }),
    traces: makeTraces({ store: makeTraceStore(database), newId, now }),
    directory: {
      ...makeDirectoryStatus(database, now),
      feed: (tenantId, person) => jit.feed(tenantId, person),
    },
    domains: makeDomainStore(database),
    refresh: makeMetadataRefresh({ connections, fetch: makeMetadataFetch(http), now }),
    library,
    verify: makeResponseVerifier({ library, checks: ALL_CHECKS }),
    newId,
    now,
    jit,
  };
}

function validity(now: Date): { readonly notBefore: Date; readonly notAfter: Date } {
  // A day early: an IdP whose clock runs behind would refuse a certificate from its future.
  const notBefore = new Date(now.getTime() - DAY_MS);
  const notAfter = new Date(now);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + KEY_YEARS);
  return { notBefore, notAfter };
}
