import { json, Router, type ErrorRequestHandler, type Request, type Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import type { z } from 'zod';
import type { ApiPrincipal } from '../administration/api-access.js';
import { AppError } from '../domain/errors.js';
import type { ApiDeps } from './deps.js';
import { describeApi } from './openapi.js';
import type { Operation } from './operation.js';
import { listOperations } from './operations/all.js';
import { sendProblem, tellable } from './problem.js';

/** Rule files are the longest thing that anybody sends. */
const BODY_LIMIT = '2mb';
/** Unless told otherwise. */
const REQUESTS_PER_MINUTE = 1_200;

/** The admin API. Mount at /api/v1. */
export function makeApiRouter(deps: ApiDeps): Router {
  const router = Router();
  const operations = listOperations(deps);
  const document = JSON.stringify(describeApi(operations, deps.statusOf));
  router.use(slowDown(deps));
  router.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  router.get('/openapi.json', (_request, response) => {
    response.type('application/json').send(document);
  });
  const body = json({ limit: BODY_LIMIT, strict: true });
  for (const one of operations) {
    router[one.method](
      one.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      async (request, response, next) => {
        await authorize(deps, one, request, response);
        next();
      },
      body,
      (request, response) => serve(deps, one, request, response),
    );
  }
  router.use(() => {
    throw new AppError(
      'notFound',
      'The API has nothing at this address. Its description is at openapi.json.',
    );
  });
  router.use(makeErrorHandler(deps));
  return router;
}

/** By address, all tokens together: scripts that run wild must not take the console down. */
function slowDown({ statusOf, requestsPerMinute = REQUESTS_PER_MINUTE }: ApiDeps) {
  return rateLimit({
    windowMs: 60_000,
    limit: requestsPerMinute,
    standardHeaders: true,
    legacyHeaders: false,
    handler: (_request, response) => {
      sendProblem(
        response,
        statusOf('rateLimited'),
        'rateLimited',
        'Too many requests. Wait a minute and go on.',
      );
    },
  });
}

const PRINCIPAL = 'apiPrincipal';

/** Before the body is read: nobody without a token gets that far. */
async function authorize(deps: ApiDeps, one: Operation, request: Request, response: Response): Promise<void> {
  const principal = await authenticate(deps, request);
  if (!principal.scopes.has(one.permission)) {
    throw new AppError('forbidden', `This token lacks the scope ${one.permission}. Create one that has it.`);
  }
  response.locals[PRINCIPAL] = principal;
}

async function serve(deps: ApiDeps, one: Operation, request: Request, response: Response): Promise<void> {
  const call = {
    principal: response.locals[PRINCIPAL] as ApiPrincipal,
    now: deps.now(),
    params: check(one.params, request.params, 'address'),
    query: check(one.query, request.query, 'query'),
    body: one.body === null ? undefined : check(one.body, request.body ?? {}, 'body'),
  };
  const result = await one.handle(call as never);
  if (one.response === null) response.status(one.status).end();
  else response.status(one.status).json(result);
}

function authenticate({ access }: ApiDeps, request: Request): Promise<ApiPrincipal> {
  const [, token] = /^Bearer +([^\s]+)$/i.exec(request.get('authorization') ?? '') ?? [];
  if (token !== undefined) return access.verify(token);
  throw new AppError(
    'unauthenticated',
    'Send a token: Authorization: Bearer pbk_admin_… Create one in the console.',
  );
}

function check<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${[where, ...path].join('.')}: ${message}`,
  );
  throw new AppError('invalid', `Nothing was changed. ${problems.join(' ')}`);
}

function makeErrorHandler(deps: ApiDeps): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const { kind, message } = tellable(error);
    if (kind === 'bug') deps.log.error({ err: error }, 'API call failed');
    if (kind === 'unauthenticated') response.set('WWW-Authenticate', 'Bearer');
    sendProblem(response, deps.statusOf(kind), kind, message);
  };
}
