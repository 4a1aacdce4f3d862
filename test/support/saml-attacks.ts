import { all, first, parse, SAML, SAMLP, DSIG, type Doc, type Node } from './xml-tools.js';

/** Whom an attacker wants to be. */
export const VICTIM = 'owner@acme.test';

/** Changes a well-signed response so that a careless reader sees the victim's name. Returns XML. */
export type Wrapping = (xml: string) => string;

function wrap(change: (doc: Doc, response: Node, assertion: Node) => void): Wrapping {
  return (xml) => {
    const doc = parse(xml);
    change(doc, doc.documentElement, first(doc, SAML, 'Assertion'));
    return doc.toString();
  };
}

function impersonate(assertion: Node): void {
  first(assertion, SAML, 'NameID').textContent = VICTIM;
}

function withoutSignature(element: Node): Node {
  const copy = element.cloneNode(true);
  const own = directSignature(copy);
  if (own !== null) copy.removeChild(own);
  return copy;
}

function directSignature(element: Node): Node | null {
  for (let child = element.firstChild; child !== null; child = child.nextSibling) {
    if ((child as Node & { localName?: string }).localName === 'Signature') return child;
  }
  return null;
}

function requireSignature(element: Node): Node {
  const signature = directSignature(element);
  if (signature === null) throw new Error('not signed');
  return signature;
}

/** The eight signature wrappings of Somorovsky et al., "On Breaking SAML" (2012), in their order. */
export const SIGNATURE_WRAPPINGS: Readonly<
  Record<string, { readonly signed: 'response' | 'assertion'; readonly wrap: Wrapping }>
> = {
  'XSW1: the original Response inside the signature of a forged one': {
    signed: 'response',
    wrap: wrap((_doc, response, assertion) => {
      const original = withoutSignature(response);
      requireSignature(response).appendChild(original);
      response.setAttribute('ID', '_forged_response');
      impersonate(assertion);
    }),
  },
  'XSW2: the original Response beside the signature of a forged one': {
    signed: 'response',
    wrap: wrap((_doc, response, assertion) => {
      const original = withoutSignature(response);
      response.insertBefore(original, requireSignature(response));
      response.setAttribute('ID', '_forged_response');
      impersonate(assertion);
    }),
  },
  'XSW3: a forged assertion in front of the original': {
    signed: 'assertion',
    wrap: wrap((_doc, response, assertion) => {
      const forged = withoutSignature(assertion);
      forged.setAttribute('ID', '_forged');
      impersonate(forged);
      response.insertBefore(forged, assertion);
    }),
  },
  'XSW4: a forged assertion around the original': {
    signed: 'assertion',
    wrap: wrap((_doc, response, assertion) => {
      const forged = withoutSignature(assertion);
      forged.setAttribute('ID', '_forged');
      impersonate(forged);
      response.insertBefore(forged, assertion);
      forged.appendChild(assertion);
    }),
  },
  'XSW5: a forged assertion with the original signature, the original at the end': {
    signed: 'assertion',
    wrap: wrap((_doc, response, assertion) => {
      response.appendChild(withoutSignature(assertion));
      assertion.setAttribute('ID', '_forged');
      impersonate(assertion);
    }),
  },
  'XSW6: a forged assertion with the original signature, the original inside it': {
    signed: 'assertion',
    wrap: wrap((_doc, _response, assertion) => {
      const original = withoutSignature(assertion);
      assertion.setAttribute('ID', '_forged');
      impersonate(assertion);
      requireSignature(assertion).appendChild(original);
    }),
  },
  'XSW7: a forged assertion inside Extensions': {
    signed: 'assertion',
    wrap: wrap((doc, response, assertion) => {
      const extensions = doc.createElementNS(SAMLP, 'samlp:Extensions');
      const forged = withoutSignature(assertion);
      forged.setAttribute('ID', '_forged');
      impersonate(forged);
      extensions.appendChild(forged);
      response.insertBefore(extensions, assertion);
    }),
  },
  "XSW8: the original inside an Object of the forged one's signature": {
    signed: 'assertion',
    wrap: wrap((doc, _response, assertion) => {
      const holder = doc.createElementNS(DSIG, 'ds:Object');
      holder.appendChild(withoutSignature(assertion));
      assertion.setAttribute('ID', '_forged');
      impersonate(assertion);
      requireSignature(assertion).appendChild(holder);
    }),
  },
};

/** Ways of cutting the signed name `owner@acme.test.evil.test` after the victim's part. */
export const NAME_SPLITS: Readonly<Record<string, Wrapping>> = {
  'a comment': (xml) => xml.replace('owner@acme.test.evil', 'owner@acme.test<!-- -->.evil'),
  'a processing instruction': (xml) => xml.replace('owner@acme.test.evil', 'owner@acme.test<?cut?>.evil'),
  'a CDATA section': (xml) => xml.replace('owner@acme.test.evil', 'owner@acme.test<![CDATA[.evil]]>'),
};

/** A file of this machine that an external entity names. */
export const READ_FILE = new URL('../../.npmrc', import.meta.url);

export const DOCTYPES: Readonly<Record<string, Wrapping>> = {
  'a bare document type': (xml) => `<!DOCTYPE samlp:Response>${xml}`,
  'an external entity (XXE)': (xml) =>
    `<!DOCTYPE r [<!ENTITY x SYSTEM "${READ_FILE.href}">]>${xml.replace('jane@acme.test', '&x;')}`,
  'an entity bomb': (xml) =>
    `<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>` +
    xml.replace('jane@acme.test', '&c;'),
  'an internal entity': (xml) =>
    `<!DOCTYPE r [<!ENTITY x "${VICTIM}">]>${xml.replace('jane@acme.test', '&x;')}`,
  'a parameter entity in lower case': (xml) => `<!doctype r [<!entity % x "y">]>${xml}`,
};

export function secondRoot(xml: string): string {
  const forged = parse(xml);
  const assertion = first(forged, SAML, 'Assertion');
  impersonate(assertion);
  return `${xml}${forged.documentElement.toString()}`;
}

export function twoAssertions(xml: string): string {
  const doc = parse(xml);
  const copy = first(doc, SAML, 'Assertion').cloneNode(true);
  for (const signature of all(copy, DSIG, 'Signature')) copy.removeChild(signature);
  copy.setAttribute('ID', '_second');
  impersonate(copy);
  doc.documentElement.appendChild(copy);
  return doc.toString();
}

export function changedName(xml: string): string {
  return xml.replace('jane@acme.test', VICTIM);
}

/** Extensions of that depth in a response: outside of what is signed, where nobody has to look. */
export function deepExtensions(depth: number): Wrapping {
  const inside = `${'<a>'.repeat(depth)}${'</a>'.repeat(depth)}`;
  return (xml) =>
    xml.replace('<samlp:Status>', `<samlp:Extensions>${inside}</samlp:Extensions><samlp:Status>`);
}

export function nested(depth: number): string {
  return `<samlp:Response xmlns:samlp="${SAMLP}" ID="_d" Version="2.0">${'<a>'.repeat(depth)}${'</a>'.repeat(depth)}</samlp:Response>`;
}

export const HOSTILE_RELAY_STATES: readonly string[] = [
  'https://evil.example.test/',
  '//evil.example.test/',
  '/\\evil.example.test/',
  '\\\\evil.example.test',
  '/%0d%0aSet-Cookie:x=1\r\n',
  'javascript:alert(1)',
  'https://patchbay.example.test.evil.test/',
  'https://patchbay.example.test@evil.test/',
  '/a/../\t//evil.example.test',
  '/./\u2028/evil',
  '/.//evil.example.test',
  `/${'a'.repeat(2000)}`,
];
