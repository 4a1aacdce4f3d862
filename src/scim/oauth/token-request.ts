import type { ClientProof } from '../../tenancy/oauth/token-grant.js';

/** Error codes of RFC 6749 section 5.2 that this endpoint answers. */
export type OAuthErrorCode = 'invalid_request' | 'invalid_client' | 'unsupported_grant_type';

export interface OAuthRefusal {
  readonly error: OAuthErrorCode;
  readonly description: string;
}

export interface TokenRequest {
  readonly clientId: string;
  readonly proof: ClientProof;
}

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** What a client id and a secret may consist of (RFC 6749 appendix A.1 and A.2). */
const VISIBLE = /^[\x20-\x7e]{1,512}$/;

/**
 * Reads a client credentials request (RFC 6749 sections 2.3.1 and 4.4.2, RFC 7523 section 2.2): secret in the
 * Authorization header or in the form, or a signed assertion. `scope` is taken and ignored: there is one.
 */
export function readTokenRequest(
  authorization: string | undefined,
  form: Readonly<Record<string, unknown>>,
): TokenRequest | OAuthRefusal {
  const repeated = Object.entries(form).find(([, value]) => typeof value !== 'string');
  if (repeated !== undefined) return invalidRequest(`The parameter "${repeated[0]}" comes more than once.`);
  const parameters = form as Readonly<Record<string, string>>;
  if (parameters['grant_type'] === undefined) return invalidRequest('grant_type is missing.');
  if (parameters['grant_type'] !== 'client_credentials') {
    return { error: 'unsupported_grant_type', description: 'Only client_credentials is supported.' };
  }
  const request = readClient(authorization, parameters);
  return 'error' in request || isPlausible(request) ? request : unknownClient();
}

/** One answer for every way of not being authenticated. */
export function unknownClient(): OAuthRefusal {
  return {
    error: 'invalid_client',
    description: 'The client is unknown, or its secret or assertion is wrong, expired or revoked.',
  };
}

function readClient(
  authorization: string | undefined,
  form: Readonly<Record<string, string>>,
): TokenRequest | OAuthRefusal {
  const ways = [authorization, form['client_secret'], form['client_assertion']].filter(
    (way) => way !== undefined,
  );
  if (ways.length > 1) return invalidRequest('The client authenticates in more than one way. Use one.');
  if (authorization !== undefined) return readBasic(authorization);
  const clientId = form['client_id'];
  if (clientId === undefined) return invalidRequest('client_id is missing.');
  if (form['client_assertion'] !== undefined) {
    if (form['client_assertion_type'] !== ASSERTION_TYPE) {
      return invalidRequest(`client_assertion_type must be ${ASSERTION_TYPE}.`);
    }
    return { clientId, proof: { by: 'assertion', assertion: form['client_assertion'] } };
  }
  const secret = form['client_secret'];
  return secret === undefined ? unknownClient() : { clientId, proof: { by: 'secret', secret } };
}

function readBasic(authorization: string): TokenRequest | OAuthRefusal {
  const encoded = /^basic +([A-Za-z0-9+/_-]+=*) *$/i.exec(authorization)?.[1];
  if (encoded === undefined) return unknownClient();
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  const clientId = formDecoded(text.slice(0, Math.max(colon, 0)));
  const secret = formDecoded(text.slice(colon + 1));
  if (clientId === null || secret === null) return unknownClient();
  return { clientId, proof: { by: 'secret', secret } };
}

/** Both halves are form-encoded before they are joined (RFC 6749 section 2.3.1). null when they are not. */
function formDecoded(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}

function isPlausible({ clientId, proof }: TokenRequest): boolean {
  return VISIBLE.test(clientId) && (proof.by === 'assertion' || VISIBLE.test(proof.secret));
}

function invalidRequest(description: string): OAuthRefusal {
  return { error: 'invalid_request', description };
}
