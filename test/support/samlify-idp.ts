import { createRequire } from 'node:module';
import type { OpenKeys, SamlParty } from '../../src/sso/saml/check.js';
import { escape, PERSISTENT, type TestIdp } from './idp.js';

interface Samlify {
  setSchemaValidator(validator: { validate(xml: string): Promise<string> }): void;
  readonly Constants: { readonly namespace: { readonly statusCode: { readonly success: string } } };
  IdentityProvider(settings: object): {
    parseLoginRequest(
      sp: object,
      binding: 'redirect',
      request: { readonly query: object; readonly octetString: string },
    ): Promise<{ readonly extract: { readonly request: { readonly id: string } } }>;
    createLoginResponse(
      sp: object,
      request: object,
      binding: 'post',
      user: object,
      replace: (template: string) => { readonly id: string; readonly context: string },
      encryptThenSign: boolean,
    ): Promise<{ readonly context: string }>;
  };
  ServiceProvider(settings: object): object;
  readonly SamlLib: { replaceTagsByValue(template: string, tags: Readonly<Record<string, string>>): string };
}

const samlify = createRequire(import.meta.url)('samlify') as Samlify;
samlify.setSchemaValidator({ validate: () => Promise.resolve('not checked') });

/** A response by an independent implementation of the IdP's side (samlify). Base64. */
export async function samlifyResponse(
  idp: TestIdp,
  party: Pick<SamlParty, 'sp'>,
  options: {
    readonly requestId: string;
    readonly nameId: string;
    readonly attributes?: Readonly<Record<string, readonly string[]>>;
    readonly signResponse?: boolean;
    readonly encryptFor?: OpenKeys;
  },
): Promise<string> {
  const isEncrypted = options.encryptFor !== undefined;
  const provider = openProvider(idp, isEncrypted);
  const sp = samlify.ServiceProvider({
    entityID: party.sp.entityId,
    wantAssertionsSigned: true,
    wantMessageSigned: options.signResponse ?? false,
    ...(isEncrypted ? { encryptCert: options.encryptFor.encryptionCertificate } : {}),
    assertionConsumerService: [
      { Binding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST', Location: party.sp.acsUrl },
    ],
  });
  const request = { extract: { request: { id: options.requestId } } };
  const fill = (template: string) => fillTemplate(template, idp, party, options);
  const response = await provider.createLoginResponse(sp, request, 'post', {}, fill, false);
  return response.context;
}

function openProvider(idp: TestIdp, isEncrypted: boolean) {
  return samlify.IdentityProvider({
    wantAuthnRequestsSigned: true,
    entityID: idp.entityId,
    privateKey: idp.key.privateKey,
    signingCert: idp.key.certificate,
    isAssertionEncrypted: isEncrypted,
    messageSigningOrder: 'sign-then-encrypt',
    requestSignatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    nameIDFormat: [PERSISTENT],
    singleSignOnService: [
      { Binding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST', Location: idp.ssoUrl },
    ],
    singleLogoutService: [
      { Binding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect', Location: idp.sloUrl },
    ],
    loginResponseTemplate: { context: TEMPLATE, attributes: [] },
  });
}

/**
 * Reads a sign-in request as it came by redirect and verifies our signature on it with the metadata that we publish.
 * Returns its id.
 */
export async function samlifyRequestId(idp: TestIdp, spMetadata: string, rawQuery: string): Promise<string> {
  const sp = samlify.ServiceProvider({ metadata: spMetadata });
  const signed = rawQuery.replace(/&Signature=.*$/, '');
  const query = Object.fromEntries(new URLSearchParams(rawQuery));
  const request = { query, octetString: signed };
  const { extract } = await openProvider(idp, false).parseLoginRequest(sp, 'redirect', request);
  return extract.request.id;
}

function fillTemplate(
  template: string,
  idp: TestIdp,
  party: Pick<SamlParty, 'sp'>,
  {
    requestId,
    nameId,
    attributes = {},
  }: {
    readonly requestId: string;
    readonly nameId: string;
    readonly attributes?: Readonly<Record<string, readonly string[]>>;
  },
) {
  const now = new Date();
  const later = new Date(now.getTime() + 300_000).toISOString();
  const id = `_${crypto.randomUUID()}`;
  const tags = {
    ID: id,
    AssertionID: `_${crypto.randomUUID()}`,
    Destination: party.sp.acsUrl,
    Audience: party.sp.entityId,
    SubjectRecipient: party.sp.acsUrl,
    Issuer: idp.entityId,
    IssueInstant: now.toISOString(),
    StatusCode: samlify.Constants.namespace.statusCode.success,
    ConditionsNotBefore: now.toISOString(),
    ConditionsNotOnOrAfter: later,
    SubjectConfirmationDataNotOnOrAfter: later,
    NameIDFormat: PERSISTENT,
    NameID: nameId,
    InResponseTo: requestId,
  };
  const filled = samlify.SamlLib.replaceTagsByValue(template, tags);
  return { id, context: filled.replace('</saml:Assertion>', `${statement(attributes)}</saml:Assertion>`) };
}

function statement(attributes: Readonly<Record<string, readonly string[]>>): string {
  const list = Object.entries(attributes).map(([name, values]) => {
    const inner = values.map((value) => `<saml:AttributeValue>${escape(value)}</saml:AttributeValue>`);
    return `<saml:Attribute Name="${escape(name)}">${inner.join('')}</saml:Attribute>`;
  });
  return list.length === 0 ? '' : `<saml:AttributeStatement>${list.join('')}</saml:AttributeStatement>`;
}

const TEMPLATE =
  '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{ID}" Version="2.0" IssueInstant="{IssueInstant}" Destination="{Destination}" InResponseTo="{InResponseTo}">' +
  '<saml:Issuer>{Issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="{StatusCode}"/></samlp:Status>' +
  '<saml:Assertion ID="{AssertionID}" Version="2.0" IssueInstant="{IssueInstant}"><saml:Issuer>{Issuer}</saml:Issuer>' +
  '<saml:Subject><saml:NameID Format="{NameIDFormat}">{NameID}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="{SubjectConfirmationDataNotOnOrAfter}" Recipient="{SubjectRecipient}" InResponseTo="{InResponseTo}"/></saml:SubjectConfirmation></saml:Subject>' +
  '<saml:Conditions NotBefore="{ConditionsNotBefore}" NotOnOrAfter="{ConditionsNotOnOrAfter}"><saml:AudienceRestriction><saml:Audience>{Audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>' +
  '<saml:AuthnStatement AuthnInstant="{IssueInstant}"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement></saml:Assertion></samlp:Response>';
