import { inflateRawSync } from 'node:zlib';
import { createVerify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { makeSamlLibrary, samlOptions } from '../../../src/sso/saml/library.js';
import type { SamlParty } from '../../../src/sso/saml/check.js';
import { readIdpMetadata } from '../../../src/sso/saml/idp-metadata.js';
import { mapRole, readPerson } from '../../../src/sso/person.js';
import { ALL_CHECKS, makeResponseVerifier } from '../../../src/sso/saml/verify-response.js';
import { certify, makeSigningKey, makeTestIdp, type ResponseOptions } from '../../support/idp.js';
import { makeOpenKeys, makeParty } from '../../support/saml-party.js';
import { samlifyResponse } from '../../support/samlify-idp.js';

const REQUEST = '_request1';
const idp = makeTestIdp();
const keys = makeOpenKeys();
const party = makeParty(idp, keys);
const library = makeSamlLibrary({ options: samlOptions });
const verifier = makeResponseVerifier({ library, checks: ALL_CHECKS });

async function accepted(message: string, side: SamlParty = party) {
  const verification = await verifier(side, { samlResponse: message, relayState: null, now: new Date() });
  expect(verification.kind === 'refused' ? verification.findings : []).toEqual([]);
  if (verification.kind !== 'accepted') throw new Error('refused');
  return verification;
}

const respond = (options: Partial<ResponseOptions> = {}) =>
  idp.respond({ sp: party.sp, inResponseTo: REQUEST, ...options });

describe('responses in order are accepted', () => {
  it.each([
    ['with a signed assertion', {}],
    ['with both signed', { sign: 'both' }],
    ['with SHA-512', { strength: { signature: 'sha512', digest: 'sha512' } }],
    ['without Destination where the Response is unsigned', { destination: null }],
    ['at the edge of the clocks', { notBeforeIn: 85, issuedIn: 85, notOnOrAfterIn: 300 }],
    [
      'just after their end, within the difference of clocks',
      { notOnOrAfterIn: -80, issuedIn: -300, notBeforeIn: -300 },
    ],
  ] satisfies [string, Partial<ResponseOptions>][])('%s', async (_name, options) => {
    const { requestId, assertion } = await accepted(await respond(options));

    expect(requestId).toBe(REQUEST);
    expect(assertion.nameId?.value).toBe('jane@acme.test');
  });

  it.each([
    'http://www.w3.org/2009/xmlenc11#aes256-gcm',
    'http://www.w3.org/2009/xmlenc11#aes128-gcm',
    'http://www.w3.org/2001/04/xmlenc#aes256-cbc',
    'http://www.w3.org/2001/04/xmlenc#aes128-cbc',
  ])('encrypted with %s', async (contentEncryption) => {
    const encrypted = { encryptFor: keys.encryptionCertificate, contentEncryption };
    for (const sign of ['assertion', 'both'] as const) {
      const { assertion, arrived } = await accepted(await respond({ ...encrypted, sign }));

      expect(assertion.nameId?.value).toBe('jane@acme.test');
      expect(arrived.isEncrypted).toBe(true);
    }
  });

  it('but not when encrypted for somebody else', async () => {
    const message = await respond({ encryptFor: keys.signingCertificate });
    const verification = await verifier(party, { samlResponse: message, relayState: null, now: new Date() });

    expect(verification).toMatchObject({ kind: 'refused', findings: [{ check: 'encryption' }] });
  });

  it('signed by either certificate during a roll-over', async () => {
    const next = makeSigningKey();
    const both = makeParty(idp, keys, { certificates: [idp.key.certificate, next.certificate] });

    await accepted(await respond({ key: idp.key }), both);
    await accepted(await respond({ key: next }), both);
  });

  it('signed by a key whose expired certificate stands beside a valid one', async () => {
    const old = certify(idp.key.privateKey, {
      notBefore: new Date('2020-01-01T00:00:00Z'),
      notAfter: new Date('2021-01-01T00:00:00Z'),
    });

    await accepted(await respond(), makeParty(idp, keys, { certificates: [old, idp.key.certificate] }));
  });

  it('IdP-initiated, where the connection allows it', async () => {
    const open = makeParty(idp, keys, { settings: { idpInitiated: true } });
    const { requestId } = await accepted(await respond({ inResponseTo: null }), open);

    expect(requestId).toBeNull();
  });

  it('of an independent implementation, plain, signed around, and encrypted', async () => {
    const person = { requestId: REQUEST, nameId: 'a7f3-persistent' };
    for (const options of [{}, { signResponse: true }, { encryptFor: keys }]) {
      const message = await samlifyResponse(idp, party, { ...person, ...options });

      expect((await accepted(message)).assertion.nameId?.value).toBe('a7f3-persistent');
    }
  });
});

describe('people in assertions', () => {
  it('have non-ASCII names as they were written', async () => {
    const attributes = { firstName: ['Zoë'], lastName: ['Łukasiewicz-O’Neill 李'], groups: ['Förderung'] };
    const { assertion } = await accepted(await respond({ nameId: 'zoë@acme.test', attributes }));
    const person = readPerson(assertion, party.settings.attributes);

    expect(person).toMatchObject({
      nameId: 'zoë@acme.test',
      givenName: 'Zoë',
      familyName: 'Łukasiewicz-O’Neill 李',
      displayName: 'Zoë Łukasiewicz-O’Neill 李',
      groups: { kind: 'given', names: ['Förderung'] },
    });
  });

  it('keep a persistent NameID without an e-mail address', async () => {
    const { assertion } = await accepted(await respond({ nameId: 'G-7f83b1657ff1fc53' }));

    expect(readPerson(assertion, party.settings.attributes)).toMatchObject({
      nameId: 'G-7f83b1657ff1fc53',
      email: null,
      displayName: 'G-7f83b1657ff1fc53',
    });
  });

  it('may carry markup in attributes, which stays text', async () => {
    const hostile = '<script>alert(1)</script>"\'&<!-- -->';
    const { assertion } = await accepted(
      await respond({ attributes: { displayName: [hostile], groups: [hostile], [hostile]: ['x'] } }),
    );
    const person = readPerson(assertion, party.settings.attributes);

    expect(person.displayName).toBe(hostile);
    expect(person.groups).toEqual({ kind: 'given', names: [hostile] });
    expect(assertion.attributes.map(({ name }) => name)).toContain(hostile);
  });

  it('may be in a thousand groups', async () => {
    const groups = Array.from({ length: 1_000 }, (_, index) => `Group ${String(index)} of the company`);
    const { assertion } = await accepted(await respond({ attributes: { groups } }));

    expect(readPerson(assertion, party.settings.attributes).groups).toEqual({ kind: 'given', names: groups });
  });

  it('may name attributes like properties of JavaScript objects', async () => {
    const attributes = { __proto__x: ['a'], constructor: ['owner'], toString: ['b'] };
    const { assertion } = await accepted(await respond({ attributes }));
    const settings = {
      ...party.settings,
      roleRules: [{ attribute: 'hasOwnProperty', value: 'x', role: 'owner' as const }],
    };

    expect(mapRole(assertion, settings)).toBeNull();
    expect(
      mapRole(assertion, {
        ...settings,
        roleRules: [{ attribute: 'constructor', value: 'owner', role: 'viewer' }],
      }),
    ).toBe('viewer');
  });

  it('in more than 150 groups are not taken for people in none', async () => {
    const { assertion } = await accepted(
      await respond({
        attributes: { 'http://schemas.microsoft.com/claims/groups.link': ['https://graph.windows.net/x'] },
      }),
    );

    expect(readPerson(assertion, party.settings.attributes).groups).toEqual({ kind: 'overage' });
  });
});

describe('our requests', () => {
  it('name us and our ACS, carry the id we chose, and are signed with SHA-256', async () => {
    const url = new URL(await library.loginUrl(party, '_chosen', new Date()));
    const xml = inflateRawSync(Buffer.from(url.searchParams.get('SAMLRequest') ?? '', 'base64')).toString(
      'utf8',
    );
    const signed = url.search.slice(1, url.search.indexOf('&Signature='));
    const verify = createVerify('RSA-SHA256').update(signed.replaceAll('+', '%20'));

    expect(`${url.origin}${url.pathname}`).toBe(idp.ssoUrl);
    expect(xml).toContain('ID="_chosen"');
    expect(xml).toContain(`AssertionConsumerServiceURL="${party.sp.acsUrl}"`);
    expect(xml).toContain(`>${party.sp.entityId}</saml:Issuer>`);
    expect(xml).not.toContain('RequestedAuthnContext');
    expect(url.searchParams.get('SigAlg')).toBe('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256');
    expect(verify.verify(keys.signingCertificate, url.searchParams.get('Signature') ?? '', 'base64')).toBe(
      true,
    );
  });

  it('are unsigned where the connection says so', async () => {
    const plain = makeParty(idp, keys, { settings: { signRequests: false } });

    expect(await library.loginUrl(plain, '_chosen', new Date())).not.toContain('Signature=');
  });

  it('keep the parameters that an IdP has in its address', async () => {
    const google = {
      ...party,
      idp: { ...party.idp, ssoUrl: 'https://accounts.google.test/o/saml2/idp?idpid=C01' },
    };

    expect(new URL(await library.loginUrl(google, '_1', new Date())).searchParams.get('idpid')).toBe('C01');
  });
});

describe('our metadata', () => {
  it('can be read by an IdP and says what we want', async () => {
    const xml = await library.metadata(party.sp, party.settings, keys);

    expect(xml).toContain(`entityID="${party.sp.entityId}"`);
    expect(xml).toContain('WantAssertionsSigned="true"');
    expect(xml).toContain('AuthnRequestsSigned="true"');
    expect(xml).toContain(`Location="${party.sp.acsUrl}"`);
    expect(xml).toContain(`Location="${party.sp.sloUrl}"`);
    expect(xml.match(/use="(?:signing|encryption)"/g)).toHaveLength(2);
    expect(xml).not.toContain('PRIVATE KEY');
  });
});

describe('IdP metadata', () => {
  it('gives addresses and every signing certificate', () => {
    const next = makeSigningKey();
    const facts = readIdpMetadata(idp.metadata({ certificates: [idp.key.certificate, next.certificate] }));

    expect(facts).toEqual({
      entityId: idp.entityId,
      ssoUrl: idp.ssoUrl,
      sloUrl: idp.sloUrl,
      certificates: [idp.key.certificate, next.certificate],
    });
  });

  it.each([
    [
      'a document type',
      (xml: string) => xml.replace('<EntityDescriptor', '<!DOCTYPE x><EntityDescriptor'),
      /document type/,
    ],
    [
      'no certificate',
      (xml: string) => xml.replace(/<KeyDescriptor.*<\/KeyDescriptor>/s, ''),
      /no signing certificate/,
    ],
    [
      'only an encryption certificate',
      (xml: string) => xml.replace('use="signing"', 'use="encryption"'),
      /no signing certificate/,
    ],
    ['no redirect binding', (xml: string) => xml.replaceAll('HTTP-Redirect', 'SOAP'), /HTTP-Redirect/],
    ['an unencrypted address', (xml: string) => xml.replaceAll('https://idp', 'http://idp'), /https address/],
    [
      'a script for an address',
      (xml: string) => xml.replaceAll('https://idp.example.test/sso"', 'javascript:alert(1)"'),
      /https address/,
    ],
    [
      'the side of an application',
      (xml: string) => xml.replaceAll('IDPSSODescriptor', 'SPSSODescriptor'),
      /no identity provider/,
    ],
    ['a web page', () => '<!doctype html><html></html>', /document type/],
    ['broken text', (xml: string) => xml.slice(0, 200), /not XML/],
    [
      'a whole federation',
      (xml: string) =>
        `<EntitiesDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata">${xml.replace(/<\?.*?\?>/, '') + xml.replace(/<\?.*?\?>/, '')}</EntitiesDescriptor>`,
      /2 identity providers/,
    ],
    [
      'something endless',
      (xml: string) => xml.replace('</EntityDescriptor>', `${' '.repeat(600_000)}</EntityDescriptor>`),
      /too large/,
    ],
  ])('with %s is refused', (_name, change, message) => {
    expect(() => readIdpMetadata(change(idp.metadata()))).toThrow(message);
  });
});
