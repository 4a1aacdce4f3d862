import { checkAlgorithms, checkEncryption } from './algorithms.js';
import type { Check, ParsedDocument } from './check.js';
import { shown } from './finding.js';
import { attribute, child, descendants, elementsCalled, isElement, NODE, NS, type XmlNode } from './xml.js';

/** Deeper than this is an attack on whoever walks the tree. A real response is about ten deep. */
const DEPTH_MAX = 64;
/** Room for 2,000 groups. The signature library's time grows with the square: 16,000 nodes keep it busy for seconds. */
const NODES_MAX = 5_000;

const shape: Check<ParsedDocument> = {
  name: 'shape',
  run({ document, root, kind }) {
    const namespace = kind === 'Assertion' ? NS.assertion : NS.protocol;
    if (root.localName !== kind || root.namespaceURI !== namespace) {
      return {
        check: 'shape',
        arrived: `a ${shown(root.localName)} element`,
        expected: `a SAML 2.0 ${kind}`,
      };
    }
    const version = attribute(root, 'Version');
    if (version !== '2.0')
      return { check: 'shape', arrived: `version ${shown(version)}`, expected: 'version 2.0' };
    const isUnbounded = exceedsBounds(document);
    return isUnbounded
      ? {
          check: 'shape',
          arrived: 'far more or far deeper elements than a response has',
          expected: 'a response',
        }
      : null;
  },
};

function exceedsBounds(document: XmlNode): boolean {
  let count = 0;
  for (const { depth } of descendants(document)) {
    count += 1;
    if (depth > DEPTH_MAX || count > NODES_MAX) return true;
  }
  return false;
}

/**
 * Comments, processing instructions and CDATA cut a text in two: readers that disagree about the cut read
 * "admin@acme.com" where the IdP signed "admin@acme.com.evil.test".
 */
const hiddenText: Check<ParsedDocument> = {
  name: 'hiddenText',
  run({ document }) {
    for (const { node } of descendants(document)) {
      const what = hiddenKind(node, document);
      if (what !== null) return { check: 'hiddenText', arrived: what, expected: 'elements and text only' };
    }
    return null;
  },
};

function hiddenKind(node: XmlNode, document: XmlNode): string | null {
  if (node.nodeType === NODE.comment) return 'a comment';
  if (node.nodeType === NODE.cdata) return 'a CDATA section';
  // xmldom keeps the XML declaration as a processing instruction in front of the root.
  const isDeclaration =
    node.parentNode === document && node.nodeName === 'xml' && document.firstChild === node;
  return node.nodeType === NODE.instruction && !isDeclaration ? 'a processing instruction' : null;
}

/** Signature wrapping (XSW) lives from two elements that one reference could mean. */
const uniqueIds: Check<ParsedDocument> = {
  name: 'uniqueIds',
  run({ document }) {
    const seen = new Set<string>();
    for (const { node } of descendants(document)) {
      if (!isElement(node)) continue;
      for (const name of ['ID', 'Id', 'id', 'xml:id']) {
        const id = attribute(node, name);
        if (id === null) continue;
        if (seen.has(id))
          return { check: 'uniqueIds', arrived: 'the same ID on two elements', expected: 'unique IDs' };
        seen.add(id);
      }
    }
    return null;
  },
};

/** Counted in the whole document: one that hides in an extension or in a signature is one too many as well. */
const oneAssertion: Check<ParsedDocument> = {
  name: 'oneAssertion',
  run({ root, kind }) {
    const inside = [...elementsCalled(root, 'Assertion'), ...elementsCalled(root, 'EncryptedAssertion')];
    const count = inside.length + (kind === 'Assertion' ? 1 : 0);
    const responses = elementsCalled(root, 'Response').length;
    if (count > 1 || responses > 0) {
      return {
        check: 'oneAssertion',
        arrived: 'several assertions or responses',
        expected: 'exactly one assertion',
      };
    }
    const isElsewhere = inside.some((element) => element.parentNode !== root);
    if (isElsewhere)
      return {
        check: 'oneAssertion',
        arrived: 'an assertion in an odd place',
        expected: 'one in the Response',
      };
    if (count === 0 && isSuccess(root)) {
      return { check: 'oneAssertion', arrived: 'no assertion', expected: 'exactly one assertion' };
    }
    return null;
  },
};

/** A failed sign-in comes without an assertion, and its status says why. */
function isSuccess(response: ParsedDocument['root']): boolean {
  const status = child(response, NS.protocol, 'Status');
  const code = status === null ? null : child(status, NS.protocol, 'StatusCode');
  return attribute(code, 'Value') === STATUS_SUCCESS;
}

export const STATUS_SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success';

const encryption: Check<ParsedDocument> = {
  name: 'encryption',
  run: ({ root }) => checkEncryption(root),
};

const algorithms: Check<ParsedDocument> = {
  name: 'algorithms',
  run: ({ root }) => checkAlgorithms(root),
};

export const DOCUMENT_CHECKS: readonly Check<ParsedDocument>[] = [
  shape,
  hiddenText,
  uniqueIds,
  oneAssertion,
  encryption,
  algorithms,
];
