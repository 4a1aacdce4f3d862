import { Router, urlencoded, type ErrorRequestHandler, type Request, type Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import { AppError, isAppError } from '../domain/errors.js';
import { REQUEST_MS } from '../sso/begin-login.js';
import type { ConnectionAddress } from '../sso/find-connection.js';
import { roleCovers } from '../sso/console-role.js';
import type { Connections } from '../sso/connections.js';
import type { Login, CompleteResult } from '../sso/login.js';
import type { Logout } from '../sso/logout.js';
import type { RequestPurpose } from '../sso/ports.js';
import type { ReceiveResult } from '../sso/receive-response.js';
import type { LogoutMessage } from '../sso/saml/library.js';
import type { TenantRef } from '../sso/connections.js';
import { httpStatus } from './errors.js';
import { sessionOf, type SessionEdge } from './session.js';
import { refusedPage, type NoticePage, type RenderNotice } from './sso-pages.js';

export interface SsoRoutesDeps {
  readonly login: Login;
  readonly logout: Logout;
  readonly connections: Pick<Connections, 'metadata'>;
  readonly findTenant: (slug: string) => Promise<TenantRef | null>;
  readonly session: SessionEdge;
  /** Per address and minute. */
  readonly requestsPerMinute?: number;
  /** Small pages in the console's clothes. */
  readonly renderNotice: RenderNotice;
}

/** Base64 makes a third more of the largest message. */
const BODY_LIMIT = '384kb';

/**
 * Everything IdPs and browsers that sign in talk to, below `/sso`:
 * `/:tenant/:connection/{login,test,acs,complete,metadata,slo}` and `/logout`.
 */
export function makeSsoRouter(deps: SsoRoutesDeps): Router {
  const router = Router();
  const form = urlencoded({ extended: false, limit: BODY_LIMIT });
  router.use(rateLimit(limits(deps.requestsPerMinute ?? 120)));
  router.get('/:tenant/:connection/login', (request, response) => begin(deps, request, response, 'login'));
  router.get('/:tenant/:connection/test', deps.session.load, (request, response) => {
    requireSetter(request, response);
    return begin(deps, request, response, 'test');
  });
  router.post('/:tenant/:connection/acs', form, (request, response) => receive(deps, request, response));
  router.get('/:tenant/:connection/complete', (request, response) => complete(deps, request, response));
  router.get('/:tenant/:connection/tested', (_request, response) => sendPage(deps, response, 200, TESTED));
  router.get('/:tenant/:connection/metadata', (request, response) => metadata(deps, request, response));
  router.get('/:tenant/:connection/slo', (request, response) => singleLogout(deps, request, response));
  router.post('/:tenant/:connection/slo', form, (request, response) => singleLogout(deps, request, response));
  router.post('/logout', deps.session.load, form, deps.session.guardForms, (request, response) =>
    signOut(deps, request, response),
  );
  router.use(makeErrorPages(deps.renderNotice));
  return router;
}

function limits(limit: number) {
  return {
    windowMs: 60_000,
    limit,
    standardHeaders: true,
    legacyHeaders: false,
    handler: () => {
      throw new AppError('rateLimited', 'Too many attempts from your address. Wait a minute and try again.');
    },
  };
}

function addressOf(request: Request): ConnectionAddress {
  const { tenant, connection } = request.params;
  return { tenantSlug: String(tenant), connectionName: String(connection) };
}

/** One value of a query or form; null when it is absent or there several times. */
function valueOf(fields: unknown, name: string): string | null {
  if (typeof fields !== 'object' || fields === null || !Object.hasOwn(fields, name)) return null;
  const value: unknown = (fields as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : null;
}

/** A test sign-in shows what arrived: for admins of the tenant, and for whoever sets the connection up. */
function requireSetter(request: Request, response: Response): void {
  const session = sessionOf(response);
  if (session === null || session.tenantSlug !== addressOf(request).tenantSlug) {
    throw new AppError('unauthenticated', 'Sign in first, or open your setup link again.');
  }
  if (session.actor.kind === 'person' && !roleCovers(session.actor.role, 'admin')) {
    throw new AppError('forbidden', 'Testing a connection needs the role admin.');
  }
}

async function begin(
  edge: SsoRoutesDeps,
  request: Request,
  response: Response,
  purpose: RequestPurpose,
): Promise<void> {
  const { url, browser } = await edge.login.begin({
    ...addressOf(request),
    returnTo: valueOf(request.query, 'returnTo') ?? '/',
    purpose,
    browser: edge.session.browser.read(request),
  });
  edge.session.browser.write(response, browser, REQUEST_MS);
  response.set('Cache-Control', 'no-store').redirect(302, url);
}

async function receive(edge: SsoRoutesDeps, request: Request, response: Response): Promise<void> {
  const result = await edge.login.receive({
    ...addressOf(request),
    samlResponse: valueOf(request.body, 'SAMLResponse'),
    relayState: valueOf(request.body, 'RelayState'),
  });
  response.set('Cache-Control', 'no-store');
  answerReceived(edge, request, response, result);
}

function answerReceived(
  edge: SsoRoutesDeps,
  request: Request,
  response: Response,
  result: ReceiveResult,
): void {
  if (result.kind === 'refused') {
    sendPage(edge, response, 403, refusedPage(result.trace.friendlyId));
    return;
  }
  if (result.kind === 'tested') {
    const separator = result.returnTo.includes('?') ? '&' : '?';
    response.redirect(303, `${result.returnTo}${separator}trace=${result.trace.friendlyId}`);
    return;
  }
  const { tenantSlug, connectionName } = addressOf(request);
  const path = `/sso/${encodeURIComponent(tenantSlug)}/${encodeURIComponent(connectionName)}/complete`;
  response.redirect(303, `${path}?ticket=${result.ticket}`);
}

async function complete(edge: SsoRoutesDeps, request: Request, response: Response): Promise<void> {
  const result: CompleteResult = await edge.login.complete({
    ticket: valueOf(request.query, 'ticket') ?? '',
    browser: edge.session.browser.read(request),
    previous: edge.session.tokenOf(request),
  });
  response.set('Cache-Control', 'no-store');
  if (result.kind === 'signedIn') {
    edge.session.begin(response, result.token);
    response.redirect(303, result.returnTo);
  } else if (result.kind === 'refused') {
    sendPage(edge, response, 403, refusedPage(result.trace.friendlyId));
  } else {
    sendPage(edge, response, 400, {
      title: 'This sign-in is over',
      paragraphs: ['It was finished before, or took too long.'],
      link: { href: './login', text: 'Sign in again' },
    });
  }
}

async function metadata(edge: SsoRoutesDeps, request: Request, response: Response): Promise<void> {
  const { tenantSlug, connectionName } = addressOf(request);
  const tenant = await edge.findTenant(tenantSlug);
  if (tenant === null) throw new AppError('notFound', 'There is no metadata at this address.');
  const xml = await edge.connections.metadata(tenant, connectionName).catch((error: unknown) => {
    // To the outside, an unknown connection looks like an unknown tenant.
    throw isAppError(error, 'notFound')
      ? new AppError('notFound', 'There is no metadata at this address.')
      : error;
  });
  response.type('application/samlmetadata+xml').send(xml);
}

/** Tells nothing of the result: whoever began the test has it where they began. */
const TESTED: NoticePage = {
  title: 'The test sign-in is back',
  paragraphs: ['You can close this window. The result is where the test was started.'],
};

async function singleLogout(edge: SsoRoutesDeps, request: Request, response: Response): Promise<void> {
  const result = await edge.logout.receive({ ...addressOf(request), message: logoutMessage(request) });
  response.set('Cache-Control', 'no-store');
  if (result.kind === 'redirect') response.redirect(302, result.url);
  else if (result.kind === 'signedOut') sendPage(edge, response, 200, SIGNED_OUT);
  else sendPage(edge, response, 403, refusedPage(result.trace.friendlyId));
}

const SIGNED_OUT: NoticePage = { title: 'You are signed out', paragraphs: ['You can close this window.'] };

function logoutMessage(request: Request): LogoutMessage {
  if (request.method === 'POST') return { binding: 'post', body: strings(request.body) };
  const rawQuery = request.originalUrl.split('?', 2)[1] ?? '';
  return { binding: 'redirect', query: strings(request.query), rawQuery };
}

function strings(fields: unknown): Record<string, string> {
  if (typeof fields !== 'object' || fields === null) return {};
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => typeof value === 'string'));
}

/** A page that forwards, not a redirect: our own policy lets forms lead nowhere but here. */
async function signOut(edge: SsoRoutesDeps, request: Request, response: Response): Promise<void> {
  const token = edge.session.tokenOf(request);
  const session = sessionOf(response);
  const idpUrl = token === null || session === null ? null : await edge.logout.end(token, session);
  edge.session.clear(response);
  const forward = idpUrl === null ? {} : { forwardTo: idpUrl, link: { href: idpUrl, text: 'Continue' } };
  sendPage(edge, response, 200, { ...SIGNED_OUT, ...forward });
}

function sendPage(
  edge: Pick<SsoRoutesDeps, 'renderNotice'>,
  response: Response,
  status: number,
  page: NoticePage,
): void {
  response.status(status).type('html').send(edge.renderNotice(page));
}

/** Known errors as pages for people; the rest is the shell's. */
function makeErrorPages(renderNotice: RenderNotice): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent || !isAppError(error) || error.kind === 'bug') {
      next(error);
      return;
    }
    const page = { title: 'Signing in did not work', paragraphs: [error.message] };
    sendPage({ renderNotice }, response, httpStatus(error.kind), page);
  };
}
