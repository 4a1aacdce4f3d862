import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConnectionSettings } from '../../../src/sso/connection.js';
import { makeTestIdp, type ResponseOptions } from '../../support/idp.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { makeTestClock } from '../../support/clock.js';
import {
  addTenant,
  beginAt,
  codeOn,
  idpFields,
  makeBrowser,
  pathOf,
  SESSION_COOKIE,
  signIn,
  startSso,
  type Browser,
  type SsoWorld,
} from '../../support/sso-world.js';

const BASE = '/sso/acme/okta';
const OWNERS = { attribute: 'groups', value: 'Owners', role: 'owner' } as const;
const ADMINS = { attribute: 'groups', value: 'Admins', role: 'admin' } as const;

const idp = makeTestIdp();
const clock = makeTestClock(new Date());
let database: TestDatabase;
let world: SsoWorld;
let tenant: Awaited<ReturnType<typeof addTenant>>;
let sp: { entityId: string; acsUrl: string };

beforeAll(async () => {
  database = await createTestDatabase();
  world = await startSso({ url: database.url, clock });
  tenant = await addTenant(world, 'acme');
  const view = await world.connections.create({
    tenant,
    name: 'okta',
    source: { fields: idpFields(idp) },
    settings: { roleRules: [OWNERS, ADMINS] },
    actor: 'test',
  });
  sp = view.serviceProvider;
});

afterAll(async () => {
  await world.stop();
  await database.drop();
});

function answer(options: Partial<ResponseOptions> = {}) {
  return (inResponseTo: string) =>
    idp.respond({ sp, inResponseTo, attributes: { groups: ['Owners'] }, ...options });
}

async function set(settings: Partial<ConnectionSettings>): Promise<void> {
  await world.connections.setSettings(tenant, 'okta', settings, 'test');
}

async function sessionOf(browser: Browser) {
  return world.sessions.find(browser.cookies.get(SESSION_COOKIE) ?? null);
}

async function checksOf(code: string): Promise<readonly string[]> {
  return (await world.traces.byFriendlyId(tenant.id, code)).findings.map(({ check }) => check);
}

describe('signing in', () => {
  it('leads from our address over the IdP into a session with the mapped role, where the person wanted to go', async () => {
    const browser = makeBrowser(world);
    const requestId = await beginAt(browser, BASE, '?returnTo=/people');
    const posted = await browser.post(`${BASE}/acs`, { SAMLResponse: await answer()(requestId) });
    const completed = await browser.get(pathOf(posted));

    expect(posted.status).toBe(303);
    expect(pathOf(completed)).toBe('/people');
    expect(await sessionOf(browser)).toMatchObject({
      tenantId: tenant.id,
      tenantSlug: 'acme',
      actor: { kind: 'person', role: 'owner', email: 'jane@acme.test', isLocal: false },
    });
  });

  it('sets cookies that no script and no foreign form gets', async () => {
    const browser = makeBrowser(world);
    const requestId = await beginAt(browser, BASE);
    const posted = await browser.post(`${BASE}/acs`, { SAMLResponse: await answer()(requestId) });
    const cookie = (await browser.get(pathOf(posted))).headers.getSetCookie().join();

    expect(cookie).toContain(`${SESSION_COOKIE}=`);
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('Secure');
    expect(cookie).toContain('SameSite=Lax');
  });

  it('stores neither session cookies nor tickets in clear', async () => {
    const browser = makeBrowser(world);
    await signIn(browser, BASE, answer());
    const rows = await world.database.system().selectFrom('console_sessions').selectAll().execute();

    expect(JSON.stringify(rows)).not.toContain(browser.cookies.get(SESSION_COOKIE));
  });

  it('gives a new session token, and ends the one the browser had before', async () => {
    const browser = makeBrowser(world);
    await signIn(browser, BASE, answer());
    const before = browser.cookies.get(SESSION_COOKIE) ?? null;
    await signIn(browser, BASE, answer());

    expect(browser.cookies.get(SESSION_COOKIE)).not.toBe(before);
    expect(await world.sessions.find(before)).toBeNull();
  });

  it('works in two tabs of one browser', async () => {
    const browser = makeBrowser(world);
    const requests = [await beginAt(browser, BASE), await beginAt(browser, BASE)];
    for (const requestId of requests) {
      const posted = await browser.post(`${BASE}/acs`, { SAMLResponse: await answer()(requestId) });
      expect((await browser.get(pathOf(posted))).status).toBe(303);
    }
  });

  it('ends nowhere but in the browser that began: another one gets no session, and the ticket is spent', async () => {
    const attacker = makeBrowser(world);
    const victim = makeBrowser(world);
    const requestId = await beginAt(attacker, BASE);
    const posted = await victim.post(`${BASE}/acs`, { SAMLResponse: await answer()(requestId) });
    const completed = await victim.get(pathOf(posted));

    expect(completed.status).toBe(403);
    expect(await checksOf(await codeOn(completed))).toEqual(['browser']);
    expect(await sessionOf(victim)).toBeNull();
    expect((await attacker.get(pathOf(posted))).status).toBe(400);
  });

  it('refuses a page to land on that is not ours', async () => {
    const response = await makeBrowser(world).get(`${BASE}/login?returnTo=//evil.example.test`);

    expect(response.status).toBe(400);
    expect(response.headers.get('location')).toBeNull();
  });

  it('answers an unknown tenant and an unknown connection alike', async () => {
    const browser = makeBrowser(world);
    const [one, other] = await Promise.all([
      browser.get('/sso/nobody/okta/login'),
      browser.get('/sso/acme/nothing/login'),
    ]);

    expect([one.status, other.status]).toEqual([404, 404]);
    expect(await one.text()).toBe(await other.text());
  });

  it('serves our metadata at the address that is our entity ID', async () => {
    const response = await makeBrowser(world).get(`${BASE}/metadata`);

    expect(response.headers.get('content-type')).toContain('application/samlmetadata+xml');
    expect(await response.text()).toContain(`entityID="${sp.entityId}"`);
  });

  it('over plain GET does not exist', async () => {
    const message = encodeURIComponent(await answer()('_any'));

    expect((await makeBrowser(world).get(`${BASE}/acs?SAMLResponse=${message}`)).status).toBe(404);
  });
});

describe('a session', () => {
  it('ends after an hour without use and after twelve hours in any case', async () => {
    const browser = makeBrowser(world);
    await signIn(browser, BASE, answer());
    for (let hours = 0; hours < 11; hours += 0.9) {
      expect(await sessionOf(browser)).not.toBeNull();
      clock.advance(0.9 * 3_600_000);
    }
    clock.advance(0.3 * 3_600_000);
    expect(await sessionOf(browser)).toBeNull();

    clock.set(new Date());
    await signIn(browser, BASE, answer());
    clock.advance(3_600_001);
    expect(await sessionOf(browser)).toBeNull();
    clock.set(new Date());
  });

  it('does not outlast the one at the IdP', async () => {
    const browser = makeBrowser(world);
    await signIn(browser, BASE, answer({ sessionEndsIn: 600 }));
    expect(await sessionOf(browser)).not.toBeNull();
    clock.advance(601_000);
    expect(await sessionOf(browser)).toBeNull();
    clock.set(new Date());
  });

  it('waits for its browser two minutes', async () => {
    const browser = makeBrowser(world);
    const posted = await browser.post(`${BASE}/acs`, {
      SAMLResponse: await answer()(await beginAt(browser, BASE)),
    });
    clock.advance(121_000);

    expect((await browser.get(pathOf(posted))).status).toBe(400);
    clock.set(new Date());
  });
});

describe('replay', () => {
  it('of an answer is refused', async () => {
    const browser = makeBrowser(world);
    const SAMLResponse = await answer()(await beginAt(browser, BASE));
    await browser.post(`${BASE}/acs`, { SAMLResponse });
    const again = await browser.post(`${BASE}/acs`, { SAMLResponse });

    expect(again.status).toBe(403);
    expect(await checksOf(await codeOn(again))).toEqual(['replay']);
  });

  it('of a request with a fresh assertion is refused', async () => {
    const browser = makeBrowser(world);
    const requestId = await beginAt(browser, BASE);
    await browser.post(`${BASE}/acs`, { SAMLResponse: await answer()(requestId) });
    const again = await browser.post(`${BASE}/acs`, { SAMLResponse: await answer()(requestId) });

    expect(await checksOf(await codeOn(again))).toEqual(['requestKnown']);
  });

  it('of an answer to a request that nobody made, or that is too old, is refused', async () => {
    const browser = makeBrowser(world);
    const unknown = await browser.post(`${BASE}/acs`, { SAMLResponse: await answer()('_never') });
    expect(await checksOf(await codeOn(unknown))).toEqual(['requestKnown']);

    clock.advance(-601_000);
    const requestId = await beginAt(browser, BASE);
    clock.set(new Date());
    const late = await browser.post(`${BASE}/acs`, { SAMLResponse: await answer()(requestId) });
    expect(await checksOf(await codeOn(late))).toEqual(['requestKnown']);
  });

  it('at two processes at once lets exactly one in, SP-initiated and IdP-initiated', async () => {
    const second = await startSso({ url: database.url, clock });
    await set({ idpInitiated: true });
    for (const initiate of [(browser: Browser) => beginAt(browser, BASE), () => Promise.resolve(null)]) {
      const browser = makeBrowser(world);
      const inResponseTo = await initiate(browser);
      const SAMLResponse = await idp.respond({ sp, inResponseTo, attributes: { groups: ['Owners'] } });
      const browsers = Array.from({ length: 12 }, (_unused, index) =>
        makeBrowser(index % 2 === 0 ? world : second),
      );
      const answers = await Promise.all(browsers.map((other) => other.post(`${BASE}/acs`, { SAMLResponse })));

      expect(answers.map(({ status }) => status).sort()).toEqual([
        303,
        ...Array.from({ length: 11 }, () => 403),
      ]);
    }
    await set({ idpInitiated: false });
    await second.stop();
  });

  it('would get in if assertions were not remembered', async () => {
    const forgetful = await startSso({
      url: database.url,
      clock,
      admissions: (real) => ({
        ...real,
        admit: (admission) => real.admit({ ...admission, assertionId: crypto.randomUUID() }),
      }),
    });
    await set({ idpInitiated: true });
    const SAMLResponse = await idp.respond({ sp, inResponseTo: null, attributes: { groups: ['Owners'] } });
    const browser = makeBrowser(forgetful);
    const statuses = [
      (await browser.post(`${BASE}/acs`, { SAMLResponse })).status,
      (await browser.post(`${BASE}/acs`, { SAMLResponse })).status,
    ];
    await set({ idpInitiated: false });
    await forgetful.stop();

    expect(statuses).toEqual([303, 303]);
  });

  it('at two processes would get in twice if each remembered for itself', async () => {
    const alone = () => {
      const seen = new Set<string>();
      return startSso({
        url: database.url,
        clock,
        admissions: (real) => ({
          ...real,
          admit({ assertionId }) {
            const isNew = !seen.has(assertionId);
            seen.add(assertionId);
            return Promise.resolve(isNew ? { kind: 'admitted', request: null } : { kind: 'replayed' });
          },
        }),
      });
    };
    const processes = [await alone(), await alone()];
    await set({ idpInitiated: true });
    const SAMLResponse = await idp.respond({ sp, inResponseTo: null, attributes: { groups: ['Owners'] } });
    const answers = await Promise.all(
      [...processes, ...processes].map((one) => makeBrowser(one).post(`${BASE}/acs`, { SAMLResponse })),
    );
    await set({ idpInitiated: false });
    for (const one of processes) await one.stop();

    expect(answers.map(({ status }) => status).sort()).toEqual([303, 303, 403, 403]);
  });

  it('would get in with a fresh assertion if requests were not taken', async () => {
    const generous = await startSso({
      url: database.url,
      clock,
      admissions: (real) => ({
        ...real,
        async admit(admission) {
          const request = await real.peek(
            admission.tenantId,
            admission.connectionId,
            admission.requestId ?? '',
          );
          await real.admit({ ...admission, requestId: null });
          return { kind: 'admitted', request };
        },
      }),
    });
    const browser = makeBrowser(generous);
    const requestId = await beginAt(browser, BASE);
    const statuses = [
      (await browser.post(`${BASE}/acs`, { SAMLResponse: await answer()(requestId) })).status,
      (await browser.post(`${BASE}/acs`, { SAMLResponse: await answer()(requestId) })).status,
    ];
    await generous.stop();

    expect(statuses).toEqual([303, 303]);
  });
});

describe('IdP-initiated, where it is allowed', () => {
  it('lands on the path in RelayState, and on the start page without one', async () => {
    await set({ idpInitiated: true });
    for (const [RelayState, expected] of [
      ['/accounts?tab=1', '/accounts?tab=1'],
      ['', '/'],
    ] as const) {
      const browser = makeBrowser(world);
      const SAMLResponse = await idp.respond({ sp, inResponseTo: null, attributes: { groups: ['Owners'] } });
      const posted = await browser.post(`${BASE}/acs`, { SAMLResponse, RelayState });
      expect(pathOf(await browser.get(pathOf(posted)))).toBe(expected);
    }
    await set({ idpInitiated: false });
  });
});
