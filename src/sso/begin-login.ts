import { randomBytes } from 'node:crypto';
import { AppError } from '../domain/errors.js';
import type { SsoConnection } from './connection.js';
import { findConnection, type ConnectionAddress } from './find-connection.js';
import type { LoginDeps } from './login-deps.js';
import { openParty } from './party.js';
import type { RequestPurpose } from './ports.js';
import { localPath } from './saml/relay-state.js';
import { hashSecret, looksLikeSecret, makeSecret } from './secrets.js';

/** How long a person may take at the IdP. */
export const REQUEST_MS = 10 * 60_000;

export interface BeginLogin extends ConnectionAddress {
  /** Path of ours to land on. */
  readonly returnTo: string;
  readonly purpose: RequestPurpose;
  /** The browser's cookie from an earlier beginning, so that sign-ins in two tabs both work. */
  readonly browser: string | null;
}

export interface BegunLogin {
  /** Address at the IdP. */
  readonly url: string;
  /** For a cookie of the browser, good for `REQUEST_MS`. */
  readonly browser: string;
  /** Finds the result of a test. */
  readonly requestId: string;
}

/**
 * Begins a sign-in at the IdP. Throws AppError `notFound`, `invalid` for a page to land on that is not ours, `conflict`
 * while the IdP is unknown, `forbidden` for a connection that is not switched on (a test may use a draft).
 */
export async function beginLogin(deps: LoginDeps, input: BeginLogin): Promise<BegunLogin> {
  const { tenantSlug, connection } = await findConnection(deps, input);
  requireUsable(connection, input.purpose);
  const returnTo = localPath(input.returnTo, deps.publicUrl);
  if (returnTo === null) {
    throw new AppError('invalid', 'The page to land on must be a path of this service, such as /people.');
  }
  const party = openParty(deps, tenantSlug, connection);
  const createdAt = deps.now();
  const requestId = `_${randomBytes(20).toString('hex')}`;
  const isKnownBrowser = input.browser !== null && looksLikeSecret(input.browser);
  const browser = isKnownBrowser ? input.browser : makeSecret();
  await deps.admissions.issue({
    tenantId: connection.tenantId,
    connectionId: connection.id,
    id: requestId,
    purpose: input.purpose,
    returnTo,
    browserHash: hashSecret(browser),
    createdAt,
    expiresAt: new Date(createdAt.getTime() + REQUEST_MS),
  });
  return { url: await deps.library.loginUrl(party, requestId, createdAt), browser, requestId };
}

function requireUsable(connection: SsoConnection, purpose: RequestPurpose): void {
  const isUsable = connection.state === 'active' || (connection.state === 'draft' && purpose === 'test');
  if (isUsable) return;
  throw new AppError('forbidden', 'Signing in here is not switched on. Ask your administrator.');
}
