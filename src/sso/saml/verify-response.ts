import { answeredRequest, ASSERTION_CHECKS } from './assertion-checks.js';
import { runChecks, type CheckContext, type SamlChecks, type SamlParty } from './check.js';
import { DOCUMENT_CHECKS } from './document-checks.js';
import type { AssertionFacts, ResponseFacts } from './facts.js';
import type { CheckName, Finding } from './finding.js';
import type { SamlLibrary } from './library.js';
import { TEXT_CHECKS } from './message-text.js';
import { openMessage, type Arrived } from './open-message.js';
import { RESPONSE_CHECKS } from './response-checks.js';
import { readSignedAssertion } from './signature.js';
import { parseXml } from './xml.js';

/** Everything the library leaves to us, besides what only the store can know (request, replay). */
export const ALL_CHECKS: SamlChecks = {
  parse: parseXml,
  text: TEXT_CHECKS,
  document: DOCUMENT_CHECKS,
  response: RESPONSE_CHECKS,
  assertion: ASSERTION_CHECKS,
};

export interface VerifyInput {
  /** The form field as it arrived. */
  readonly samlResponse: unknown;
  readonly relayState: string | null;
  readonly now: Date;
}

export type Verification =
  | {
      readonly kind: 'accepted';
      /** From the signed bytes alone. */
      readonly assertion: AssertionFacts;
      /** The request it answers, for the store to admit; null: IdP-initiated. */
      readonly requestId: string | null;
      readonly arrived: Arrived;
    }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[]; readonly arrived: Arrived };

export type ResponseVerifier = (party: SamlParty, input: VerifyInput) => Promise<Verification>;

/**
 * Verifies a sign-in response: our checks on text, document and Response, then the library's signature check, then our
 * checks on the assertion that it returns. Any finding refuses. When the signature does not hold, the assertion's
 * checks still run on what arrived, so that an admin sees everything that is wrong at once.
 */
export function makeResponseVerifier(deps: {
  readonly library: SamlLibrary;
  readonly checks: SamlChecks;
}): ResponseVerifier {
  const { library, checks } = deps;
  return async (party, { samlResponse, relayState, now }) => {
    const context: CheckContext = { party, now, relayState };
    const opened = await openMessage(checks, samlResponse, context);
    if ('findings' in opened) return { kind: 'refused', ...opened };
    const { message, arrived } = opened;
    const signed = await readSignedAssertion(library, party, opened.xml, now);
    const trusted = 'assertion' in signed ? signed.assertion : null;
    const findings = [
      ...runChecks(checks.response, message, context),
      ...assertionFindings(checks, trusted ?? arrived.assertion, message.response, context),
    ];
    if (trusted !== null && findings.length === 0) {
      return {
        kind: 'accepted',
        assertion: trusted,
        requestId: answeredRequest(trusted, party.sp.acsUrl),
        arrived,
      };
    }
    const explained = 'finding' in signed ? withSignatureFinding(findings, signed.finding) : findings;
    return { kind: 'refused', findings: explained, arrived };
  };
}

function assertionFindings(
  checks: SamlChecks,
  assertion: AssertionFacts | null,
  response: ResponseFacts,
  context: CheckContext,
): readonly Finding[] {
  return assertion === null ? [] : runChecks(checks.assertion, { assertion, response }, context);
}

/** Puts the signature's finding first, unless what is there already says the same in better words. */
function withSignatureFinding(findings: readonly Finding[], signature: Finding): readonly Finding[] {
  const found = new Set<CheckName>(findings.map((finding) => finding.check));
  const isExplained =
    signature.check === 'library'
      ? found.size > 0
      : found.has('assertionSigned') || found.has('responseSigned');
  return isExplained ? findings : [signature, ...findings];
}
