import express, { type Express, type NextFunction, type Request, type Response } from 'express';

import type { Exchange } from '../exchange.js';
import type { Reply } from '../reply.js';
import { appReply, edgeReply } from './replies.js';
import { authRoutes } from './routes/auth.js';
import { callRoutes } from './routes/calls.js';
import { departmentRoutes } from './routes/departments.js';
import { numberRoutes } from './routes/numbers.js';
import { userRoutes } from './routes/users.js';
import type { World } from './world.js';

/** The vendor's HTTP face: every route through the exchange, the edge's 404 for all other paths. */
export function makeApp({
  world,
  exchange,
  dashboard,
}: {
  readonly world: World;
  readonly exchange: Exchange;
  /** Mounted under `/_dashboard`; null leaves that path unknown. */
  readonly dashboard: express.Router | null;
}): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag');
  if (dashboard !== null) app.use('/_dashboard', dashboard);
  // Signing in needs its body although it is open to everybody.
  app.use('/v1/auth', express.json({ limit: '10kb' }));
  const routes = [authRoutes, userRoutes, departmentRoutes, numberRoutes, callRoutes];
  for (const route of routes.flatMap((make) => make(world))) {
    app[route.method](route.path, ...exchange.handlers(route));
  }
  app.use((req, res) => exchange.finish(req, res, edgeReply(404)));
  app.use(async (error: unknown, req: Request, res: Response, _next: NextFunction) => {
    if (res.destroyed || res.headersSent || isAbort(error)) return;
    await exchange.finish(req, res, replyTo(error));
  });
  return app;
}

/** A scripted delay that the stop of the sandbox cut short: the connection is gone already. */
function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

function replyTo(error: unknown): Reply {
  if (!(error instanceof Error) || !('status' in error)) return edgeReply(500);
  if (error.status === 413) return appReply(413, 'The body is too large.');
  if (error.status === 400) return appReply(400, 'The body must be JSON.');
  return edgeReply(500);
}
