import { attribute, child, children, NS, text, type XmlElement } from './xml.js';

/** What a Response says about itself. Trustworthy only as far as the Response itself is signed. */
export interface ResponseFacts {
  readonly id: string | null;
  readonly version: string | null;
  readonly destination: string | null;
  readonly issuer: string | null;
  readonly inResponseTo: string | null;
  /** Status codes, outermost first. */
  readonly statusCodes: readonly string[];
  readonly statusMessage: string | null;
  readonly isSigned: boolean;
}

export interface SamlAttribute {
  readonly name: string;
  readonly values: readonly string[];
}

export interface NameId {
  readonly value: string;
  readonly format: string | null;
  readonly nameQualifier: string | null;
  readonly spNameQualifier: string | null;
}

/** SubjectConfirmation (SAML core 2.4.1.1), with its data. */
export interface Confirmation {
  readonly method: string | null;
  readonly recipient: string | null;
  readonly inResponseTo: string | null;
  readonly notBefore: string | null;
  readonly notOnOrAfter: string | null;
}

/** What an assertion says. Times are as written. */
export interface AssertionFacts {
  readonly id: string | null;
  readonly issuer: string | null;
  readonly issueInstant: string | null;
  /** One list per AudienceRestriction: each of them must name us. */
  readonly audiences: readonly (readonly string[])[];
  readonly notBefore: string | null;
  readonly notOnOrAfter: string | null;
  readonly confirmations: readonly Confirmation[];
  readonly nameId: NameId | null;
  readonly hasEncryptedId: boolean;
  readonly sessionIndex: string | null;
  readonly sessionNotOnOrAfter: string | null;
  readonly attributes: readonly SamlAttribute[];
  readonly isSigned: boolean;
}

export function readResponse(response: XmlElement): ResponseFacts {
  const status = child(response, NS.protocol, 'Status');
  return {
    id: attribute(response, 'ID'),
    version: attribute(response, 'Version'),
    destination: attribute(response, 'Destination'),
    issuer: text(child(response, NS.assertion, 'Issuer')),
    inResponseTo: attribute(response, 'InResponseTo'),
    statusCodes: status === null ? [] : readStatusCodes(status),
    statusMessage: status === null ? null : text(child(status, NS.protocol, 'StatusMessage')),
    isSigned: child(response, NS.signature, 'Signature') !== null,
  };
}

function readStatusCodes(status: XmlElement): readonly string[] {
  const outer = child(status, NS.protocol, 'StatusCode');
  const inner = outer === null ? null : child(outer, NS.protocol, 'StatusCode');
  return [attribute(outer, 'Value'), attribute(inner, 'Value')].filter((code) => code !== null);
}

export function readAssertion(assertion: XmlElement): AssertionFacts {
  const subject = child(assertion, NS.assertion, 'Subject');
  const conditions = child(assertion, NS.assertion, 'Conditions');
  const statement = child(assertion, NS.assertion, 'AuthnStatement');
  return {
    id: attribute(assertion, 'ID'),
    issuer: text(child(assertion, NS.assertion, 'Issuer')),
    issueInstant: attribute(assertion, 'IssueInstant'),
    audiences: conditions === null ? [] : readAudiences(conditions),
    notBefore: attribute(conditions, 'NotBefore'),
    notOnOrAfter: attribute(conditions, 'NotOnOrAfter'),
    confirmations: subject === null ? [] : readConfirmations(subject),
    nameId: subject === null ? null : readNameId(subject),
    hasEncryptedId: subject !== null && child(subject, NS.assertion, 'EncryptedID') !== null,
    sessionIndex: attribute(statement, 'SessionIndex'),
    sessionNotOnOrAfter: attribute(statement, 'SessionNotOnOrAfter'),
    attributes: readAttributes(assertion),
    isSigned: child(assertion, NS.signature, 'Signature') !== null,
  };
}

function readAudiences(conditions: XmlElement): readonly (readonly string[])[] {
  return children(conditions, NS.assertion, 'AudienceRestriction').map((restriction) =>
    children(restriction, NS.assertion, 'Audience')
      .map((audience) => text(audience))
      .filter((value) => value !== null),
  );
}

function readConfirmations(subject: XmlElement): readonly Confirmation[] {
  return children(subject, NS.assertion, 'SubjectConfirmation').map((confirmation) => {
    const data = child(confirmation, NS.assertion, 'SubjectConfirmationData');
    return {
      method: attribute(confirmation, 'Method'),
      recipient: attribute(data, 'Recipient'),
      inResponseTo: attribute(data, 'InResponseTo'),
      notBefore: attribute(data, 'NotBefore'),
      notOnOrAfter: attribute(data, 'NotOnOrAfter'),
    };
  });
}

function readNameId(subject: XmlElement): NameId | null {
  const element = child(subject, NS.assertion, 'NameID');
  const value = text(element);
  if (element === null || value === null) return null;
  return {
    value,
    format: attribute(element, 'Format'),
    nameQualifier: attribute(element, 'NameQualifier'),
    spNameQualifier: attribute(element, 'SPNameQualifier'),
  };
}

/** Attributes of one name that arrive in several elements are one attribute with all their values. */
function readAttributes(assertion: XmlElement): readonly SamlAttribute[] {
  const values = new Map<string, string[]>();
  for (const statement of children(assertion, NS.assertion, 'AttributeStatement')) {
    for (const element of children(statement, NS.assertion, 'Attribute')) {
      const name = attribute(element, 'Name');
      if (name === null || name === '') continue;
      const known = values.get(name) ?? [];
      for (const value of children(element, NS.assertion, 'AttributeValue')) {
        const content = text(value);
        if (content !== null) known.push(content);
      }
      values.set(name, known);
    }
  }
  return [...values].map(([name, list]) => ({ name, values: list }));
}
