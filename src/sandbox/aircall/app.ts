import express, { type Express, type NextFunction, type Request, type Response } from 'express';

import type { Exchange } from '../exchange.js';
import type { Reply } from '../reply.js';
import { appReply, edgeReply } from './replies.js';
import { callRoutes } from './routes/calls.js';
import { companyRoutes } from './routes/company.js';
import { numberRoutes } from './routes/numbers.js';
import { teamRoutes } from './routes/teams.js';
import { userRoutes, v1UserRoutes } from './routes/users.js';
import { webhookRoutes } from './routes/webhooks.js';
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
  for (const route of vendorRoutes(world)) app[route.method](route.path, ...exchange.handlers(route));
  app.use((req, res) => exchange.finish(req, res, edgeReply(404)));
  app.use(async (error: unknown, req: Request, res: Response, _next: NextFunction) => {
    if (res.destroyed || res.headersSent || isAbort(error)) return;
    await exchange.finish(req, res, replyTo(error));
  });
  return app;
}

function vendorRoutes(world: World) {
  return [
    ...companyRoutes(world),
    ...v1UserRoutes(world),
    ...userRoutes(world),
    ...teamRoutes(world),
    ...numberRoutes(world),
    ...callRoutes(world),
    ...webhookRoutes(world),
  ];
}

/** A scripted delay that the stop of the sandbox cut short: the connection is gone already. */
function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** Bodies that cannot be parsed are the application's 400 or 413; anything else is the edge's 500. */
function replyTo(error: unknown): Reply {
  if (!(error instanceof Error) || !('status' in error)) return edgeReply(500);
  if (error.status === 413) return appReply(413, 'The body is too large.');
  if (error.status === 400) return appReply(400, 'The body must be JSON.');
  return edgeReply(500);
}
