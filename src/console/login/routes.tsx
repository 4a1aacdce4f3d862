import type { Request, Response, Router } from 'express';
import { rateLimit } from 'express-rate-limit';
import { z } from 'zod';
import type { OneTimeLogin } from '../../administration/one-time-login.js';
import { isAppError, type ErrorKind } from '../../domain/errors.js';
import type { LocalOwners } from '../../sso/local-owner.js';
import type { Sessions } from '../../sso/sessions.js';
import { assertSameOrigin, formFields, readForm } from '../kit/form.js';
import { readFlash } from '../kit/flash.js';
import { renderDocument } from '../layout/document.js';
import { FailurePage } from '../layout/failure.js';
import { h, type Markup } from '../markup/markup.js';
import { CONSOLE_PATH, paths } from '../paths.js';
import type { ConsoleAuth, ListSignInPages } from '../ports.js';
import { ForwardPage, LoginPage, type LoginShown } from './login.js';

export interface LoginDeps {
  readonly auth: ConsoleAuth;
  readonly sessions: Pick<Sessions, 'start'>;
  readonly localOwners: Pick<LocalOwners, 'signIn'>;
  readonly oneTimeLogin: Pick<OneTimeLogin, 'redeem'>;
  readonly signInPages: ListSignInPages;
  readonly statusOf: (kind: ErrorKind) => number;
}

const credentials = z.object({
  organisation: z.string().trim().min(1).max(100),
  loginName: z.string().min(1).max(200),
  password: z.string().min(1).max(1_000),
  code: z.string().min(1).max(100),
});

/** Tries of all names together from one address. */
const TRIES_PER_MINUTE = 20;
/** A whole office may be behind one address. */
const FINDS_PER_MINUTE = 60;

/** Pages for people who are not signed in. */
export function addLogin(router: Router, deps: LoginDeps): void {
  const slowDown = limitTo(TRIES_PER_MINUTE);
  const slowFinds = limitTo(FINDS_PER_MINUTE, (request) => organisationIn(request) === '');
  router.get('/login', slowFinds, (request, response) => showLogin(deps, request, response));
  router.post('/login/find', slowFinds, (request, response) => findSignIn(deps, request, response));
  router.post('/login', slowDown, (request, response) => signIn(deps, request, response));
  router.get('/start/:word', slowDown, (request, response) => redeem(deps, request, response));
}

function limitTo(limit: number, skip: (request: Request) => boolean = () => false) {
  return rateLimit({
    windowMs: 60_000,
    limit,
    skip,
    standardHeaders: true,
    legacyHeaders: false,
    handler: (_request, response) => {
      sendFailure(response, 429, 'Too many attempts from your address. Wait a minute and try again.');
    },
  });
}

/** The page, or, with an organisation in its address, on to that one's identity provider: for bookmarks. */
async function showLogin(deps: LoginDeps, request: Request, response: Response): Promise<void> {
  const organisation = organisationIn(request);
  const next = ownAddress(textOf(request.query['next']));
  const pages = await signInPagesOf(deps, organisation, next);
  const [only] = pages;
  if (only !== undefined && pages.length === 1) response.redirect(303, only.url);
  else sendFound(response, { next, organisation, signInPages: pages }, readFlash(request.query['done']));
}

/** By POST, so that no e-mail address stands in an address bar, a history or a log. */
async function findSignIn(deps: LoginDeps, request: Request, response: Response): Promise<void> {
  const organisation = organisationIn(request);
  const next = ownAddress(formFields(request)['next'] ?? '');
  const pages = await signInPagesOf(deps, organisation, next);
  const [only] = pages;
  if (only === undefined || pages.length > 1) {
    sendFound(response, { next, organisation, signInPages: pages }, null);
    return;
  }
  const frame = { title: 'Sign in', body: <ForwardPage {...only} />, flash: null, problem: null };
  send(response, 200, { ...frame, forwardTo: only.url });
}

function organisationIn(request: Request): string {
  return textOf(
    request.method === 'POST' ? formFields(request)['organisation'] : request.query['organisation'],
  );
}

async function signInPagesOf(deps: LoginDeps, organisation: string, next: string) {
  const found = organisation === '' ? [] : await deps.signInPages(organisation);
  return found.map(({ label, url }) => ({ label, url: `${url}?returnTo=${encodeURIComponent(next)}` }));
}

function sendFound(
  response: Response,
  found: Pick<LoginShown, 'next' | 'organisation' | 'signInPages'>,
  flash: string | null,
): void {
  const wasAsked = found.organisation !== '';
  sendPage(response, 200, { ...found, loginName: '', wasAsked }, flash, null);
}

async function signIn(deps: LoginDeps, request: Request, response: Response): Promise<void> {
  const sent = formFields(request);
  const next = ownAddress(sent['next'] ?? '');
  try {
    assertSameOrigin(request);
    const { organisation, ...rest } = readForm(request, credentials);
    const previous = deps.auth.previous(request);
    const { token } = await deps.localOwners.signIn({ tenantSlug: organisation, ...rest, previous });
    deps.auth.begin(response, token);
    response.redirect(303, next);
  } catch (error) {
    if (!isAppError(error) || error.kind === 'bug') throw error;
    const shown = {
      next,
      organisation: sent['organisation'] ?? '',
      loginName: sent['loginName'] ?? '',
      signInPages: [],
      wasAsked: false,
    };
    sendPage(response, deps.statusOf(error.kind), shown, null, error.message);
  }
}

/** The link that a fresh start prints on the machine itself. */
async function redeem(deps: LoginDeps, request: Request, response: Response): Promise<void> {
  const target = await deps.oneTimeLogin.redeem(String(request.params['word']), directPeer(request));
  if (target === null) {
    const reason =
      'This link was used, is older than 15 minutes, or was opened from another machine. Start the service again for a new one, or sign in.';
    sendFailure(response, deps.statusOf('unauthenticated'), reason);
    return;
  }
  const { token } = await deps.sessions.start({
    tenantId: target.tenantId,
    actor: { userId: target.userId },
    previous: deps.auth.previous(request),
  });
  deps.auth.begin(response, token);
  response.redirect(303, paths.home());
}

/** Behind a proxy everybody would look like this machine. */
function directPeer(request: Request): string | undefined {
  const isForwarded = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some(
    (name) => request.headers[name] !== undefined,
  );
  return isForwarded ? undefined : request.socket.remoteAddress;
}

/** Nobody may be sent elsewhere by a sign-in: only addresses of the console are followed. */
function ownAddress(next: string): string {
  const isOwn =
    next === CONSOLE_PATH || next.startsWith(`${CONSOLE_PATH}/`) || next.startsWith(`${CONSOLE_PATH}?`);
  const isSignIn = next.startsWith(paths.login());
  return isOwn && !isSignIn && !/[\\\r\n]/.test(next) ? next : paths.home();
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim().slice(0, 500) : '';
}

function sendPage(
  response: Response,
  status: number,
  shown: LoginShown,
  flash: string | null,
  problem: string | null,
): void {
  send(response, status, { title: 'Sign in', body: <LoginPage {...shown} />, flash, problem });
}

function sendFailure(response: Response, status: number, message: string): void {
  const body = <FailurePage status={status} message={message} />;
  send(response, status, { title: 'Signing in did not work', body, flash: null, problem: null });
}

function send(
  response: Response,
  status: number,
  frame: {
    readonly title: string;
    readonly body: Markup;
    readonly flash: string | null;
    readonly problem: string | null;
    readonly forwardTo?: string;
  },
): void {
  const bare = { session: null, waiting: null, path: '', signOutPath: '' };
  response
    .status(status)
    .type('html')
    .send(renderDocument({ ...frame, ...bare }));
}
