import { Router, type Request, type Response } from 'express';
import type { Logger } from 'pino';
import { PERMISSIONS, type Permission } from '../../administration/permissions.js';
import type { Waiting } from '../../administration/overview.js';
import { AppError, isAppError, type ErrorKind } from '../../domain/errors.js';
import { renderDocument } from '../layout/document.js';
import { FailurePage } from '../layout/failure.js';
import { paths } from '../paths.js';
import type { ConsoleAuth } from '../ports.js';
import { can, makeContext, type PageContext } from './context.js';
import { readFlash, withFlash } from './flash.js';
import { assertOwnForm } from './form.js';
import { page, type PageResult, type Result } from './result.js';

export type Handler = (context: PageContext) => Promise<Result>;
export type StreamHandler = (context: PageContext, response: Response) => Promise<void>;

export interface PagesDeps {
  readonly auth: ConsoleAuth;
  readonly waiting: (tenantId: string) => Promise<Waiting>;
  /** HTTP status of an error kind, as the rest of the server answers. */
  readonly statusOf: (kind: ErrorKind) => number;
  readonly now: () => Date;
  readonly log: Logger;
}

export interface Pages {
  readonly router: Router;
  /** A page or a piece of one. */
  get(path: string, permission: Permission, handler: Handler): void;
  /**
   * Something that changes something: only from our own forms. `again` shows the page of the form once more when the
   * use case refused, with what it said.
   */
  post(path: string, permission: Permission, handler: Handler, again?: Handler): void;
  /** A file, written by the handler itself. */
  stream(path: string, permission: Permission, handler: StreamHandler): void;
  /** Everything that no page serves; after all of them. */
  notFound(): void;
}

/** Every page passes here: session, role, form check, errors as pages. */
export function makePages(deps: PagesDeps): Pages {
  const router = Router();
  router.use(deps.auth.load);
  const serve = (permission: Permission, handler: Handler, again?: Handler) => {
    return async (request: Request, response: Response): Promise<void> => {
      const session = deps.auth.signedIn(response);
      if (session === null) return askToSignIn(request, response);
      const context = makeContext(session, request, deps.now());
      const result = await run(deps, context, permission, handler, again);
      await send(deps, context, response, result);
    };
  };
  return {
    router,
    get: (path, permission, handler) => void router.get(path, serve(permission, handler)),
    post: (path, permission, handler, again) => void router.post(path, serve(permission, handler, again)),
    stream: (path, permission, handler) => void router.get(path, serveStream(deps, permission, handler)),
    notFound: () =>
      void router.use(
        serve('read', () => {
          throw new AppError(
            'notFound',
            'There is no page at this address. It may have moved, or never been.',
          );
        }),
      ),
  };
}

function serveStream(deps: PagesDeps, permission: Permission, handler: StreamHandler) {
  return async (request: Request, response: Response): Promise<void> => {
    const session = deps.auth.signedIn(response);
    if (session === null) return askToSignIn(request, response);
    const context = makeContext(session, request, deps.now());
    try {
      if (!can(context, permission)) throw notAllowed(permission);
      await handler(context, response);
    } catch (error) {
      // Half a file cannot become a page any more.
      if (response.headersSent) throw error;
      await send(deps, context, response, failurePage(describe(deps, error)));
    }
  };
}

/** A form of an ended session is not sent again by itself: the person signs in and looks first. */
function askToSignIn(request: Request, response: Response): void {
  const next = request.method === 'GET' ? request.originalUrl : undefined;
  const target = paths.login(next);
  // htmx would put the sign-in page into a corner of the old one.
  if (request.get('hx-request') === 'true') response.set('HX-Redirect', target).status(204).end();
  else response.redirect(303, target);
}

async function run(
  deps: PagesDeps,
  context: PageContext,
  permission: Permission,
  handler: Handler,
  again: Handler | undefined,
): Promise<Result> {
  try {
    if (!can(context, permission)) throw notAllowed(permission);
    if (context.request.method === 'POST') assertOwnForm(context.request, context.session);
    return await handler(context);
  } catch (error) {
    const failure = describe(deps, error);
    const isRefusal = isAppError(error) && error.kind !== 'forbidden' && error.kind !== 'bug';
    if (again === undefined || !isRefusal) return failurePage(failure);
    return showAgain(deps, { ...context, problem: failure.message }, again, failure);
  }
}

async function showAgain(
  deps: PagesDeps,
  context: PageContext,
  again: Handler,
  failure: Failure,
): Promise<Result> {
  try {
    const result = await again(context);
    return result.type === 'page' ? { ...result, status: failure.status, problem: failure.message } : result;
  } catch (error) {
    return failurePage(describe(deps, error));
  }
}

interface Failure {
  readonly status: number;
  readonly message: string;
}

function describe(deps: PagesDeps, error: unknown): Failure {
  if (isAppError(error) && error.kind !== 'bug') {
    return { status: deps.statusOf(error.kind), message: error.message };
  }
  deps.log.error({ err: error }, 'console page failed');
  const message =
    'Something failed on our side. Nothing was changed; the log has the cause. Try again in a moment.';
  return { status: 500, message };
}

function failurePage({ status, message }: Failure): PageResult {
  return page(titleOf(status), FailurePage({ message, status }), status);
}

function titleOf(status: number): string {
  if (status === 403) return 'Not allowed';
  if (status === 404) return 'Not found';
  return status >= 500 ? 'Something failed' : 'That did not work';
}

function notAllowed(permission: Permission): AppError {
  return new AppError(
    'forbidden',
    `This needs the role “${PERMISSIONS[permission]}”. Ask an owner of your organisation for it.`,
  );
}

async function send(
  deps: PagesDeps,
  context: PageContext,
  response: Response,
  result: Result,
): Promise<void> {
  if (result.type === 'redirect') {
    response.redirect(303, withFlash(result.to, result.flash));
    return;
  }
  const status = result.status ?? 200;
  if (result.type === 'fragment') {
    response.status(status).type('html').send(String(result.body));
    return;
  }
  response
    .status(status)
    .type('html')
    .send(renderDocument(await frameOf(deps, context, result)));
}

async function frameOf(deps: PagesDeps, context: PageContext, { title, body, ...result }: PageResult) {
  const { session } = context;
  const problem = result.problem ?? null;
  return {
    title,
    body,
    session,
    waiting: await deps.waiting(session.tenantId),
    path: context.request.originalUrl,
    flash: problem === null ? readFlash(context.request.query['done']) : null,
    problem,
    signOutPath: deps.auth.signOutPath,
  };
}
