import type { IdpKind } from './connection.js';
import { IDP_WORDS, type IdpWords } from './idp-words.js';
import type { CheckName, Finding } from './saml/finding.js';
import type { ExplainedFinding } from './trace.js';

interface Explanation {
  readonly title: string;
  readonly meaning: string;
  readonly change: (words: IdpWords, expected: string) => string;
}

/** Adds what a finding means and what to change, in the words of the IdP in question. */
export function explain(finding: Finding, idpKind: IdpKind): ExplainedFinding {
  const { title, meaning, change } = EXPLANATIONS[finding.check];
  return { ...finding, title, meaning, change: change(IDP_WORDS[idpKind], finding.expected) };
}

const NOT_A_NORMAL_RESPONSE =
  'No identity provider sends this by itself. Try again from the start; if it comes back, look for a proxy or a ' +
  'browser extension that changes pages, and treat it as an attempted attack otherwise.';

const suspicious = (title: string, meaning: string): Explanation => ({
  title,
  meaning,
  change: () => NOT_A_NORMAL_RESPONSE,
});

const wrongAddress = (title: string): Explanation => ({
  title,
  meaning: 'The message was made for another address, perhaps another application, environment or tenant.',
  change: (words, expected) =>
    `At ${words.name}, open ${words.place} and set ${words.acs} to exactly: ${expected}`,
});

const wrongIssuer = (title: string): Explanation => ({
  title,
  meaning: 'The message comes from another identity provider than the one this connection was set up with.',
  change: (words) =>
    `Compare the issuer (entity ID) that ${words.name} shows with the one stored here. If it changed, read the ` +
    'metadata again or set the connection up anew.',
});

const wrongTime = (title: string, meaning: string): Explanation => ({
  title,
  meaning,
  change: (words) =>
    `Try again from the start. If it comes back, compare the clock of ${words.name} (for one you run yourself: is ` +
    'NTP on?) with the time shown here.',
});

const EXPLANATIONS: Readonly<Record<CheckName, Explanation>> = {
  size: suspicious('The message is too large', 'Responses are a few kilobytes; this one is more than 256.'),
  encoding: suspicious('The message cannot be read', 'It is not a base64 form field with text inside.'),
  doctype: suspicious(
    'The message has a document type',
    'That can make a reader open files or run out of memory.',
  ),
  xml: suspicious('The message is not XML', 'It could not be parsed as one document.'),
  shape: suspicious('The message is not a sign-in response', 'It is XML, but of another kind or size.'),
  hiddenText: suspicious('The message hides text', 'Comments and the like can cut a name in two.'),
  uniqueIds: suspicious(
    'Two parts of the message share an ID',
    'A signature over one could be read as over the other.',
  ),
  oneAssertion: suspicious(
    'The message does not hold exactly one assertion',
    'It is not clear whom it speaks of.',
  ),
  status: {
    title: 'The identity provider refused the sign-in',
    meaning: 'It answered with an error instead of a signed-in person.',
    change: (words) =>
      `At ${words.name}, check that the person is assigned to the application (${words.assignment}) and look into ` +
      'its sign-in log for the reason.',
  },
  encryption: {
    title: 'The assertion is encrypted in a way that cannot be used',
    meaning: 'It was encrypted for another certificate, or with an algorithm that is not safe.',
    change: (words) =>
      `At ${words.name}, upload the encryption certificate from this connection's metadata again and choose AES-256 ` +
      'with RSA-OAEP, or switch encryption off.',
  },
  algorithms: {
    title: 'The signature uses a weak algorithm',
    meaning: 'Signatures with SHA-1 can be forged and are refused.',
    change: (words) => `At ${words.name}, set ${words.algorithm}.`,
  },
  responseSigned: {
    title: 'The Response is not signed',
    meaning:
      'This connection demands a signature around the whole response, besides the one on the assertion.',
    change: (words) =>
      `At ${words.name}, set ${words.signing}; or switch the demand off for this connection.`,
  },
  assertionSigned: {
    title: 'The assertion is not signed',
    meaning: 'Anybody could have written it. A signature around the Response alone is not enough.',
    change: (words) => `At ${words.name}, set ${words.signing}.`,
  },
  certificate: {
    title: 'The signing certificate is not valid now',
    meaning: 'The message is signed by the right key, but its certificate has expired or has not begun.',
    change: (words) =>
      `At ${words.name}, make a new certificate active (${words.certificate}), then read the metadata again here or ` +
      'add the new certificate to the connection.',
  },
  signature: {
    title: 'The signature does not fit',
    meaning: 'It was made by a certificate unknown here, or the message was changed on its way.',
    change: (words) =>
      `Copy the current certificate from ${words.name} (${words.certificate}) into this connection, or read its ` +
      'metadata again. Certificates change when the identity provider rolls them over.',
  },
  responseIssuer: wrongIssuer('The Response comes from another issuer'),
  assertionIssuer: wrongIssuer('The assertion comes from another issuer'),
  destination: wrongAddress('The message is addressed elsewhere (Destination)'),
  recipient: wrongAddress('The assertion is addressed elsewhere (Recipient)'),
  audience: {
    title: 'The assertion is for another audience',
    meaning: 'It was made for another service provider.',
    change: (words, expected) =>
      `At ${words.name}, open ${words.place} and set ${words.entityId} to exactly: ${expected}`,
  },
  notYetValid: wrongTime(
    'The assertion is not valid yet',
    'Its time lies ahead of ours by more than clocks may differ.',
  ),
  expired: wrongTime('The assertion has expired', 'It took too long to arrive, or the clocks differ.'),
  age: wrongTime('The assertion is too old', 'It was issued longer ago than this connection accepts.'),
  sessionEnded: wrongTime(
    'The session at the identity provider is over',
    'It ended before this sign-in arrived.',
  ),
  nameId: {
    title: 'The person has no lasting name',
    meaning: 'People are recognised by their NameID, which must be there and stay the same.',
    change: (words) =>
      `At ${words.name}, set ${words.nameId} to something that is never given to anybody else, in the persistent or ` +
      'e-mail format, unencrypted.',
  },
  inResponseTo: {
    title: 'The sign-in was not started here',
    meaning: 'The response does not answer a request, and this connection does not accept that.',
    change: (words, expected) =>
      `Start at this service's sign-in address instead of the tile at ${words.name}, or allow IdP-initiated sign-in ` +
      `for this connection. Expected: ${expected}.`,
  },
  requestKnown: {
    title: 'The request is not known any more',
    meaning: 'It was answered before, is older than ten minutes, or was never made here.',
    change: () =>
      'Sign in again from the start. A reloaded or bookmarked page of the identity provider does this.',
  },
  replay: suspicious('The assertion was used before', 'Each one is good for a single sign-in.'),
  relayState: {
    title: 'The page to land on is not ours',
    meaning:
      'The RelayState must be a path here; another address could send people to a copy of this service.',
    change: (words) => `At ${words.name}, empty the default RelayState or set a path such as /people.`,
  },
  library: {
    title: 'The message does not follow SAML 2.0',
    meaning: 'A part of it is missing or malformed.',
    change: (words) =>
      `Compare the application at ${words.name} with the set-up guide, or choose its SAML 2.0 template.`,
  },
  browser: {
    title: 'The sign-in was finished in another browser',
    meaning: 'It must end where it began, so that nobody can be signed in as somebody else without noticing.',
    change: () => 'Sign in again from the start, with cookies allowed, in one browser.',
  },
  directory: {
    title: 'The person is deactivated',
    meaning: 'The directory says that this person has left or is suspended.',
    change: (words) => `If that is wrong, activate the person at ${words.name} and let it push the change.`,
  },
  groupsMissing: {
    title: 'The person is in too many groups to be listed',
    meaning: 'Above 150 groups Entra sends a link instead of the groups, so no rule can match them.',
    change: (words) =>
      `At ${words.name}, choose ${words.groups} so that only those are sent, or use app roles and a rule for them.`,
  },
  role: {
    title: 'No rule gives this person access',
    meaning: 'The sign-in itself worked; access needs a role, and no rule matched what arrived.',
    change: (words) =>
      `Compare the values that arrived with the role rules of this connection. To send groups from ${words.name}: ` +
      `${words.groups}.`,
  },
  connection: {
    title: 'The connection is not switched on',
    meaning: 'It is a draft, or somebody switched it off.',
    change: () => 'Switch the connection on, or run a test sign-in.',
  },
};
