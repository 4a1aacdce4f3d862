import { createRequire } from 'node:module';

/**
 * The little of XML that SAML needs, over xmldom. Loaded without its type declarations: they would bring the browser's
 * global names into the whole program.
 */
export interface XmlNode {
  readonly nodeType: number;
  readonly nodeName: string;
  readonly parentNode: XmlNode | null;
  readonly firstChild: XmlNode | null;
  readonly nextSibling: XmlNode | null;
}

export interface XmlElement extends XmlNode {
  readonly localName: string;
  readonly namespaceURI: string | null;
  readonly textContent: string;
  readonly attributes: { readonly length: number; item(index: number): XmlAttribute };
  getAttribute(name: string): string;
  hasAttribute(name: string): boolean;
  toString(): string;
}

interface XmlAttribute {
  readonly name: string;
  readonly value: string;
}

export interface XmlDocument extends XmlNode {
  readonly documentElement: XmlElement | null;
}

interface XmlLibrary {
  readonly DOMParser: new (options: object) => { parseFromString(xml: string, type: string): XmlDocument };
}

const { DOMParser } = createRequire(import.meta.url)('@xmldom/xmldom') as XmlLibrary;

export const NODE = { element: 1, text: 3, cdata: 4, instruction: 7, comment: 8 } as const;

export const NS = {
  assertion: 'urn:oasis:names:tc:SAML:2.0:assertion',
  protocol: 'urn:oasis:names:tc:SAML:2.0:protocol',
  metadata: 'urn:oasis:names:tc:SAML:2.0:metadata',
  signature: 'http://www.w3.org/2000/09/xmldsig#',
  encryption: 'http://www.w3.org/2001/04/xmlenc#',
} as const;

/** The text is not well-formed XML. */
export class XmlSyntaxError extends Error {
  override readonly name = 'XmlSyntaxError';
}

/** Throws XmlSyntaxError. */
export type ParseXml = (xml: string) => { readonly document: XmlDocument; readonly root: XmlElement };

/**
 * Parses text in which a document type was ruled out before. Warnings count as errors: an ambiguous document must not
 * mean one thing here and another in the signature check.
 * @throws XmlSyntaxError
 */
export function parseXml(xml: string): ReturnType<ParseXml> {
  const refuse = (message: string): never => {
    throw new XmlSyntaxError(message.replace(/^\[[^\]]*\]\s*/, '').slice(0, 200));
  };
  const parser = new DOMParser({ errorHandler: { warning: refuse, error: refuse, fatalError: refuse } });
  try {
    const document = parser.parseFromString(xml, 'text/xml');
    const root = document.documentElement;
    return root === null ? refuse('The text holds no element.') : { document, root };
  } catch (error) {
    if (error instanceof XmlSyntaxError) throw error;
    throw new XmlSyntaxError('The text is not XML.', { cause: error });
  }
}

export function isElement(node: XmlNode): node is XmlElement {
  return node.nodeType === NODE.element;
}

export function* childNodes(node: XmlNode): Generator<XmlNode> {
  for (let child = node.firstChild; child !== null; child = child.nextSibling) yield child;
}

/** Child elements of one name, in document order. */
export function children(node: XmlNode, namespace: string, localName: string): readonly XmlElement[] {
  return [...childNodes(node)]
    .filter(isElement)
    .filter((element) => element.localName === localName && element.namespaceURI === namespace);
}

export function child(node: XmlNode, namespace: string, localName: string): XmlElement | null {
  return children(node, namespace, localName)[0] ?? null;
}

/** Every node below `top` with its depth, in document order. Without recursion: hostile documents are deep. */
export function* descendants(top: XmlNode): Generator<{ readonly node: XmlNode; readonly depth: number }> {
  let node = top.firstChild;
  let depth = 1;
  while (node !== null) {
    yield { node, depth };
    if (node.firstChild !== null) {
      node = node.firstChild;
      depth += 1;
      continue;
    }
    while (node !== null && node.nextSibling === null) {
      node = node.parentNode === top ? null : node.parentNode;
      depth -= 1;
    }
    node = node?.nextSibling ?? null;
  }
}

/**
 * Every element below `top` of one local name, whatever its namespace: the signature library looks for them the same
 * way, so a check must not see less than it does.
 */
export function elementsCalled(top: XmlNode, localName: string): readonly XmlElement[] {
  const found: XmlElement[] = [];
  for (const { node } of descendants(top)) {
    if (isElement(node) && node.localName === localName) found.push(node);
  }
  return found;
}

/** An attribute's value, null when it is absent. */
export function attribute(element: XmlElement | null, name: string): string | null {
  return element !== null && element.hasAttribute(name) ? element.getAttribute(name) : null;
}

/** An element's text without surrounding white space, null when there is no element or no text. */
export function text(element: XmlElement | null): string | null {
  const content = element?.textContent.trim() ?? '';
  return content === '' ? null : content;
}
