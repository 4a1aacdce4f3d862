import type { Request } from 'express';
import type { ScimAccess, ScimPrincipal } from '../directory/access.js';
import { AppError } from '../domain/errors.js';

/**
 * Who sends the request. Throws AppError `unauthenticated` or `unavailable`: a database that cannot be asked is no
 * reason to tell an IdP that its token is wrong.
 */
export async function authenticate(request: Request, access: ScimAccess): Promise<ScimPrincipal> {
  const credential = credentialOf(request.headers.authorization);
  if (credential !== null) return access.verify(credential);
  throw new AppError('unauthenticated', 'Send the SCIM token in the Authorization header: "Bearer <token>".');
}

/** Okta's header mode sends the bare token, without a scheme (interop.md 1.1); scheme names have no case. */
export function credentialOf(header: string | undefined): string | null {
  const [, scheme, credential] = /^\s*(?:([\w-]+)\s+)?(\S+)\s*$/.exec(header ?? '') ?? [];
  if (credential === undefined) return null;
  return scheme === undefined || scheme.toLowerCase() === 'bearer' ? credential : null;
}
