import type { ConnectionSettings } from './connection.js';
import { decisiveAttributes } from './person.js';
import { bearerConfirmation } from './saml/assertion-checks.js';
import { shown } from './saml/finding.js';
import type { AssertionFacts, NameId } from './saml/facts.js';
import type { Arrived } from './saml/open-message.js';
import type { ArrivedSummary } from './trace.js';

const ATTRIBUTES_MAX = 60;
const VALUES_MAX = 100;

/**
 * What a trace keeps of a message: enough to see what is wrong, without what identifies a person. Everything is cut to
 * a bounded length, since anybody can post a message.
 */
export function summariseArrived(
  arrived: Arrived,
  settings: ConnectionSettings,
  acsUrl: string,
): ArrivedSummary | null {
  const { response, assertion } = arrived;
  if (response === null) return null;
  const cut = (text: string | null | undefined) => (text === null || text === undefined ? null : shown(text));
  return {
    issuer: cut(assertion?.issuer ?? response.issuer),
    destination: cut(response.destination),
    recipient: cut(assertion === null ? null : bearerConfirmation(assertion, acsUrl)?.recipient),
    audiences: (assertion?.audiences.flat() ?? []).slice(0, 10).map((audience) => shown(audience)),
    status: cut(response.statusCodes.join(' / ')),
    nameId: summariseNameId(assertion?.nameId ?? null),
    isResponseSigned: response.isSigned,
    isAssertionSigned: assertion?.isSigned ?? false,
    isEncrypted: arrived.isEncrypted,
    algorithms: arrived.algorithms.slice(0, 10).map((algorithm) => shown(algorithm)),
    issueInstant: cut(assertion?.issueInstant),
    notBefore: cut(assertion?.notBefore),
    notOnOrAfter: cut(assertion?.notOnOrAfter),
    isAnswer: response.inResponseTo !== null,
    attributes: assertion === null ? [] : summariseAttributes(assertion, settings),
  };
}

function summariseNameId(nameId: NameId | null): ArrivedSummary['nameId'] {
  return nameId === null
    ? null
    : { masked: maskPersonal(nameId.value), format: nameId.format === null ? null : shown(nameId.format) };
}

function summariseAttributes(
  assertion: AssertionFacts,
  settings: ConnectionSettings,
): ArrivedSummary['attributes'] {
  const decisive = decisiveAttributes(settings);
  return assertion.attributes.slice(0, ATTRIBUTES_MAX).map(({ name, values }) => ({
    name: shown(name),
    count: values.length,
    values: decisive.has(name) ? values.slice(0, VALUES_MAX).map((value) => showValue(value)) : null,
  }));
}

/** Group names are needed as they are; an address among them is still somebody's. */
function showValue(value: string): string {
  return value.includes('@') ? maskPersonal(value) : shown(value);
}

/** `jane@acme.com` becomes `j…@acme.com`, anything else its first character and its length. */
export function maskPersonal(value: string): string {
  const [local = '', domain] = value.split('@', 2);
  const start = [...local].slice(0, 1).join('');
  return domain === undefined ? `${start}… (${[...value].length} characters)` : `${start}…@${shown(domain)}`;
}
