import express, { type Express, type Router } from 'express';
import helmet from 'helmet';
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import { makeErrorHandler, notFound } from './errors.js';
import { makeHealthRouter, type HealthDeps } from './health.js';

export interface HttpAppDeps {
  readonly log: Logger;
  readonly now: () => Date;
  readonly health: HealthDeps;
  /** Proxies in front whose X-Forwarded-* headers are believed, in Express's terms. */
  readonly trustProxy: boolean | number | string | readonly string[];
  /** Routers by mount path, in order. */
  readonly mounts: readonly { readonly path: string; readonly router: Router }[];
}

/** The Express shell: security headers, request log, health, the mounted parts, and one error handler. */
export function makeHttpApp(deps: HttpAppDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', deps.trustProxy);
  app.use(helmet(SECURITY_HEADERS));
  app.use(makeHealthRouter(deps.health));
  app.use(requestLog(deps.log));
  for (const { path, router } of deps.mounts) app.use(path, router);
  app.use(notFound);
  app.use(makeErrorHandler(deps));
  return app;
}

const SECURITY_HEADERS = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'none'"],
      'script-src': ["'self'"],
      'style-src': ["'self'"],
      'img-src': ["'self'", 'data:'],
      'connect-src': ["'self'"],
      'form-action': ["'self'"],
      'base-uri': ["'none'"],
      'frame-ancestors': ["'none'"],
    },
  },
  referrerPolicy: { policy: 'same-origin' },
} as const;

// Paths may hold e-mail addresses in filters and headers hold tokens: only the bare path is logged.
function requestLog(log: Logger) {
  return pinoHttp({
    logger: log,
    genReqId: () => randomUUID(),
    customLogLevel: (_request, response, error) =>
      error !== undefined || response.statusCode >= 500 ? 'error' : 'debug',
    serializers: {
      req: (request: { id: string; method: string; url: string }) => ({
        id: request.id,
        method: request.method,
        path: request.url.split('?', 1)[0],
      }),
      res: (response: { statusCode: number }) => ({ status: response.statusCode }),
    },
  });
}
