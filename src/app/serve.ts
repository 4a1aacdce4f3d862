import type { RequestListener } from 'node:http';
import { derivePublicUrl, type Config } from '../config/config.js';
import { makeHttpApp } from '../http/app.js';
import { makeOpening } from '../http/opening.js';
import { listen } from '../http/server.js';
import { makeDrainHints, type DrainHints } from './drain-hints.js';
import { startDemo, type Demo } from './demo/start.js';
import type { Jobs } from '../jobs/jobs.js';
import { buildEngine } from './engine.js';
import { buildMetrics } from './metrics.js';
import { buildJobs } from './work.js';
import { makeLogger } from './log.js';
import { buildEdges, type Edges } from './edges.js';
import { openServices, type Services } from './services.js';
import { makeShutdown } from './shutdown.js';
import { readVersion } from './version.js';

/** A running service: everything in one process. */
export interface RunningService {
  readonly url: string;
  readonly services: Services;
  readonly demo: Demo | null;
  /** A link that signs the tenant's first owner in, once, from this machine. Makes an owner where there is none. */
  openConsole(tenantSlug: string): Promise<string>;
  stop(): Promise<void>;
}

/**
 * Takes the port, then starts database, demo company, workers and the answers on the port, in that order; stops them
 * in the opposite one. Without `works` it only hands out work, to workers of their own.
 */
export async function startService(config: Config, { works } = { works: true }): Promise<RunningService> {
  const log = makeLogger(config.logLevel);
  const opening = makeOpening(readVersion());
  const server = await listen(opening.listener, config.host, config.port);
  const shutdown = makeShutdown(log);
  shutdown.add('port', () => server.stop(0));
  try {
    const services = await openServices({ config, log });
    shutdown.add('database', () => services.close());
    const demo = config.demo ? await startDemo(config, services) : null;
    if (demo !== null) shutdown.add('sandbox', () => demo.stop());
    const engine = buildEngine(services);
    const jobs = buildJobs(services, engine);
    shutdown.add('jobs', () => jobs.stop());
    await (works ? jobs.start() : jobs.connect());
    const hints = startHints(services, jobs);
    shutdown.add('hints', () => hints.stop());
    const url = derivePublicUrl(config, server.port);
    const edges = buildEdges({ services, engine, hints, publicUrl: url });
    shutdown.add('edges', () => edges.close());
    opening.open(buildHttpApp(config, services, edges));
    shutdown.add('http', () => server.stop(config.shutdownTimeoutMs));
    return { url, services, demo, openConsole: edges.openConsole, stop: () => shutdown.run() };
  } catch (error) {
    await shutdown.run();
    throw error;
  }
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

function buildHttpApp(config: Config, services: Services, edges: Edges): RequestListener {
  return makeHttpApp({
    log: services.log,
    now: () => services.clock.now(),
    health: { version: readVersion(), ready: { database: () => pingDatabase(services) } },
    trustProxy: config.trustProxy,
    metrics: buildMetrics(services),
    mounts: edges.mounts,
  });
}

async function pingDatabase({ database }: Services): Promise<void> {
  await database.pool.query('select 1');
}
