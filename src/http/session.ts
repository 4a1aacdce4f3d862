import type { Request, RequestHandler, Response } from 'express';
import { AppError } from '../domain/errors.js';
import { roleCovers, type ConsoleRole } from '../sso/console-role.js';
import { csrfToken, verifyCsrf } from '../sso/secrets.js';
import type { ConsoleSession } from '../sso/session-ports.js';
import type { Sessions } from '../sso/sessions.js';
import { makeCookie } from './cookies.js';

export interface SessionEdgeDeps {
  readonly sessions: Sessions;
  /** Origin of the service: https makes cookies secure. */
  readonly publicUrl: string;
}

/** Console sessions at the HTTP edge. Put `load` in front of everything that asks for a session. */
export interface SessionEdge {
  /** Finds the session behind the cookie; whether one is needed is the route's to say. */
  readonly load: RequestHandler;
  /** Lets people through who hold at least this role. Throws AppError `unauthenticated` or `forbidden`. */
  require(role: ConsoleRole): RequestHandler;
  /**
   * Refuses a request that changes something without the session's token, in the form field `_csrf` or the header
   * `X-CSRF-Token`. Needs the parsed body. Throws AppError `forbidden`.
   */
  readonly guardForms: RequestHandler;
  /** Gives the browser a new session. */
  begin(response: Response, token: string): void;
  /** Takes the cookie away. Ending the session itself is the use case's. */
  clear(response: Response): void;
  /** The cookie as it came, whether good or not. */
  tokenOf(request: Request): string | null;
  /** Ties a sign-in to the browser that began it. */
  readonly browser: {
    read(request: Request): string | null;
    write(response: Response, value: string, maxAgeMs: number): void;
  };
}

interface Loaded {
  readonly token: string;
  readonly session: ConsoleSession;
}

const LOADED = 'consoleSession';

export function makeSessionEdge({ sessions, publicUrl }: SessionEdgeDeps): SessionEdge {
  const isSecure = new URL(publicUrl).protocol === 'https:';
  const cookie = makeCookie('patchbay_session', isSecure);
  return {
    async load(request, response, next) {
      const token = cookie.read(request);
      const session = await sessions.find(token);
      if (token !== null && session !== null) {
        response.locals[LOADED] = { token, session } satisfies Loaded;
        response.set('Cache-Control', 'no-store');
      }
      next();
    },
    require: requireRole,
    guardForms,
    // Without a maximum age: it ends with the browser, and its limits are kept on our side.
    begin: (response, token) => cookie.write(response, token),
    clear: (response) => cookie.clear(response),
    tokenOf: (request) => cookie.read(request),
    browser: makeCookie('patchbay_sso', isSecure),
  };
}

/** The session that `load` found; null without one. */
export function sessionOf(response: Response): ConsoleSession | null {
  return loadedOf(response)?.session ?? null;
}

/** The token for forms of this session. Throws AppError `unauthenticated` without one. */
export function csrfTokenOf(response: Response): string {
  const loaded = loadedOf(response);
  if (loaded === null) throw signInFirst();
  return csrfToken(loaded.token);
}

function loadedOf(response: Response): Loaded | null {
  return (response.locals[LOADED] as Loaded | undefined) ?? null;
}

function signInFirst(): AppError {
  return new AppError('unauthenticated', 'Sign in first: there is no session, or it has ended.');
}

function requireRole(role: ConsoleRole): RequestHandler {
  return (_request, response, next) => {
    const session = sessionOf(response);
    if (session === null) throw signInFirst();
    const isAllowed = session.actor.kind === 'person' && roleCovers(session.actor.role, role);
    if (!isAllowed) {
      throw new AppError(
        'forbidden',
        `This needs the role ${role}. An owner can give it to you by a role rule.`,
      );
    }
    next();
  };
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

const guardForms: RequestHandler = (request, response, next) => {
  const loaded = loadedOf(response);
  if (loaded === null || SAFE_METHODS.has(request.method)) {
    next();
    return;
  }
  const body: unknown = request.body;
  const field = typeof body === 'object' && body !== null && '_csrf' in body ? body._csrf : undefined;
  if (!verifyCsrf(loaded.token, request.get('x-csrf-token') ?? field)) {
    throw new AppError(
      'forbidden',
      'This form is out of date. Nothing was changed; reload the page and try again.',
    );
  }
  next();
};
