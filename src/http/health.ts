import { Router } from 'express';

export interface HealthDeps {
  /** Named checks that must all pass before traffic should come: database, queue. Each throws when it fails. */
  readonly ready: Readonly<Record<string, () => Promise<void>>>;
  readonly version: string;
}

/** `/healthz`: the process lives. `/readyz`: it can serve; 503 names the parts that cannot. */
export function makeHealthRouter(deps: HealthDeps): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok', version: deps.version });
  });
  router.get('/readyz', async (_request, response) => {
    const names = Object.keys(deps.ready);
    const results = await Promise.allSettled(names.map((name) => deps.ready[name]?.()));
    const checks = Object.fromEntries(
      results.map((result, index) => [names[index], result.status === 'fulfilled' ? 'ok' : 'failing']),
    );
    const ok = results.every((result) => result.status === 'fulfilled');
    response.status(ok ? 200 : 503).json({ status: ok ? 'ready' : 'not ready', checks });
  });
  return router;
}
