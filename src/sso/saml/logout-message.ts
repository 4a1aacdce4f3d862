import { inflateRawSync } from 'node:zlib';
import { SIGNATURE_ALGORITHMS } from './algorithms.js';
import type { CheckContext, SamlChecks } from './check.js';
import { shown, type Finding } from './finding.js';
import type { LogoutMessage } from './library.js';
import { decodeMessage, MESSAGE_BYTES_MAX } from './message-text.js';
import { readDocument } from './read-document.js';
import { isOver, readInstant } from './time.js';
import { attribute, child, NS, type XmlElement } from './xml.js';

/** What the library leaves to us of a LogoutRequest; it accepts unsigned ones. Empty: nothing stands against it. */
export function checkLogoutRequest(
  checks: SamlChecks,
  message: LogoutMessage,
  context: CheckContext,
): readonly Finding[] {
  const opened = message.binding === 'redirect' ? openQuery(message.rawQuery) : openForm(message.body);
  if ('check' in opened) return [opened];
  const { document, findings } = readDocument(checks, opened.xml, 'LogoutRequest', context);
  if (document === null || findings.length > 0) return findings;
  const isSigned = message.binding === 'redirect' || child(document.root, NS.signature, 'Signature') !== null;
  return [
    isSigned ? null : UNSIGNED,
    checkDestination(document.root, context),
    checkAge(document.root, context),
  ].filter((finding) => finding !== null);
}

const UNSIGNED: Finding = {
  check: 'responseSigned',
  arrived: 'an unsigned LogoutRequest',
  expected: 'a signed LogoutRequest',
};

type Opened = { readonly xml: string } | Finding;

const QUERY_NAMES = new Set(['SAMLRequest', 'RelayState', 'SigAlg', 'Signature', 'SAMLEncoding']);

/**
 * HTTP-Redirect (SAML bindings 3.4.4.1). The signature covers the query's raw text, in which the library looks for its
 * parts by pattern: anything unknown or given twice is refused, so that what is verified is what is read.
 */
function openQuery(rawQuery: string): Opened {
  const names = rawQuery.split('&').map((pair) => pair.split('=', 1)[0] ?? '');
  const isClean = names.every((name) => QUERY_NAMES.has(name)) && new Set(names).size === names.length;
  if (!isClean)
    return { check: 'encoding', arrived: 'unknown or repeated parameters', expected: 'each one once' };
  const query = new URLSearchParams(rawQuery);
  const algorithm = query.get('SigAlg');
  if (algorithm === null || (query.get('Signature') ?? '') === '') return UNSIGNED;
  if (!SIGNATURE_ALGORITHMS.has(algorithm)) {
    return { check: 'algorithms', arrived: shown(algorithm), expected: 'rsa-sha256 or rsa-sha512' };
  }
  return inflate(query.get('SAMLRequest') ?? '');
}

/** Bounded: a few hundred bytes can inflate to megabytes. */
function inflate(base64: string): Opened {
  try {
    const bytes = inflateRawSync(Buffer.from(base64, 'base64'), { maxOutputLength: MESSAGE_BYTES_MAX });
    return { xml: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { check: 'encoding', arrived: 'text that cannot be decompressed', expected: 'a deflated message' };
  }
}

function openForm(body: Readonly<Record<string, string>>): Opened {
  const decoded = decodeMessage(body['SAMLRequest']);
  return 'finding' in decoded ? decoded.finding : decoded;
}

function checkDestination(root: XmlElement, { party }: CheckContext): Finding | null {
  const destination = attribute(root, 'Destination');
  if (destination === party.sp.sloUrl) return null;
  return { check: 'destination', arrived: shown(destination), expected: party.sp.sloUrl };
}

function checkAge(root: XmlElement, { party, now }: CheckContext): Finding | null {
  const issued = readInstant(attribute(root, 'IssueInstant'));
  const seconds = party.settings.maxAssertionAgeSeconds + party.settings.clockSkewSeconds;
  if (issued !== null && !isOver(issued, now, seconds)) return null;
  return { check: 'age', arrived: shown(attribute(root, 'IssueInstant')), expected: now.toISOString() };
}
