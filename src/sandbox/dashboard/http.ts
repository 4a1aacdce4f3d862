import { timingSafeEqual } from 'node:crypto';

import express, { Router, type NextFunction, type Request, type Response } from 'express';
import { ZodError, z } from 'zod';

import type { FaultScript } from '../faults.js';
import { Refusal } from '../reply.js';
import type { RequestLog } from '../request-log.js';
import type { RunAction } from './action.js';

export interface DashboardHttpDeps {
  readonly key: string;
  readonly run: RunAction;
  readonly isAction: (name: string) => boolean;
  readonly view: () => unknown;
  /** Log and fault script of the vendor's API; null where it has none. */
  readonly api: ApiDeps | null;
}

interface ApiDeps {
  readonly log: RequestLog;
  readonly faults: FaultScript;
  readonly settle: () => Promise<void>;
}

const range = z.object({
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(10_000).default(1000),
});

/** The Dashboard for other processes, under `/_dashboard`; not part of the vendor's API, so neither limited nor logged. */
export function dashboardRouter({ key, run, isAction, view, api }: DashboardHttpDeps): Router {
  const router = Router();
  router.use(requireKey(key), express.json({ limit: '5mb' }));

  router.get('/state', (_req, res) => void res.json(view()));
  if (api !== null) addApiRoutes(router, api);
  router.post('/actions/:name', async (req, res) => {
    const { name } = req.params;
    if (!isAction(name)) return void res.status(404).json({ error: `There is no action named ${name}.` });
    res.json({ result: (await run(name, req.body)) ?? null });
  });

  router.use((_req, res) => void res.status(404).json({ message: 'Not Found' }));
  router.use(answerError);
  return router;
}

function addApiRoutes(router: Router, { log, faults, settle }: ApiDeps): void {
  router.get('/requests', (req, res) => {
    const { after, limit } = range.parse(req.query);
    res.json({ requests: log.entries({ after, limit }), lastSeq: log.lastSeq() });
  });

  router.get('/faults', (_req, res) => void res.json({ faults: faults.list() }));
  router.put('/faults', async (req, res) => {
    faults.set(z.object({ rules: z.array(z.any()) }).parse(req.body).rules);
    await settle();
    res.json({ faults: faults.list() });
  });
  router.delete('/faults', async (_req, res) => {
    faults.clear();
    await settle();
    res.status(204).end();
  });
}

function requireKey(key: string) {
  const expected = Buffer.from(key);
  return (req: Request, res: Response, next: NextFunction): void => {
    const given = Buffer.from(req.get('x-dashboard-key') ?? '');
    if (given.length === expected.length && timingSafeEqual(given, expected)) return next();
    res.status(401).json({ error: 'Send the dashboard key in the header X-Dashboard-Key.' });
  };
}

function answerError(error: unknown, _req: Request, res: Response, next: NextFunction): void {
  if (error instanceof ZodError) res.status(400).json({ error: z.prettifyError(error) });
  else if (error instanceof Refusal) res.status(error.reply.status).json(error.reply.body);
  else next(error);
}
