import express, { type Express, type Router } from 'express';
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
  /** Routers by mount path, in order. */
  readonly mounts: readonly { readonly path: string; readonly router: Router }[];
}

/** The Express shell: security headers, request log, health, the mounted parts, and one error handler. */
export function makeHttpApp(deps: HttpAppDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', deps.trustProxy);
  app.use(securityHeaders());
  if (deps.metrics !== undefined) app.use(deps.metrics.watch, deps.metrics.router);
  app.use(makeHealthRouter(deps.health));
  app.use(requestLog(deps.log));
  for (const { path, router } of deps.mounts) app.use(path, router);
  app.use(notFound);
  app.use(makeErrorHandler(deps));
  return app;
}
