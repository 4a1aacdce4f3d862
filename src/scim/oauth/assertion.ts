import { errors, jwtVerify } from 'jose';
import type { Logger } from 'pino';
import type { Clock } from '../../lib/clock.js';
import type { AssertionVerifier } from '../../tenancy/oauth/ports.js';
import type { Jwks } from './jwks.js';

/** Signatures by private keys only: with a shared-secret algorithm, a public key could be used to forge. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const CLOCK_SKEW_SECONDS = 60;

export interface AssertionVerifierDeps {
  readonly jwks: Jwks;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Verifies client assertions (RFC 7523 section 3): signature by a key of the issuer, issuer, subject and audience
 * exactly as configured, expiry required. An assertion may come more than once: Entra sends its cached token again
 * until it expires, so a record of used ones would lock it out.
 */
export function makeAssertionVerifier({ jwks, clock, log }: AssertionVerifierDeps): AssertionVerifier {
  return {
    async verify(assertion, { issuer, subject, audience, jwksUrl }) {
      try {
        await jwtVerify(assertion, jwks.keyOf(jwksUrl), {
          issuer,
          subject,
          audience,
          algorithms: ALGORITHMS,
          requiredClaims: ['exp', 'iss', 'sub', 'aud'],
          clockTolerance: CLOCK_SKEW_SECONDS,
          currentDate: clock.now(),
        });
        return true;
      } catch (error) {
        if (!(error instanceof errors.JOSEError)) throw error;
        log.warn(
          { reason: error.code, claim: 'claim' in error ? error.claim : null },
          'client assertion refused',
        );
        return false;
      }
    },
  };
}
