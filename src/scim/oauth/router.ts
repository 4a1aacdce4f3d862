import express, { type ErrorRequestHandler, type Request, type Response, type Router } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import type { Logger } from 'pino';
import { isAppError } from '../../domain/errors.js';
import type { Clock } from '../../lib/clock.js';
import type { GrantToken } from '../../tenancy/oauth/token-grant.js';
import { readTokenRequest, unknownClient, type OAuthRefusal } from './token-request.js';

/** The one scope there is; a token opens its tenant's SCIM endpoint. */
const SCOPE = 'scim';
const RETRY_SECONDS = 5;

export interface OAuthRouterDeps {
  readonly grantToken: GrantToken;
  readonly clock: Clock;
  readonly log: Logger;
  /** Token requests from one address in a minute. A client needs one in an hour. */
  readonly requestsPerMinute: number;
}

/**
 * `POST /token`: OAuth 2.0 client credentials with `client_secret_basic`, `client_secret_post` or a JWT assertion
 * (workload identity federation). Answers and errors as RFC 6749 sections 5.1 and 5.2; 503 when we cannot decide.
 */
export function makeOAuthRouter(deps: OAuthRouterDeps): Router {
  const router = express.Router();
  router.use((_request, response, next) => {
    response.set({ 'Cache-Control': 'no-store', Pragma: 'no-cache' });
    next();
  });
  router.use('/token', limitRequests(deps.requestsPerMinute));
  router.post('/token', express.urlencoded({ extended: false, limit: '32kb' }), (request, response) =>
    answerTokenRequest(deps, request, response),
  );
  router.all('/token', (_request, response) => {
    response.set('Allow', 'POST');
    send(response, 405, 'invalid_request', 'Send a POST request with a form.');
  });
  router.use(makeErrorHandler(deps));
  return router;
}

async function answerTokenRequest(
  deps: OAuthRouterDeps,
  request: Request,
  response: Response,
): Promise<void> {
  if (!request.is('application/x-www-form-urlencoded')) {
    send(response, 400, 'invalid_request', 'Content-Type must be application/x-www-form-urlencoded.');
    return;
  }
  const form = request.body as Readonly<Record<string, unknown>>;
  const asked = readTokenRequest(request.get('authorization'), form);
  if ('error' in asked) {
    refuse(response, asked);
    return;
  }
  const issued = await deps.grantToken(asked.clientId, asked.proof);
  if (issued === null) {
    deps.log.warn({ clientId: asked.clientId, by: asked.proof.by }, 'token request refused');
    refuse(response, unknownClient());
    return;
  }
  response.json({
    access_token: issued.accessToken,
    token_type: 'Bearer',
    expires_in: issued.expiresInSeconds,
    scope: SCOPE,
  });
}

function refuse(response: Response, { error, description }: OAuthRefusal): void {
  if (error === 'invalid_client') response.set('WWW-Authenticate', 'Basic realm="Patchbay", charset="UTF-8"');
  send(response, error === 'invalid_client' ? 401 : 400, error, description);
}

function send(response: Response, status: number, error: string, description: string): void {
  response.status(status).json({ error, error_description: description });
}

function limitRequests(limit: number) {
  return rateLimit({
    windowMs: 60_000,
    limit,
    standardHeaders: false,
    legacyHeaders: false,
    keyGenerator: (request) => ipKeyGenerator(request.ip ?? ''),
    handler: (_request, response) => {
      response.set('Retry-After', '60');
      send(
        response,
        429,
        'temporarily_unavailable',
        'Too many token requests. Keep a token until it expires.',
      );
    },
  });
}

/** Not being able to decide is never `invalid_client`: an IdP would put the connection out of action. */
function makeErrorHandler({ clock, log }: OAuthRouterDeps): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    if (isClientError(error)) {
      send(
        response,
        error.status,
        'invalid_request',
        'The form could not be read. Check its syntax and size.',
      );
      return;
    }
    log.error({ err: error }, 'token request failed');
    const retryAt = isAppError(error) ? error.retryAt : undefined;
    const waitMs = retryAt === undefined ? RETRY_SECONDS * 1_000 : retryAt.getTime() - clock.now().getTime();
    response.set('Retry-After', String(Math.max(1, Math.ceil(waitMs / 1_000))));
    send(response, 503, 'temporarily_unavailable', 'The request could not be decided. Try again later.');
  };
}

function isClientError(error: unknown): error is Error & { readonly status: number } {
  return (
    error instanceof Error && 'status' in error && typeof error.status === 'number' && error.status < 500
  );
}
