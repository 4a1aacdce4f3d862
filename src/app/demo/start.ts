import type { Config } from '../../config/config.js';
import type { Services } from '../services.js';
import { startDemoCompany, type DemoCompany } from './company.js';
import { newDemoMemory, readDemoMemory, writeDemoMemory, type DemoMemory } from './memory.js';
import type { DemoSystem } from './system.js';
import { otherSystems, startSystems, stopSystems } from './systems.js';
import { ensureDemoTenant } from './tenant.js';

export interface Demo {
  readonly token: string;
  readonly company: DemoCompany;
  /** The simulated phone systems beside Aircall, by name. */
  readonly systems: ReadonlyMap<string, DemoSystem>;
  stop(): Promise<void>;
}

/** Starts the simulated phone systems and sees to the demo tenant. Finds everything of an earlier start again. */
export async function startDemo(config: Config, services: Services): Promise<Demo> {
  const { dataDir } = config;
  const others = otherSystems(config.systems);
  const memory = (await readDemoMemory(dataDir)) ?? newDemoMemory();
  const company = await startDemoCompany({
    dataDir,
    memory,
    port: config.sandboxPort,
    requestsPerMinute: config.sandboxRateLimitPerMinute,
  });
  try {
    return await startBeside(company, { others, config, services, memory });
  } catch (error) {
    await company.stop();
    throw error;
  }
}

async function startBeside(
  company: DemoCompany,
  demo: {
    readonly others: readonly string[];
    readonly config: Config;
    readonly services: Services;
    readonly memory: DemoMemory;
  },
): Promise<Demo> {
  const { dataDir } = demo.config;
  const systems = await startSystems(demo.others, {
    dataDir,
    memory: demo.memory,
    requestsPerMinute: demo.config.sandboxRateLimitPerMinute,
  });
  const stop = async (): Promise<void> => {
    await stopSystems(systems);
    await company.stop();
  };
  try {
    const ports = Object.fromEntries([...systems].map(([name, { port }]) => [name, port]));
    const systemPorts = { ...demo.memory.systemPorts, ...ports };
    const memory = { ...demo.memory, sandboxPort: company.port, systemPorts, running: demo.others };
    // Kept before the token is made: a dashboard key that is lost would lock the demo out of its own sandbox.
    await writeDemoMemory(dataDir, memory);
    const { token, tenantId } = await ensureDemoTenant(demo.services, company, memory);
    for (const system of systems.values()) await system.ensureAccount(demo.services, tenantId);
    await writeDemoMemory(dataDir, { ...memory, scimToken: token });
    return { token, company, systems, stop };
  } catch (error) {
    await stopSystems(systems);
    throw error;
  }
}
