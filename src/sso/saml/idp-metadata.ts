import { AppError } from '../../domain/errors.js';
import type { IdpFacts } from '../connection.js';
import { normaliseCertificate } from './certificates.js';
import {
  attribute,
  child,
  children,
  elementsCalled,
  NS,
  parseXml,
  text,
  XmlSyntaxError,
  type XmlElement,
} from './xml.js';

/** One IdP's metadata is a few kilobytes; whole federations are megabytes and not what we ask for. */
export const METADATA_BYTES_MAX = 512 * 1024;

const REDIRECT = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect';

/**
 * Reads an IdP's metadata (SAML metadata 2.4.3). Keeps every certificate that may sign, so that both are known during a
 * roll-over. Throws AppError `invalid` that says what is missing and where admins find it.
 */
export function readIdpMetadata(xml: string): IdpFacts {
  const entity = findEntity(parseMetadata(xml));
  const role = child(entity, NS.metadata, 'IDPSSODescriptor');
  const entityId = attribute(entity, 'entityID');
  if (role === null || entityId === null || entityId === '') {
    throw refusal(
      'It describes no identity provider. Perhaps it is the metadata of an application: take the one that the IdP offers.',
    );
  }
  const ssoUrl = redirectAddress(role, 'SingleSignOnService');
  if (ssoUrl === null) {
    throw refusal(
      'It has no sign-in address for the HTTP-Redirect binding. Switch that binding on at the IdP.',
    );
  }
  const certificates = signingCertificates(role);
  if (certificates.length === 0) throw refusal('It holds no signing certificate.');
  return {
    entityId,
    ssoUrl: checkedAddress(ssoUrl, 'sign-in address'),
    sloUrl: optionalAddress(redirectAddress(role, 'SingleLogoutService')),
    certificates,
  };
}

function refusal(reason: string, cause?: unknown): AppError {
  return new AppError('invalid', `This IdP metadata cannot be used, nothing was stored. ${reason}`, {
    cause,
  });
}

function parseMetadata(xml: string): XmlElement {
  if (Buffer.byteLength(xml) > METADATA_BYTES_MAX) {
    throw refusal('It is too large for one identity provider. Take the metadata of your IdP alone.');
  }
  if (/<!(?:DOCTYPE|ENTITY)/i.test(xml))
    throw refusal('It has a document type, which may hide other content.');
  try {
    return parseXml(xml.replace(/^\uFEFF/, '').trimStart()).root;
  } catch (error) {
    if (!(error instanceof XmlSyntaxError)) throw error;
    throw refusal(
      'It is not XML. Check that you copied the metadata itself and not the page around it.',
      error,
    );
  }
}

function findEntity(root: XmlElement): XmlElement {
  if (root.localName === 'EntityDescriptor' && root.namespaceURI === NS.metadata) return root;
  const providers = elementsCalled(root, 'IDPSSODescriptor');
  if (root.localName !== 'EntitiesDescriptor' || providers.length === 0) {
    throw refusal('It is not SAML 2.0 metadata (an EntityDescriptor).');
  }
  const [only, ...others] = providers.map((provider) => provider.parentNode as XmlElement);
  if (only === undefined || others.length > 0) {
    throw refusal(
      `It describes ${providers.length} identity providers. Take the metadata of your IdP alone.`,
    );
  }
  return only;
}

function redirectAddress(role: XmlElement, service: string): string | null {
  const found = children(role, NS.metadata, service).find(
    (element) => attribute(element, 'Binding') === REDIRECT,
  );
  if (found === undefined) return null;
  // Answers to a logout may have an address of their own; both ours go to the same place.
  return attribute(found, 'Location');
}

function signingCertificates(role: XmlElement): readonly string[] {
  const keys = children(role, NS.metadata, 'KeyDescriptor').filter((key) => {
    const use = attribute(key, 'use');
    return use === null || use === 'signing';
  });
  const found = keys.flatMap((key) =>
    elementsCalled(key, 'X509Certificate').map((element) => text(element) ?? ''),
  );
  const usable = found.map((certificate) => usableOrReason(certificate));
  const certificates = usable.filter((result) => typeof result === 'string');
  const [reason] = usable.filter((result) => typeof result !== 'string');
  // One that we cannot use beside one that we can is no reason to keep people out.
  if (certificates.length === 0 && reason !== undefined) throw reason;
  return [...new Set(certificates)];
}

function usableOrReason(certificate: string): string | AppError {
  try {
    return normaliseCertificate(certificate);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

/**
 * An address at the IdP that browsers are sent to: https, or this machine while trying things out.
 * Throws AppError `invalid`.
 */
export function checkedAddress(address: string, what: string): string {
  const url = URL.parse(address);
  const isLocal = url !== null && LOOPBACK_HOST.test(url.hostname);
  const isAllowed = url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && isLocal));
  if (isAllowed && url.username === '' && url.password === '') return address;
  throw new AppError(
    'invalid',
    `The IdP's ${what} must be an https address; "${address.slice(0, 200)}" is not.`,
  );
}

const LOOPBACK_HOST = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

export function optionalAddress(address: string | null): string | null {
  return address === null ? null : checkedAddress(address, 'logout address');
}

/** The IdP's side as an admin fills it into fields. Throws AppError `invalid`. */
export function idpFromFields(fields: {
  readonly entityId: string;
  readonly ssoUrl: string;
  readonly sloUrl?: string | null;
  readonly certificates: readonly string[];
}): IdpFacts {
  const entityId = fields.entityId.trim();
  if (entityId === '') {
    throw new AppError(
      'invalid',
      "The IdP's entity ID (also called issuer) is missing. Copy it from the IdP.",
    );
  }
  if (fields.certificates.length === 0) {
    throw new AppError(
      'invalid',
      "The IdP's signing certificate is missing. Copy at least one from the IdP.",
    );
  }
  const sloUrl = fields.sloUrl?.trim() ?? '';
  return {
    entityId,
    ssoUrl: checkedAddress(fields.ssoUrl.trim(), 'sign-in address'),
    sloUrl: optionalAddress(sloUrl === '' ? null : sloUrl),
    certificates: [...new Set(fields.certificates.map((certificate) => normaliseCertificate(certificate)))],
  };
}
