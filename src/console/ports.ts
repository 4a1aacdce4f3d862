import type { Request, RequestHandler, Response } from 'express';
import type { ConsoleRole } from '../sso/console-role.js';

/** Who is at the console, and for which tenant. */
export interface SignedIn {
  readonly tenantId: string;
  readonly tenantSlug: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly displayName: string;
  readonly email: string | null;
  readonly role: ConsoleRole;
  /** Must come back with every form of this session. */
  readonly csrf: string;
}

/** Sessions as HTTP: the cookie is somebody else's business. */
export interface ConsoleAuth {
  /** In front of everything that asks who is there. */
  readonly load: RequestHandler;
  /** Who is there, after `load`; null: nobody, or not any more. */
  signedIn(response: Response): SignedIn | null;
  /** The session that the browser has, good or not: it ends when another begins. */
  previous(request: Request): string | null;
  /** Gives the browser a session that was started. */
  begin(response: Response, token: string): void;
  /** Where the form that ends the session posts to. */
  readonly signOutPath: string;
}

/**
 * Sign-in pages of the identity providers of an organisation, by its name or by an e-mail address of a domain that it
 * has proven. None when there are none, whatever the reason; nobody's account is looked up.
 */
export type ListSignInPages = (
  organisationOrEmail: string,
) => Promise<readonly { readonly label: string; readonly url: string }[]>;
