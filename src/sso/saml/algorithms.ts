import type { Finding } from './finding.js';
import { attribute, elementsCalled, isElement, NS, type XmlElement, type XmlNode } from './xml.js';

/** What may sign a message. RSA with SHA-256 and up: SHA-1 signatures can be forged. */
export const SIGNATURE_ALGORITHMS: ReadonlySet<string> = new Set([
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
  'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1',
]);

const DIGEST_ALGORITHMS: ReadonlySet<string> = new Set([
  'http://www.w3.org/2001/04/xmlenc#sha256',
  'http://www.w3.org/2001/04/xmlenc#sha512',
]);

const CONTENT_ENCRYPTION: ReadonlySet<string> = new Set([
  'http://www.w3.org/2001/04/xmlenc#aes128-cbc',
  'http://www.w3.org/2001/04/xmlenc#aes256-cbc',
  'http://www.w3.org/2009/xmlenc11#aes128-gcm',
  'http://www.w3.org/2009/xmlenc11#aes256-gcm',
]);

/** PKCS#1 v1.5 is not among them: it tells an attacker, answer by answer, what was encrypted. */
const KEY_TRANSPORT: ReadonlySet<string> = new Set(['http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p']);

/** Signature and digest algorithms used anywhere in a document. */
export function usedAlgorithms(top: XmlNode): readonly string[] {
  const methods = [
    ...elementsCalled(top, 'SignatureMethod'),
    ...elementsCalled(top, 'DigestMethod').filter((method) => !isInsideEncryption(method)),
  ];
  return [...new Set(methods.map((method) => attribute(method, 'Algorithm') ?? ''))];
}

/** Refuses any signature in the document, wanted or not, that is made with a weak or unknown algorithm. */
export function checkAlgorithms(top: XmlNode): Finding | null {
  const refused = usedAlgorithms(top).filter(
    (algorithm) => !SIGNATURE_ALGORITHMS.has(algorithm) && !DIGEST_ALGORITHMS.has(algorithm),
  );
  if (refused.length === 0) return null;
  return {
    check: 'algorithms',
    arrived: refused.map(shortName).join(', '),
    expected: 'rsa-sha256 with digest sha256, or stronger',
  };
}

/** Refuses encryption that the key of this connection should not be used with. */
export function checkEncryption(encrypted: XmlElement): Finding | null {
  const methods = elementsCalled(encrypted, 'EncryptionMethod');
  const refused = methods
    .map((method) => attribute(method, 'Algorithm') ?? '')
    .filter((algorithm) => !CONTENT_ENCRYPTION.has(algorithm) && !KEY_TRANSPORT.has(algorithm));
  if (refused.length === 0) return null;
  return {
    check: 'encryption',
    arrived: refused.map(shortName).join(', '),
    expected: 'aes256-gcm, aes128-gcm, aes256-cbc or aes128-cbc, with the key sent by rsa-oaep-mgf1p',
  };
}

/** The digest of an OAEP key transport is SHA-1 by standard and no signature. */
function isInsideEncryption(method: XmlElement): boolean {
  const parent = method.parentNode;
  if (parent === null || !isElement(parent)) return false;
  return parent.localName === 'EncryptionMethod' && parent.namespaceURI === NS.encryption;
}

function shortName(algorithm: string): string {
  return algorithm.replace(/^.*[#/]/, '') || 'none named';
}
