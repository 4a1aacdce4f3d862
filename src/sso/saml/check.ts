import type { ConnectionSettings, IdpFacts, ServiceProvider } from '../connection.js';
import type { AssertionFacts, ResponseFacts } from './facts.js';
import type { CheckName, Finding } from './finding.js';
import type { ParseXml, XmlDocument, XmlElement } from './xml.js';

/** The two sides of one connection, with our private keys opened. */
export interface SamlParty {
  readonly sp: ServiceProvider;
  readonly idp: IdpFacts;
  readonly settings: ConnectionSettings;
  readonly keys: OpenKeys;
}

/** PEM. */
export interface OpenKeys {
  readonly signingKey: string;
  readonly signingCertificate: string;
  readonly encryptionKey: string;
  readonly encryptionCertificate: string;
}

export interface CheckContext {
  readonly party: SamlParty;
  readonly now: Date;
  readonly relayState: string | null;
}

/** A parsed message, or the assertion inside it. */
export interface ParsedDocument {
  readonly document: XmlDocument;
  readonly root: XmlElement;
  readonly kind: 'Response' | 'Assertion' | 'LogoutRequest';
}

/** A whole message as it arrived, before anything in it is verified. */
export interface ArrivedMessage {
  readonly response: ResponseFacts;
  readonly assertion: AssertionFacts | null;
}

export interface AssertionInContext {
  readonly assertion: AssertionFacts;
  readonly response: ResponseFacts;
}

export interface Check<T> {
  readonly name: CheckName;
  /** null: passed. */
  readonly run: (facts: T, context: CheckContext) => Finding | null;
}

/** All checks of ours, by what they look at. Data, so that each can be shown to be the one that refuses. */
export interface SamlChecks {
  /** Strict: whatever is ambiguous is refused here, before anything is looked at. */
  readonly parse: ParseXml;
  readonly text: readonly Check<string>[];
  readonly document: readonly Check<ParsedDocument>[];
  readonly response: readonly Check<ArrivedMessage>[];
  readonly assertion: readonly Check<AssertionInContext>[];
}

export function runChecks<T>(
  checks: readonly Check<T>[],
  facts: T,
  context: CheckContext,
): readonly Finding[] {
  return checks.map((check) => check.run(facts, context)).filter((finding) => finding !== null);
}
