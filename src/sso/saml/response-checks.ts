import type { ArrivedMessage, Check } from './check.js';
import { STATUS_SUCCESS } from './document-checks.js';
import { shown } from './finding.js';

/** node-saml ignores the status when an assertion is present. */
const status: Check<ArrivedMessage> = {
  name: 'status',
  run({ response: { statusCodes, statusMessage } }) {
    if (statusCodes[0] === STATUS_SUCCESS) return null;
    const codes = statusCodes.map((code) => code.replace(/^.*:/, '')).join(' / ');
    return {
      check: 'status',
      arrived: shown(statusMessage === null ? codes : `${codes}: ${statusMessage}`),
      expected: 'Success',
    };
  },
};

const responseSigned: Check<ArrivedMessage> = {
  name: 'responseSigned',
  run({ response }, { party }) {
    if (response.isSigned || !party.settings.requireSignedResponse) return null;
    return { check: 'responseSigned', arrived: 'an unsigned Response', expected: 'a signed Response' };
  },
};

/** A signature around the assertion is not enough: most IdPs can sign either, and ours to demand is the inner one. */
const assertionSigned: Check<ArrivedMessage> = {
  name: 'assertionSigned',
  run({ assertion }) {
    if (assertion === null || assertion.isSigned) return null;
    return { check: 'assertionSigned', arrived: 'an unsigned assertion', expected: 'a signed assertion' };
  },
};

/** Optional in a Response (SAML core 3.2.2); when it is there, it must not contradict the assertion. */
const responseIssuer: Check<ArrivedMessage> = {
  name: 'responseIssuer',
  run({ response: { issuer } }, { party }) {
    if (issuer === null || issuer === party.idp.entityId) return null;
    return { check: 'responseIssuer', arrived: shown(issuer), expected: party.idp.entityId };
  },
};

/**
 * A signed Response must name where it goes (SAML bindings 3.5.5.2): without this, one that was made for another
 * service could be sent to us. An unsigned one may leave it out; the assertion's signed Recipient says the same.
 */
const destination: Check<ArrivedMessage> = {
  name: 'destination',
  run({ response }, { party }) {
    if (response.destination === party.sp.acsUrl) return null;
    if (response.destination === null && !response.isSigned) return null;
    return { check: 'destination', arrived: shown(response.destination), expected: party.sp.acsUrl };
  },
};

export const RESPONSE_CHECKS: readonly Check<ArrivedMessage>[] = [
  status,
  responseSigned,
  assertionSigned,
  responseIssuer,
  destination,
];
