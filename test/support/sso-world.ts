import { randomUUID } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { pino } from 'pino';
import { renderNotice } from '../../src/console/layout/notice.js';
import { makeHttpApp } from '../../src/http/app.js';
import { listen } from '../../src/http/server.js';
import { makeSessionEdge } from '../../src/http/session.js';
import { makeSsoRouter } from '../../src/http/sso-routes.js';
import {
  decryptSecret,
  encryptSecret,
  generateKeyringEntry,
  parseKeyring,
  type Keyring,
} from '../../src/lib/crypto.js';
import { makeHttpClient } from '../../src/lib/http-client.js';
import { makeIdSource } from '../../src/lib/ids.js';
import { openDatabase, type TenantDatabase } from '../../src/store/database.js';
import { appendMail } from '../../src/store/mail/append-mail.js';
import { makeAdmissionStore } from '../../src/store/sso/admissions.js';
import { makeConnectionStore } from '../../src/store/sso/connections.js';
import { makeConsoleUserStore } from '../../src/store/sso/console-users.js';
import { makeDirectoryStatus } from '../../src/store/sso/directory-status.js';
import { makeDomainStore } from '../../src/store/sso/domains.js';
import { makeLocalOwnerStore } from '../../src/store/sso/local-owners.js';
import { makeSessionStore } from '../../src/store/sso/sessions.js';
import { makeSetupLinkStore } from '../../src/store/sso/setup-links.js';
import { makeTraceStore } from '../../src/store/sso/traces.js';
import { readAddress } from '../../src/mail/contacts.js';
import { makeConnections } from '../../src/sso/connections.js';
import type { ResolveTxt } from '../../src/sso/domain-record.js';
import { makeDomains } from '../../src/sso/domains.js';
import { makeLocalOwners } from '../../src/sso/local-owner.js';
import type { LoginDeps } from '../../src/sso/login-deps.js';
import { makeLogin } from '../../src/sso/login.js';
import { makeLogout } from '../../src/sso/logout.js';
import { makeMetadataFetch } from '../../src/sso/metadata-fetch.js';
import { makeMetadataRefresh } from '../../src/sso/metadata-refresh.js';
import type { AdmissionStore, JitPerson } from '../../src/sso/ports.js';
import type { OpenKeys } from '../../src/sso/saml/check.js';
import { makeSamlLibrary, samlOptions } from '../../src/sso/saml/library.js';
import { ALL_CHECKS, makeResponseVerifier } from '../../src/sso/saml/verify-response.js';
import { DEFAULT_SESSION_LIMITS, makeSessions } from '../../src/sso/sessions.js';
import { makeStartSsoTest } from '../../src/sso/start-test.js';
import { makeSetupLinks } from '../../src/sso/setup-links.js';
import { makeTraces } from '../../src/sso/traces.js';
import { makeSsoUpkeep } from '../../src/sso/upkeep.js';
import { systemClock, type Clock } from '../../src/lib/clock.js';
import { PUBLIC_URL } from './saml-party.js';
import { makeSigningKey, type TestIdp } from './idp.js';

export interface SsoOptions {
  readonly url: string;
  readonly keyring?: Keyring;
  readonly clock?: Clock;
  readonly resolveTxt?: ResolveTxt;
  readonly requestsPerMinute?: number;
  /** Stands in for a part of the store, to show what it is good for. */
  readonly admissions?: (real: AdmissionStore) => AdmissionStore;
}

/** One process of the service, as far as signing in goes: everything real but the directory's writing side. */
export type SsoWorld = Awaited<ReturnType<typeof startSso>>;

const newId = makeIdSource(systemClock);

export const testKeyring = parseKeyring(generateKeyringEntry('test'));

/** Made once: RSA keys are slow to make, and nothing here depends on whose they are. */
const signing = makeSigningKey({ commonName: 'Patchbay signing' });
const encryption = makeSigningKey({ commonName: 'Patchbay encryption' });

/** The keys that every connection in these worlds has. */
export const worldKeys: OpenKeys = {
  signingKey: signing.privateKey,
  signingCertificate: signing.certificate,
  encryptionKey: encryption.privateKey,
  encryptionCertificate: encryption.certificate,
};

export async function startSso(options: SsoOptions) {
  const log = pino({ level: 'silent' });
  const database = await openDatabase({ url: options.url, poolMax: 5, patienceMs: 300_000, log });
  const now = () => options.clock?.now() ?? new Date();
  const parts = assemble(database, now, options);
  const session = makeSessionEdge({ sessions: parts.sessions, publicUrl: PUBLIC_URL });
  const router = makeSsoRouter({
    ...parts,
    session,
    renderNotice,
    requestsPerMinute: options.requestsPerMinute ?? 10_000,
  });
  const health = { ready: {}, version: 'test' };
  const app = makeHttpApp({ log, now, health, trustProxy: 0, mounts: [{ path: '/sso', router }] });
  const server = await listen(app, '127.0.0.1', 0);
  const origin = `http://127.0.0.1:${server.port}`;
  return {
    ...parts,
    database,
    origin,
    async stop() {
      await server.stop(500);
      parts.http.close();
      await database.close();
    },
  };
}

function assemble(database: TenantDatabase, now: () => Date, options: SsoOptions) {
  const keyring = options.keyring ?? testKeyring;
  const publicUrl = PUBLIC_URL;
  const seal = (plain: string, context: readonly string[]) => encryptSecret(plain, keyring, context);
  const open = (sealed: string, context: readonly string[]) => decryptSecret(sealed, keyring, context);
  const http = makeHttpClient({
    allowLoopback: true,
    timeoutMs: 300_000,
    maxResponseBytes: 1_000_000,
    maxConnections: 4,
  });
  const store = makeConnectionStore(database);
  const fetch = makeMetadataFetch(http);
  const refresh = makeMetadataRefresh({ connections: store, fetch, now });
  const library = makeSamlLibrary({ options: samlOptions });
  const sessions = makeSessions({
    store: makeSessionStore(database),
    limits: DEFAULT_SESSION_LIMITS,
    newId,
    now,
  });
  const traceStore = makeTraceStore(database);
  const traces = makeTraces({ store: traceStore, newId, now });
  const fed: JitPerson[] = [];
  const realAdmissions = makeAdmissionStore(database);
  const admissions = options.admissions?.(realAdmissions) ?? realAdmissions;
  const findTenant = (slug: string) => findTenantBySlug(database, slug);
  const loginDeps: LoginDeps = {
    publicUrl,
    open,
    findTenant,
    connections: store,
    admissions,
    users: makeConsoleUserStore(database),
    sessions,
    traces,
    directory: {
      ...makeDirectoryStatus(database, now),
      feed: (_tenantId, person) => {
        fed.push(person);
        return Promise.resolve();
      },
    },
    domains: makeDomainStore(database),
    refresh,
    library,
    verify: makeResponseVerifier({ library, checks: ALL_CHECKS }),
    newId,
    now,
  };
  const notices: { readonly tenantId: string; readonly title: string; readonly text: string }[] = [];
  const warnings: object[] = [];
  return {
    http,
    store,
    refresh,
    sessions,
    traces,
    fed,
    notices,
    warnings,
    findTenant,
    users: loginDeps.users,
    login: makeLogin(loginDeps),
    startSsoTest: makeStartSsoTest(makeLogin(loginDeps)),
    logout: makeLogout({ ...loginDeps, checks: ALL_CHECKS }),
    connections: makeConnections({
      publicUrl,
      open,
      seal,
      store,
      fetch,
      refresh,
      library,
      generateKeyPair: (name) => Promise.resolve(name.endsWith('signing') ? signing : encryption),
      newId,
      now,
    }),
    setupLinks: makeSetupLinks({
      store: makeSetupLinkStore(database),
      sessions,
      invitations: {
        organisation: () => Promise.resolve('Acme Ltd'),
        readAddress,
        seal: (text, tenantId) => seal(text, ['mail', tenantId]),
      },
      publicUrl,
      newId,
      now,
    }),
    domains: makeDomains({
      store: makeDomainStore(database),
      connections: store,
      resolveTxt: options.resolveTxt ?? (() => Promise.resolve([])),
      writeMail: (tenantId, mail) => appendMail(database.forTenant(tenantId), tenantId, mail, now()),
      now,
    }),
    localOwners: makeLocalOwners({
      findTenant,
      store: makeLocalOwnerStore(database),
      sessions,
      notices: {
        send: (tenantId, notice) => {
          notices.push({ tenantId, ...notice });
          return Promise.resolve();
        },
      },
      seal,
      open,
      log: { warn: (fields) => void warnings.push(fields) },
      newId,
      now,
    }),
    upkeep: makeSsoUpkeep({ admissions: realAdmissions, traces: traceStore, sessions, refresh, now }),
  };
}

async function findTenantBySlug(database: TenantDatabase, slug: string) {
  const row = await database
    .system()
    .selectFrom('tenants')
    .selectAll()
    .where('slug', '=', slug)
    .executeTakeFirst();
  return row === undefined ? null : { id: row.id, slug: row.slug, name: row.name, createdAt: row.created_at };
}

export async function addTenant(world: Pick<SsoWorld, 'database'>, slug: string) {
  const tenant = { id: randomUUID(), slug, name: `${slug} Ltd`, createdAt: new Date() };
  await world.database
    .system()
    .insertInto('tenants')
    .values({ id: tenant.id, slug, name: tenant.name, created_at: tenant.createdAt })
    .execute();
  return tenant;
}

/** A browser: keeps cookies, follows nothing by itself. */
export function makeBrowser(world: Pick<SsoWorld, 'origin'>) {
  const cookies = new Map<string, string>();
  const send = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(`${world.origin}${path}`, {
      redirect: 'manual',
      ...init,
      headers: { ...Object.fromEntries(new Headers(init.headers)), ...(cookie === '' ? {} : { cookie }) },
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';', 1);
      const [name = '', value = ''] = pair.split('=', 2);
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  };
  return {
    cookies,
    get: (path: string) => send(path),
    post: (path: string, fields: Readonly<Record<string, string>>) =>
      send(path, {
        method: 'POST',
        body: new URLSearchParams(fields),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }),
  };
}

export type Browser = ReturnType<typeof makeBrowser>;

export const SESSION_COOKIE = '__Host-patchbay_session';

/** Goes to the IdP and returns the id of the request it was sent with. */
export async function beginAt(browser: Browser, base: string, query = ''): Promise<string> {
  const response = await browser.get(`${base}/login${query}`);
  const location = new URL(response.headers.get('location') ?? 'invalid:');
  return requestIdOf(location.searchParams.get('SAMLRequest') ?? '');
}

export function requestIdOf(samlRequest: string): string {
  const xml = inflateRawSync(Buffer.from(samlRequest, 'base64')).toString('utf8');
  return /ID="([^"]+)"/.exec(xml)?.[1] ?? '';
}

/** The whole way from our login address to a session. Returns the last answer. */
export async function signIn(
  browser: Browser,
  base: string,
  answer: (requestId: string) => Promise<string>,
): Promise<Response> {
  const requestId = await beginAt(browser, base);
  const posted = await browser.post(`${base}/acs`, { SAMLResponse: await answer(requestId) });
  return posted.status === 303 ? browser.get(pathOf(posted)) : posted;
}

export function pathOf(response: Response): string {
  const url = new URL(response.headers.get('location') ?? '', PUBLIC_URL);
  return `${url.pathname}${url.search}`;
}

/** The code on a refusal's page. */
export async function codeOn(response: Response): Promise<string> {
  return /<code class="secret">([^<]+)<\/code>/.exec(await response.text())?.[1] ?? '';
}

/** Serves an IdP's metadata over HTTP, as it is at the moment of each request. */
export async function serveMetadata(
  current: () => string,
): Promise<{ url: string; hits(): number; stop(): Promise<void> }> {
  let hits = 0;
  const listener = await listen(
    (_request, response) => {
      hits += 1;
      response.setHeader('content-type', 'application/samlmetadata+xml').end(current());
    },
    '127.0.0.1',
    0,
  );
  return {
    url: `http://127.0.0.1:${listener.port}/metadata`,
    hits: () => hits,
    stop: () => listener.stop(100),
  };
}

export function idpFields(idp: TestIdp, certificates: readonly string[] = [idp.key.certificate]) {
  return { entityId: idp.entityId, ssoUrl: idp.ssoUrl, sloUrl: idp.sloUrl, certificates };
}
