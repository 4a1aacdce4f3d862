import { createSign } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csrfToken } from '../../../src/sso/secrets.js';
import { escape, encodeMessage, makeSigningKey, makeTestIdp } from '../../support/idp.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import {
  addTenant,
  codeOn,
  idpFields,
  makeBrowser,
  SESSION_COOKIE,
  signIn,
  startSso,
  type Browser,
  type SsoWorld,
} from '../../support/sso-world.js';
import { signElement } from '../../support/xml-tools.js';

const BASE = '/sso/acme/okta';
const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
const idp = makeTestIdp();
let database: TestDatabase;
let world: SsoWorld;
let tenant: Awaited<ReturnType<typeof addTenant>>;
let sp: { entityId: string; acsUrl: string; sloUrl: string };

beforeAll(async () => {
  database = await createTestDatabase();
  world = await startSso({ url: database.url });
  tenant = await addTenant(world, 'acme');
  const settings = { roleRules: [{ attribute: 'groups', value: 'Owners', role: 'owner' }] };
  const source = { fields: idpFields(idp) };
  sp = (await world.connections.create({ tenant, name: 'okta', source, settings, actor: 'test' }))
    .serviceProvider;
});

afterAll(async () => {
  await world.stop();
  await database.drop();
});

async function enter(nameId: string, sessionIndex = '_s1'): Promise<Browser> {
  const browser = makeBrowser(world);
  await signIn(browser, BASE, (inResponseTo) =>
    idp.respond({ sp, inResponseTo, nameId, sessionIndex, attributes: { groups: ['Owners'] } }),
  );
  return browser;
}

async function isSignedIn(browser: Browser): Promise<boolean> {
  return (await world.sessions.find(browser.cookies.get(SESSION_COOKIE) ?? null)) !== null;
}

interface LogoutOptions {
  readonly nameId: string;
  readonly sessionIndex?: string;
  readonly destination?: string;
  readonly issuer?: string;
  readonly issuedIn?: number;
}

function logoutXml({ nameId, sessionIndex, destination, issuer, issuedIn }: LogoutOptions): string {
  const at = new Date(Date.now() + (issuedIn ?? 0) * 1000).toISOString();
  const index = sessionIndex === undefined ? '' : `<samlp:SessionIndex>${sessionIndex}</samlp:SessionIndex>`;
  return (
    `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_l1" Version="2.0" IssueInstant="${at}" Destination="${destination ?? sp.sloUrl}">` +
    `<saml:Issuer>${escape(issuer ?? idp.entityId)}</saml:Issuer><saml:NameID>${escape(nameId)}</saml:NameID>${index}</samlp:LogoutRequest>`
  );
}

function redirectQuery(xml: string, key = idp.key, algorithm = RSA_SHA256): string {
  const request = encodeURIComponent(deflateRawSync(xml).toString('base64'));
  const signed = `SAMLRequest=${request}&RelayState=state1&SigAlg=${encodeURIComponent(algorithm)}`;
  const hash = algorithm === RSA_SHA256 ? 'RSA-SHA256' : 'RSA-SHA1';
  const signature = createSign(hash).update(signed).sign(key.privateKey, 'base64');
  return `${signed}&Signature=${encodeURIComponent(signature)}`;
}

describe('single logout by the IdP', () => {
  it('ends the sessions of the person, over redirect and over POST, and answers', async () => {
    for (const binding of ['redirect', 'post'] as const) {
      const [jane, tom] = [await enter('jane@acme.test'), await enter('tom@acme.test')];
      const xml = logoutXml({ nameId: 'jane@acme.test' });
      const response =
        binding === 'redirect'
          ? await makeBrowser(world).get(`${BASE}/slo?${redirectQuery(xml)}`)
          : await makeBrowser(world).post(`${BASE}/slo`, {
              SAMLRequest: encodeMessage(signElement(xml, 'LogoutRequest', idp.key)),
            });
      const location = new URL(response.headers.get('location') ?? 'invalid:');
      const answer = inflateRawSync(
        Buffer.from(location.searchParams.get('SAMLResponse') ?? '', 'base64'),
      ).toString();

      expect([await isSignedIn(jane), await isSignedIn(tom)]).toEqual([false, true]);
      expect(`${location.origin}${location.pathname}`).toBe(idp.sloUrl);
      expect(answer).toContain('InResponseTo="_l1"');
      expect(answer).toContain('status:Success');
      expect(location.searchParams.get('Signature')).toBeTruthy();
    }
  });

  it('of one IdP session leaves the others', async () => {
    const [one, two] = [await enter('jane@acme.test', '_s1'), await enter('jane@acme.test', '_s2')];
    await makeBrowser(world).get(
      `${BASE}/slo?${redirectQuery(logoutXml({ nameId: 'jane@acme.test', sessionIndex: '_s2' }))}`,
    );

    expect([await isSignedIn(one), await isSignedIn(two)]).toEqual([true, false]);
  });

  const victim = { nameId: 'jane@acme.test' };
  const unsigned = () =>
    `SAMLRequest=${encodeURIComponent(deflateRawSync(logoutXml(victim)).toString('base64'))}`;
  it.each([
    ['unsigned', unsigned, 'responseSigned'],
    ['signed by a stranger', () => redirectQuery(logoutXml(victim), makeSigningKey()), 'signature'],
    [
      'signed with SHA-1',
      () => redirectQuery(logoutXml(victim), idp.key, 'http://www.w3.org/2000/09/xmldsig#rsa-sha1'),
      'algorithms',
    ],
    [
      'for another address',
      () => redirectQuery(logoutXml({ ...victim, destination: 'https://elsewhere.test/' })),
      'destination',
    ],
    [
      'of another issuer',
      () => redirectQuery(logoutXml({ ...victim, issuer: 'https://elsewhere.test/' })),
      'library',
    ],
    ['that is old', () => redirectQuery(logoutXml({ ...victim, issuedIn: -3600 })), 'age'],
    [
      'changed after signing',
      () => redirectQuery(logoutXml({ nameId: 'other' })).replace(/SAMLRequest=[^&]*/, unsigned()),
      'signature',
    ],
    ['given twice', () => `${unsigned()}&${redirectQuery(logoutXml({ nameId: 'other' }))}`, 'encoding'],
    [
      'beside a signed one under a similar name',
      () => `${unsigned()}&x${redirectQuery(logoutXml({ nameId: 'other' }))}`,
      'encoding',
    ],
    ['with a document type', () => redirectQuery(`<!DOCTYPE x>${logoutXml(victim)}`), 'doctype'],
    ['that inflates without end', () => redirectQuery(`<a>${' '.repeat(5_000_000)}</a>`), 'encoding'],
  ])('%s ends nothing', async (_name, query, check) => {
    const jane = await enter('jane@acme.test');
    const response = await makeBrowser(world).get(`${BASE}/slo?${query()}`);
    const trace = await world.traces.byFriendlyId(tenant.id, await codeOn(response));

    expect(response.status).toBe(403);
    expect(trace.findings.map((finding) => finding.check)).toEqual([check]);
    expect(await isSignedIn(jane)).toBe(true);
  });

  it('over POST, unsigned, ends nothing', async () => {
    const jane = await enter('jane@acme.test');
    const response = await makeBrowser(world).post(`${BASE}/slo`, {
      SAMLRequest: encodeMessage(logoutXml(victim)),
    });

    const trace = await world.traces.byFriendlyId(tenant.id, await codeOn(response));

    expect(response.status).toBe(403);
    expect(trace.findings.map(({ check }) => check)).toEqual(['responseSigned']);
    expect(await isSignedIn(jane)).toBe(true);
  });

  it('is not there where the IdP has no address for it', async () => {
    const source = { fields: { ...idpFields(idp), sloUrl: null } };
    const view = await world.connections.create({ tenant, name: 'plain', source, actor: 'test' });
    const path = new URL(view.serviceProvider.sloUrl).pathname;

    expect((await makeBrowser(world).get(`${path}?${redirectQuery(logoutXml(victim))}`)).status).toBe(404);
  });
});

describe('signing out here', () => {
  it('ends the session at once and goes on to the IdP with a signed request', async () => {
    const jane = await enter('jane@acme.test');
    const token = jane.cookies.get(SESSION_COOKIE) ?? '';
    const response = await jane.post('/sso/logout', { _csrf: csrfToken(token) });
    const page = await response.text();
    const address = /url=([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? 'invalid:';
    const query = new URL(address).searchParams;
    const xml = inflateRawSync(Buffer.from(query.get('SAMLRequest') ?? '', 'base64')).toString();

    expect(response.status).toBe(200);
    expect(await world.sessions.find(token)).toBeNull();
    expect(jane.cookies.has(SESSION_COOKIE)).toBe(false);
    expect(address.startsWith(idp.sloUrl)).toBe(true);
    expect(query.get('SigAlg')).toBe(RSA_SHA256);
    expect(xml).toContain('jane@acme.test');
    expect(xml).toContain('_s1');
  });

  it('needs the token of the session, so that no other site can do it', async () => {
    const jane = await enter('jane@acme.test');
    const tom = await enter('tom@acme.test');
    const foreign = csrfToken(tom.cookies.get(SESSION_COOKIE) ?? '');

    for (const fields of [{}, { _csrf: '' }, { _csrf: foreign }]) {
      expect((await jane.post('/sso/logout', fields)).status).toBe(403);
    }
    expect(await isSignedIn(jane)).toBe(true);
  });

  it('is confirmed by the IdP without further effect', async () => {
    const response = await makeBrowser(world).get(`${BASE}/slo?SAMLResponse=anything`);

    expect(await response.text()).toContain('You are signed out');
  });
});

describe('the edge', () => {
  it('limits how often one address may try', async () => {
    const strict = await startSso({ url: database.url, requestsPerMinute: 3 });
    const browser = makeBrowser(strict);
    const statuses: number[] = [];
    for (let tries = 0; tries < 5; tries += 1) statuses.push((await browser.get(`${BASE}/metadata`)).status);
    await strict.stop();

    expect(statuses).toEqual([200, 200, 200, 429, 429]);
  });

  it('refuses a body that is far too large without reading it all', async () => {
    const response = await makeBrowser(world).post(`${BASE}/acs`, { SAMLResponse: 'A'.repeat(2_000_000) });

    expect(response.status).toBe(413);
  });
});
