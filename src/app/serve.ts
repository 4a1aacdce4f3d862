import { derivePublicUrl, type Config } from '../config/config.js';
import { makeHttpApp } from '../http/app.js';
import { listen } from '../http/server.js';
import { makeDrainHints, type DrainHints } from './drain-hints.js';
import { startDemo, type Demo } from './demo/start.js';
import type { Jobs } from '../jobs/jobs.js';
import { buildEngine } from './engine.js';
import { buildJobs } from './work.js';
import { makeLogger } from './log.js';
import { buildScimEdge } from './scim.js';
import { openServices, type Services } from './services.js';
import { makeShutdown, type Shutdown } from './shutdown.js';
import { readVersion } from './version.js';

/** A running service: everything in one process. */
export interface RunningService {
  readonly url: string;
  readonly services: Services;
  readonly demo: Demo | null;
  stop(): Promise<void>;
}

/** Starts database, demo company, workers and HTTP, in that order; stops them in the opposite one. */
export async function startService(config: Config): Promise<RunningService> {
  const log = makeLogger(config.logLevel);
  const shutdown = makeShutdown(log);
  try {
    const services = await openServices({ config, log });
    shutdown.add('database', () => services.close());
    const demo = config.demo ? await startDemo(config, services) : null;
    if (demo !== null) shutdown.add('sandbox', () => demo.company.stop());
    const engine = buildEngine(services);
    const jobs = buildJobs(services, engine);
    shutdown.add('jobs', () => jobs.stop());
    await jobs.start();
    const hints = startHints(services, jobs);
    shutdown.add('hints', () => hints.stop());
    const url = await startHttp(config, services, { shutdown, hints });
    return { url, services, demo, stop: () => shutdown.run() };
  } catch (error) {
    await shutdown.run();
    throw error;
  }
}

interface HttpParts {
  readonly shutdown: Shutdown;
  readonly hints: DrainHints;
}

/** Changes of one IdP's push come in bursts; half a second of them share a hint. */
const GATHER_MS = 500;

function startHints({ accountStore, log }: Services, jobs: Jobs): DrainHints {
  return makeDrainHints({
    async listAccounts(tenantId) {
      const accounts = await accountStore.list(tenantId);
      return accounts.map(({ id }) => ({ tenantId, accountId: id }));
    },
    enqueueDrain: (account, options) => jobs.enqueueDrain(account, options),
    log,
    gatherMs: GATHER_MS,
  });
}

async function startHttp(
  config: Config,
  services: Services,
  { shutdown, hints }: HttpParts,
): Promise<string> {
  const edge = buildScimEdge({ services, onDirectoryChange: hints.onDirectoryChange });
  shutdown.add('scim', () => edge.close());
  const app = makeHttpApp({
    log: services.log,
    now: () => services.clock.now(),
    health: { version: readVersion(), ready: { database: () => pingDatabase(services) } },
    trustProxy: config.trustProxy,
    mounts: [
      { path: '/scim/v2', router: edge.scim },
      { path: '/oauth', router: edge.oauth },
    ],
  });
  const server = await listen(app, config.host, config.port);
  shutdown.add('http', () => server.stop(config.shutdownTimeoutMs));
  return derivePublicUrl(config, server.port);
}

async function pingDatabase({ database }: Services): Promise<void> {
  await database.pool.query('select 1');
}
