import { createRequire } from 'node:module';

/** Writable XML for test messages, typed by hand: the libraries' own types would bring the browser's globals along. */
export interface Node {
  readonly parentNode: Node;
  readonly firstChild: Node | null;
  readonly nextSibling: Node | null;
  readonly ownerDocument: Doc;
  textContent: string;
  cloneNode(deep: boolean): Node;
  appendChild(child: Node): Node;
  insertBefore(child: Node, before: Node | null): Node;
  removeChild(child: Node): Node;
  setAttribute(name: string, value: string): void;
  getAttribute(name: string): string;
  getElementsByTagNameNS(namespace: string, localName: string): ArrayLike<Node> & Iterable<Node>;
  toString(): string;
}

export interface Doc extends Node {
  readonly documentElement: Node;
  createElementNS(namespace: string, name: string): Node;
  createComment(text: string): Node;
  createCDATASection(text: string): Node;
  createProcessingInstruction(target: string, data: string): Node;
}

const require = createRequire(import.meta.url);

const { DOMParser } = require('@xmldom/xmldom') as {
  DOMParser: new (options?: object) => { parseFromString(xml: string, type: string): Doc };
};

interface Signer {
  addReference(reference: object): void;
  computeSignature(xml: string, options: object): void;
  getSignedXml(): string;
  loadSignature(node: Node): void;
  checkSignature(xml: string): boolean;
  getReferences(): readonly { readonly uri: string }[];
}

const { SignedXml } = require('xml-crypto') as { SignedXml: new (options: object) => Signer };

export const SAML = 'urn:oasis:names:tc:SAML:2.0:assertion';
export const SAMLP = 'urn:oasis:names:tc:SAML:2.0:protocol';
export const DSIG = 'http://www.w3.org/2000/09/xmldsig#';

export type SignatureStrength = 'sha1' | 'sha256' | 'sha512';

const SIGNATURE = {
  sha1: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
  sha256: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  sha512: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
} as const;

const DIGEST = {
  sha1: 'http://www.w3.org/2000/09/xmldsig#sha1',
  sha256: 'http://www.w3.org/2001/04/xmlenc#sha256',
  sha512: 'http://www.w3.org/2001/04/xmlenc#sha512',
} as const;

const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';

export interface SigningKey {
  readonly privateKey: string;
  readonly certificate: string;
}

/** Puts an enveloped signature into the element of that name, after its Issuer, as SAML wants it. */
export function signElement(
  xml: string,
  localName: 'Response' | 'Assertion' | 'LogoutRequest',
  key: SigningKey,
  strength: { signature: SignatureStrength; digest: SignatureStrength } = {
    signature: 'sha256',
    digest: 'sha256',
  },
): string {
  const path = `//*[local-name(.)='${localName}']`;
  const signer = new SignedXml({
    privateKey: key.privateKey,
    publicCert: key.certificate,
    signatureAlgorithm: SIGNATURE[strength.signature],
    canonicalizationAlgorithm: EXCLUSIVE,
  });
  signer.addReference({
    xpath: path,
    transforms: [ENVELOPED, EXCLUSIVE],
    digestAlgorithm: DIGEST[strength.digest],
  });
  signer.computeSignature(xml, {
    prefix: 'ds',
    location: { reference: `${path}/*[local-name(.)='Issuer']`, action: 'after' },
  });
  return signer.getSignedXml();
}

export function parse(xml: string): Doc {
  const silent = () => undefined;
  return new DOMParser({
    errorHandler: { warning: silent, error: silent, fatalError: silent },
  }).parseFromString(xml, 'text/xml');
}

export function all(doc: Node, namespace: string, localName: string): readonly Node[] {
  return Array.from(doc.getElementsByTagNameNS(namespace, localName));
}

export function first(doc: Node, namespace: string, localName: string): Node {
  const found = all(doc, namespace, localName)[0];
  if (found === undefined) throw new Error(`no ${localName}`);
  return found;
}

/** Whether any signature in the document is cryptographically sound, wherever it sits and whatever it covers. */
export function hasSoundSignature(xml: string, certificates: readonly string[]): boolean {
  return all(parse(xml), DSIG, 'Signature').some((signature) =>
    certificates.some((certificate) => {
      const verifier = new SignedXml({ publicCert: certificate });
      try {
        verifier.loadSignature(signature);
        return verifier.checkSignature(xml);
      } catch {
        return false;
      }
    }),
  );
}
