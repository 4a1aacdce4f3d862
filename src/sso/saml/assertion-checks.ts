import type { AssertionInContext, Check, CheckContext } from './check.js';
import type { AssertionFacts, Confirmation } from './facts.js';
import { shown, type Finding } from './finding.js';
import { checkRelayState } from './relay-state.js';
import { isAhead, isOver, readInstant } from './time.js';

const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';
const TRANSIENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient';
const NAME_ID_LENGTH_MAX = 512;

/** The bearer confirmation the sign-in rests on (SAML profiles 4.1.4.2): the one for us, else the first. */
export function bearerConfirmation(assertion: AssertionFacts, acsUrl: string): Confirmation | null {
  const bearers = assertion.confirmations.filter((confirmation) => confirmation.method === BEARER);
  return bearers.find((bearer) => bearer.recipient === acsUrl) ?? bearers[0] ?? null;
}

/** The request this assertion answers; null when it answers none. Read from the signed part only. */
export function answeredRequest(assertion: AssertionFacts, acsUrl: string): string | null {
  return bearerConfirmation(assertion, acsUrl)?.inResponseTo ?? null;
}

const assertionIssuer: Check<AssertionInContext> = {
  name: 'assertionIssuer',
  run({ assertion }, { party }) {
    if (assertion.issuer === party.idp.entityId) return null;
    return { check: 'assertionIssuer', arrived: shown(assertion.issuer), expected: party.idp.entityId };
  },
};

const audience: Check<AssertionInContext> = {
  name: 'audience',
  run({ assertion }, { party }) {
    const { audiences } = assertion;
    const isForUs = audiences.length > 0 && audiences.every((list) => list.includes(party.sp.entityId));
    if (isForUs) return null;
    return { check: 'audience', arrived: shown(audiences.flat().join(', ')), expected: party.sp.entityId };
  },
};

const recipient: Check<AssertionInContext> = {
  name: 'recipient',
  run({ assertion }, { party }) {
    const confirmation = bearerConfirmation(assertion, party.sp.acsUrl);
    if (confirmation?.recipient === party.sp.acsUrl) return null;
    const arrived = confirmation === null ? 'no bearer confirmation' : shown(confirmation.recipient);
    return { check: 'recipient', arrived, expected: party.sp.acsUrl };
  },
};

const notYetValid: Check<AssertionInContext> = {
  name: 'notYetValid',
  run({ assertion }, context) {
    const starts = [
      assertion.issueInstant,
      assertion.notBefore,
      bearerConfirmation(assertion, context.party.sp.acsUrl)?.notBefore ?? null,
    ];
    const early = starts.find((start) => start !== null && !hasBegun(start, context));
    return early === undefined ? null : timeFinding('notYetValid', early ?? null, context.now);
  },
};

function hasBegun(text: string, { now, party }: CheckContext): boolean {
  const at = readInstant(text);
  return at !== null && !isAhead(at, now, party.settings.clockSkewSeconds);
}

/** SubjectConfirmationData of a bearer must have a NotOnOrAfter (SAML profiles 4.1.4.2); Conditions may. */
const expired: Check<AssertionInContext> = {
  name: 'expired',
  run({ assertion }, context) {
    const confirmed = bearerConfirmation(assertion, context.party.sp.acsUrl)?.notOnOrAfter ?? null;
    const ends = assertion.notOnOrAfter === null ? [confirmed] : [confirmed, assertion.notOnOrAfter];
    const late = ends.find((end) => !isStillValid(end, context));
    return late === undefined ? null : timeFinding('expired', late, context.now);
  },
};

function isStillValid(text: string | null, { now, party }: CheckContext): boolean {
  const at = readInstant(text);
  return at !== null && !isOver(at, now, party.settings.clockSkewSeconds);
}

const age: Check<AssertionInContext> = {
  name: 'age',
  run({ assertion }, { now, party }) {
    const issued = readInstant(assertion.issueInstant);
    const { clockSkewSeconds, maxAssertionAgeSeconds } = party.settings;
    const isFresh = issued !== null && !isOver(issued, now, clockSkewSeconds + maxAssertionAgeSeconds);
    return isFresh ? null : timeFinding('age', assertion.issueInstant, now);
  },
};

const sessionEnded: Check<AssertionInContext> = {
  name: 'sessionEnded',
  run({ assertion }, context) {
    const end = assertion.sessionNotOnOrAfter;
    return end === null || isStillValid(end, context) ? null : timeFinding('sessionEnded', end, context.now);
  },
};

function timeFinding(check: Finding['check'], arrived: string | null, now: Date): Finding {
  return { check, arrived: shown(arrived), expected: `a time that fits ours, ${now.toISOString()}` };
}

/** People are recognised by NameID: it must be there, in clear, and the same at every sign-in. */
const nameId: Check<AssertionInContext> = {
  name: 'nameId',
  run({ assertion }) {
    const problem = nameIdProblem(assertion);
    return problem === null
      ? null
      : { check: 'nameId', arrived: problem, expected: 'a NameID that stays the same' };
  },
};

function nameIdProblem({ nameId: id, hasEncryptedId }: AssertionFacts): string | null {
  if (hasEncryptedId) return 'an encrypted NameID';
  if (id === null) return 'no NameID';
  if (id.format === TRANSIENT) return 'a transient NameID, new at every sign-in';
  return id.value.length > NAME_ID_LENGTH_MAX ? 'a NameID longer than 512 characters' : null;
}

/**
 * An answer must name the request it answers, in the part the IdP signed. The Response's own attribute may be unsigned
 * and proves nothing, but it must not contradict. Whether we made that request is the store's to say.
 */
const inResponseTo: Check<AssertionInContext> = {
  name: 'inResponseTo',
  run({ assertion, response }, { party }) {
    const answered = answeredRequest(assertion, party.sp.acsUrl);
    if (response.inResponseTo !== null && response.inResponseTo !== answered) {
      return {
        check: 'inResponseTo',
        arrived: 'two different InResponseTo values',
        expected: 'the same in both places',
      };
    }
    if (answered !== null || party.settings.idpInitiated) return null;
    return {
      check: 'inResponseTo',
      arrived: 'no InResponseTo',
      expected: 'an answer to a sign-in that began here',
    };
  },
};

/** Only somebody who starts at the IdP chooses where to land; otherwise we remember it ourselves. */
const relayState: Check<AssertionInContext> = {
  name: 'relayState',
  run: (_facts, { party, relayState: arrived }) => checkRelayState(arrived, party.sp.acsUrl),
};

/** What is left of these after a signature check failed is diagnosis only, never a reason to accept. */
export const ASSERTION_CHECKS: readonly Check<AssertionInContext>[] = [
  assertionIssuer,
  audience,
  recipient,
  notYetValid,
  expired,
  age,
  sessionEnded,
  nameId,
  inResponseTo,
  relayState,
];
