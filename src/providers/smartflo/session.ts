import { z } from 'zod';
import { AppError } from '../../domain/errors.js';
import type { HttpRequest, HttpResponse } from '../port.js';
import { parseObject } from '../vendor-text.js';
import { loginRefused } from './errors.js';
import type { SmartfloSecrets } from './settings.js';

/** Where the bearer token comes from. */
export interface Session {
  /** @throws AppError `credential` when the login was refused, now or before */
  token(): Promise<string>;
  /**
   * Smartflo refused this token. Whether asking for another one makes sense: once for each token that a login gave,
   * since such tokens end after an hour, and never for a permanent one.
   */
  renew(refused: string): boolean;
  /** Days until the login's password ends, as the last login said; null for a token. */
  passwordDaysLeft(): number | null;
}

const LoginAnswer = z.object({
  access_token: z.string().min(1),
  number_of_days_left: z.number().nullish(),
});

/** Permanent token, or login (vendors.md 2.1). A login that failed is never sent again. */
export function makeSession({
  secrets,
  baseUrl,
  send,
}: {
  readonly secrets: SmartfloSecrets;
  readonly baseUrl: string;
  /** One paced request. */
  readonly send: (request: HttpRequest) => Promise<HttpResponse>;
}): Session {
  const { token: permanent, email = '', password = '' } = secrets;
  let current: string | null = null;
  let isRenewed = false;
  let refusal: AppError | null = null;
  let days: number | null = null;

  async function logIn(): Promise<string> {
    const response = await send({
      method: 'POST',
      url: `${baseUrl}/v1/auth/login`,
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    });
    const answer = LoginAnswer.safeParse(parseObject(response.body));
    if (response.status >= 200 && response.status < 300 && answer.success) {
      days = answer.data.number_of_days_left ?? null;
      current = answer.data.access_token;
      return current;
    }
    if (response.status === 429 || response.status >= 500) throw laterAgain(response.status);
    refusal = loginRefused(response.body);
    throw refusal;
  }

  return {
    passwordDaysLeft: () => days,
    async token() {
      if (permanent !== undefined) return permanent;
      if (refusal !== null) throw refusal;
      return current ?? logIn();
    },
    renew(refused) {
      if (permanent !== undefined || isRenewed || refused !== current) return false;
      isRenewed = true;
      current = null;
      return true;
    },
  };
}

/** Nothing was said about the login itself, so it may be sent again. */
function laterAgain(status: number): AppError {
  return new AppError(
    'unavailable',
    `Smartflo could not take the login: it answered with status ${status}. Patchbay tries again by itself.`,
    { fields: { route: 'POST /v1/auth/login', status } },
  );
}
