import { z } from 'zod';
import { AppError } from '../domain/errors.js';
import type { IdpDeps } from '../report/idp-port.js';
import { send, unknownAnswer } from './json-client.js';

const TokenAnswer = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().min(1) });

export interface TokenRequest {
  /** How admins call the provider. */
  readonly name: string;
  readonly url: string;
  /** Of the form body; made anew for each token, because assertions expire. */
  readonly parameters: () => Promise<Readonly<Record<string, string>>>;
}

/** Time for the request itself, so that a token does not expire on its way. */
const EARLY_MS = 60_000;

/**
 * An OAuth token for a program (RFC 6749 section 4.4, RFC 7523), fetched when it is needed and again when it was
 * refused. @throws AppError `credential` when the provider gives none.
 */
export function makeClientToken(
  { http, now }: Pick<IdpDeps, 'http' | 'now'>,
  request: TokenRequest,
): (isRetry: boolean) => Promise<string> {
  let known: { readonly value: string; readonly until: number } | null = null;
  return async (isRetry) => {
    if (known === null || isRetry || now() >= known.until) {
      const answer = await fetchToken(http, request);
      known = {
        value: `Bearer ${answer.access_token}`,
        until: now() + answer.expires_in * 1000 - EARLY_MS,
      };
    }
    return known.value;
  };
}

async function fetchToken(
  http: IdpDeps['http'],
  { name, url, parameters }: TokenRequest,
): Promise<z.infer<typeof TokenAnswer>> {
  const body = new URLSearchParams({ ...(await parameters()) }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
  const response = await send(http, { method: 'POST', url, headers, body }, name);
  if (response instanceof AppError) throw response;
  if (response.status >= 500 || response.status === 429) {
    throw new AppError('unavailable', `${name} gives no token at the moment (status ${response.status}).`);
  }
  if (response.status !== 200) {
    throw new AppError(
      'credential',
      `${name} refused the credential (status ${response.status}). Enter a valid one; until then pushes that were missed go unseen.`,
    );
  }
  try {
    return TokenAnswer.parse(JSON.parse(response.body.toString('utf8')));
  } catch {
    throw unknownAnswer(name, 'the request for a token in a shape that is not known');
  }
}
