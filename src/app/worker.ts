import type { Config } from '../config/config.js';
import { buildEngine } from './engine.js';
import { makeLogger } from './log.js';
import { openServices } from './services.js';
import { makeShutdown } from './shutdown.js';
import { buildJobs } from './work.js';

/** A process that works without serving anybody. Any number of them may run side by side. */
export interface RunningWorker {
  /** Lets running changes end, then closes queue and database. */
  stop(): Promise<void>;
}

/** Opens the database and begins to take jobs. Which account is whose is settled by leases, not by this process. */
export async function startWorker(config: Config): Promise<RunningWorker> {
  const log = makeLogger(config.logLevel);
  const shutdown = makeShutdown(log);
  try {
    const services = await openServices({ config, log });
    shutdown.add('database', () => services.close());
    const jobs = buildJobs(services, buildEngine(services));
    shutdown.add('jobs', () => jobs.stop());
    await jobs.start();
    return { stop: () => shutdown.run() };
  } catch (error) {
    await shutdown.run();
    throw error;
  }
}
