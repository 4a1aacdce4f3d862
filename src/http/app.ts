import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Router } from 'express';
import type { Logger } from 'pino';
import { makeErrorHandler, notFound } from './errors.js';
import { makeHealthRouter, type HealthDeps } from './health.js';
import type { Metrics } from './metrics.js';
import { requestLog } from './request-log.js';
import { securityHeaders } from './security-headers.js';

export interface HttpAppDeps {
  readonly log: Logger;
  readonly now: () => Date;
  readonly health: HealthDeps;
  /** Proxies in front whose X-Forwarded-* headers are believed, in Express's terms. */
  readonly trustProxy: boolean | number | string | readonly string[];
  /** Figures for operators; without it there are none. */
  readonly metrics?: Metrics;
  /** Routers by mount path, in order, those with headers of their own first. */
  readonly mounts: readonly Mount[];
}

export interface Mount {
  readonly path: string;
  readonly router: Router;
  /**
   * Its answers are data and never a page, and it sends the few security headers that matter for data: the dozen that
   * are for browsers would cost each request of an IdP's sync as much as looking up a person.
   */
  readonly sendsOwnHeaders?: boolean;
}

/** The Express shell: security headers, request log, health, the mounted parts, and one error handler. */
export function makeHttpApp(deps: HttpAppDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', deps.trustProxy);
  const log = requestLog(deps.log);
  if (deps.metrics !== undefined) app.use(deps.metrics.watch);
  for (const { path, router, sendsOwnHeaders } of deps.mounts) {
    if (sendsOwnHeaders === true) app.use(path, log, router);
  }
  const headers = securityHeaders();
  app.use(headers);
  if (deps.metrics !== undefined) app.use(deps.metrics.router);
  app.use(makeHealthRouter(deps.health));
  app.use(log);
  for (const { path, router, sendsOwnHeaders } of deps.mounts) {
    if (sendsOwnHeaders !== true) app.use(path, router);
  }
  app.use(notFound, onErrors(headers));
  app.use(makeErrorHandler(deps));
  return app;
}

/** Errors pass by every ordinary handler, so that those of parts with headers of their own would go out bare. */
function onErrors(headers: RequestHandler): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) next(error);
    else headers(request, response, () => next(error));
  };
}
