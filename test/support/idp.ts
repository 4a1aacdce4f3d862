import { createRequire } from 'node:module';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { selfSignedCertificate } from '../../src/sso/saml/self-signed.js';
import { signElement, type SignatureStrength, type SigningKey } from './xml-tools.js';

const { encrypt } = createRequire(import.meta.url)('xml-encryption') as {
  encrypt(xml: string, options: object, done: (error: Error | null, result: string) => void): void;
};

/** An IdP's side: makes and signs the messages a real one would, and any wrong one a test asks for. */
export interface TestIdp {
  readonly entityId: string;
  readonly ssoUrl: string;
  readonly sloUrl: string;
  readonly key: SigningKey;
  /** Base64, as the browser posts it. */
  respond(options: ResponseOptions): Promise<string>;
  /** The XML of a response, before base64. */
  responseXml(options: ResponseOptions): Promise<string>;
  /** `certificates` instead of the own one: for roll-overs. */
  metadata(options?: { certificates?: readonly string[]; entityId?: string }): string;
}

export interface ResponseOptions {
  readonly sp: { readonly entityId: string; readonly acsUrl: string };
  /** null: IdP-initiated. */
  readonly inResponseTo: string | null;
  readonly now?: Date;
  readonly nameId?: string | null;
  readonly nameIdFormat?: string;
  readonly attributes?: Readonly<Record<string, readonly string[]>>;
  readonly status?: string;
  readonly statusMessage?: string;
  readonly withoutAssertion?: boolean;
  readonly destination?: string | null;
  readonly recipient?: string;
  readonly audience?: string;
  readonly issuer?: string;
  readonly assertionIssuer?: string;
  /** Seconds from now. */
  readonly issuedIn?: number;
  readonly notBeforeIn?: number;
  readonly notOnOrAfterIn?: number;
  readonly confirmationEndsIn?: number;
  readonly sessionEndsIn?: number;
  readonly sessionIndex?: string;
  readonly assertionId?: string;
  readonly responseInResponseTo?: string | null;
  readonly sign?: 'assertion' | 'response' | 'both' | 'none';
  readonly strength?: { readonly signature: SignatureStrength; readonly digest: SignatureStrength };
  readonly key?: SigningKey;
  /** Encrypt the assertion for this certificate. */
  readonly encryptFor?: string;
  readonly keyTransport?: string;
  readonly contentEncryption?: string;
  /** Changes the assertion before it is signed. */
  readonly shapeAssertion?: (xml: string) => string;
}

export const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success';
export const PERSISTENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent';

const YEAR_MS = 365 * 86_400_000;

export function makeSigningKey(
  validity: { readonly notBefore?: Date; readonly notAfter?: Date; readonly commonName?: string } = {},
): SigningKey {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { privateKey: pem, certificate: certify(pem, validity) };
}

/** Another certificate over the same key. */
export function certify(
  privateKey: string,
  validity: { readonly notBefore?: Date; readonly notAfter?: Date; readonly commonName?: string } = {},
): string {
  return selfSignedCertificate(privateKey, {
    commonName: validity.commonName ?? 'Test IdP',
    notBefore: validity.notBefore ?? new Date(Date.now() - YEAR_MS),
    notAfter: validity.notAfter ?? new Date(Date.now() + YEAR_MS),
  });
}

export function makeTestIdp(
  options: {
    readonly entityId?: string;
    readonly key?: SigningKey;
    readonly ssoUrl?: string;
    readonly sloUrl?: string;
  } = {},
): TestIdp {
  const entityId = options.entityId ?? 'https://idp.example.test/saml';
  const key = options.key ?? makeSigningKey();
  const idp: TestIdp = {
    entityId,
    ssoUrl: options.ssoUrl ?? 'https://idp.example.test/sso',
    sloUrl: options.sloUrl ?? 'https://idp.example.test/slo',
    key,
    responseXml: (wanted) => buildResponse({ entityId, key }, wanted),
    respond: async (wanted) => encodeMessage(await buildResponse({ entityId, key }, wanted)),
    metadata: (wanted = {}) =>
      metadataXml(wanted.entityId ?? entityId, idp, wanted.certificates ?? [key.certificate]),
  };
  return idp;
}

export function encodeMessage(xml: string): string {
  return Buffer.from(xml, 'utf8').toString('base64');
}

export function decodeMessage(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}

async function buildResponse(
  idp: { entityId: string; key: SigningKey },
  options: ResponseOptions,
): Promise<string> {
  const sign = options.sign ?? 'assertion';
  const key = options.key ?? idp.key;
  let assertion = options.withoutAssertion === true ? '' : assertionXml(idp.entityId, options);
  assertion = options.shapeAssertion?.(assertion) ?? assertion;
  if (assertion !== '' && (sign === 'assertion' || sign === 'both')) {
    assertion = signElement(assertion, 'Assertion', key, options.strength);
  }
  if (options.encryptFor !== undefined)
    assertion = await encryptAssertion(assertion, options.encryptFor, options);
  const response = responseEnvelope(idp.entityId, assertion, options);
  return sign === 'response' || sign === 'both'
    ? signElement(response, 'Response', key, options.strength)
    : response;
}

function responseEnvelope(entityId: string, assertion: string, options: ResponseOptions): string {
  const at = instant(options, options.issuedIn ?? 0);
  const destination = options.destination === undefined ? options.sp.acsUrl : options.destination;
  const answered =
    options.responseInResponseTo === undefined ? options.inResponseTo : options.responseInResponseTo;
  const message =
    options.statusMessage === undefined
      ? ''
      : `<samlp:StatusMessage>${escape(options.statusMessage)}</samlp:StatusMessage>`;
  return (
    `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_${randomBytes(12).toString('hex')}" Version="2.0" IssueInstant="${at}"` +
    `${attr('Destination', destination)}${attr('InResponseTo', answered)}>` +
    `<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${escape(options.issuer ?? entityId)}</saml:Issuer>` +
    `<samlp:Status><samlp:StatusCode Value="${escape(options.status ?? SUCCESS)}"/>${message}</samlp:Status>` +
    `${assertion}</samlp:Response>`
  );
}

function assertionXml(entityId: string, options: ResponseOptions): string {
  const id = options.assertionId ?? `_${randomBytes(12).toString('hex')}`;
  const nameId = options.nameId === undefined ? 'jane@acme.test' : options.nameId;
  const subject =
    nameId === null
      ? ''
      : `<saml:NameID Format="${escape(options.nameIdFormat ?? PERSISTENT)}">${escape(nameId)}</saml:NameID>`;
  const ends = options.notOnOrAfterIn ?? 300;
  return (
    `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${id}" Version="2.0" IssueInstant="${instant(options, options.issuedIn ?? 0)}">` +
    `<saml:Issuer>${escape(options.assertionIssuer ?? options.issuer ?? entityId)}</saml:Issuer>` +
    `<saml:Subject>${subject}<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">` +
    `<saml:SubjectConfirmationData NotOnOrAfter="${instant(options, options.confirmationEndsIn ?? ends)}"` +
    `${attr('Recipient', options.recipient ?? options.sp.acsUrl)}${attr('InResponseTo', options.inResponseTo)}/>` +
    `</saml:SubjectConfirmation></saml:Subject>` +
    `<saml:Conditions NotBefore="${instant(options, options.notBeforeIn ?? -30)}" NotOnOrAfter="${instant(options, ends)}">` +
    `<saml:AudienceRestriction><saml:Audience>${escape(options.audience ?? options.sp.entityId)}</saml:Audience></saml:AudienceRestriction></saml:Conditions>` +
    `<saml:AuthnStatement AuthnInstant="${instant(options, 0)}" SessionIndex="${options.sessionIndex ?? '_session1'}"` +
    `${options.sessionEndsIn === undefined ? '' : attr('SessionNotOnOrAfter', instant(options, options.sessionEndsIn))}>` +
    `<saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified</saml:AuthnContextClassRef></saml:AuthnContext>` +
    `</saml:AuthnStatement>${attributeStatement(options.attributes ?? {})}</saml:Assertion>`
  );
}

function attributeStatement(attributes: Readonly<Record<string, readonly string[]>>): string {
  const entries = Object.entries(attributes);
  if (entries.length === 0) return '';
  const list = entries.map(
    ([name, values]) =>
      `<saml:Attribute Name="${escape(name)}">${values.map((value) => `<saml:AttributeValue>${escape(value)}</saml:AttributeValue>`).join('')}</saml:Attribute>`,
  );
  return `<saml:AttributeStatement>${list.join('')}</saml:AttributeStatement>`;
}

async function encryptAssertion(xml: string, certificate: string, options: ResponseOptions): Promise<string> {
  const encrypted = await promisify(encrypt)(xml, {
    rsa_pub: certificate,
    pem: certificate,
    encryptionAlgorithm: options.contentEncryption ?? 'http://www.w3.org/2009/xmlenc11#aes256-gcm',
    keyEncryptionAlgorithm: options.keyTransport ?? 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p',
    warnInsecureAlgorithm: false,
  });
  return `<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${encrypted}</saml:EncryptedAssertion>`;
}

function metadataXml(entityId: string, idp: TestIdp, certificates: readonly string[]): string {
  const keys = certificates.map(
    (pem) =>
      `<KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${pem.replace(/-----[^-]+-----/g, '')}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor>`,
  );
  return (
    `<?xml version="1.0" encoding="UTF-8"?><EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${escape(entityId)}">` +
    `<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${keys.join('')}` +
    `<SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${idp.sloUrl}"/>` +
    `<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${idp.ssoUrl}/post"/>` +
    `<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${idp.ssoUrl}"/>` +
    `</IDPSSODescriptor></EntityDescriptor>`
  );
}

function instant(options: ResponseOptions, seconds: number): string {
  return new Date((options.now ?? new Date()).getTime() + seconds * 1000).toISOString();
}

function attr(name: string, value: string | null): string {
  return value === null ? '' : ` ${name}="${escape(value)}"`;
}

export function escape(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
