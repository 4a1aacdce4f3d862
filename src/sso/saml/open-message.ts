import { usedAlgorithms } from './algorithms.js';
import type { ArrivedMessage, CheckContext, ParsedDocument, SamlChecks } from './check.js';
import { decryptAssertion } from './decrypt.js';
import { readAssertion, readResponse, type AssertionFacts, type ResponseFacts } from './facts.js';
import type { Finding } from './finding.js';
import { decodeMessage } from './message-text.js';
import { readDocument, type ReadResult } from './read-document.js';
import { child, NS } from './xml.js';

/** What was in a message, as far as it could be read. Unverified. */
export interface Arrived {
  readonly response: ResponseFacts | null;
  readonly assertion: AssertionFacts | null;
  readonly isEncrypted: boolean;
  readonly algorithms: readonly string[];
}

export type OpenedMessage =
  | { readonly xml: string; readonly message: ArrivedMessage; readonly arrived: Arrived }
  | { readonly findings: readonly Finding[]; readonly arrived: Arrived };

/** Decodes, parses and decrypts a Response, stopping at the first part that is not fit to be looked at further. */
export async function openMessage(
  checks: SamlChecks,
  field: unknown,
  context: CheckContext,
): Promise<OpenedMessage> {
  const decoded = decodeMessage(field);
  if ('finding' in decoded) return { findings: [decoded.finding], arrived: NOTHING };
  const outer = readDocument(checks, decoded.xml, 'Response', context);
  if (outer.findings.length > 0 || outer.document === null) {
    return { findings: outer.findings, arrived: describe(outer.document, null, false) };
  }
  const inner = await readInner(checks, outer.document, context);
  const arrived = describe(outer.document, inner.document, inner.isEncrypted);
  if (inner.findings.length > 0) return { findings: inner.findings, arrived };
  const response = readResponse(outer.document.root);
  return { xml: decoded.xml, message: { response, assertion: arrived.assertion }, arrived };
}

/** The assertion, opened first when it is encrypted. A signature around the encryption proves nothing about inside. */
async function readInner(
  checks: SamlChecks,
  { document, root }: ParsedDocument,
  context: CheckContext,
): Promise<ReadResult & { readonly isEncrypted: boolean }> {
  const encrypted = child(root, NS.assertion, 'EncryptedAssertion');
  if (encrypted === null) {
    const plain = child(root, NS.assertion, 'Assertion');
    const inner: ParsedDocument | null = plain === null ? null : { document, root: plain, kind: 'Assertion' };
    return { document: inner, findings: [], isEncrypted: false };
  }
  const xml = await decryptAssertion(encrypted, context.party.keys.encryptionKey).catch(() => null);
  if (xml === null) return { document: null, findings: [FOREIGN_KEY], isEncrypted: true };
  return { ...readDocument(checks, xml, 'Assertion', context), isEncrypted: true };
}

const FOREIGN_KEY: Finding = {
  check: 'encryption',
  arrived: 'an assertion encrypted for another key',
  expected: 'one encrypted for the certificate in our metadata',
};

const NOTHING: Arrived = { response: null, assertion: null, isEncrypted: false, algorithms: [] };

function describe(
  response: ParsedDocument | null,
  assertion: ParsedDocument | null,
  isEncrypted: boolean,
): Arrived {
  if (response === null || response.root.localName !== 'Response') return NOTHING;
  const documents = assertion === null ? [response] : [response, assertion];
  return {
    response: readResponse(response.root),
    assertion: assertion === null ? null : readAssertion(assertion.root),
    isEncrypted,
    algorithms: [...new Set(documents.flatMap(({ root }) => usedAlgorithms(root)))],
  };
}
