import type { Config } from '../../config/config.js';
import type { Services } from '../services.js';
import { startDemoCompany, type DemoCompany } from './company.js';
import { newDemoMemory, readDemoMemory, writeDemoMemory } from './memory.js';
import { ensureDemoTenant } from './tenant.js';

export interface Demo {
  readonly token: string;
  readonly company: DemoCompany;
}

/** Starts the simulated phone system and sees to the demo tenant. Finds everything of an earlier start again. */
export async function startDemo(config: Config, services: Services): Promise<Demo> {
  const memory = (await readDemoMemory(config.dataDir)) ?? newDemoMemory();
  const company = await startDemoCompany({
    dataDir: config.dataDir,
    memory,
    port: config.sandboxPort,
    requestsPerMinute: config.sandboxRateLimitPerMinute,
  });
  // Kept before the token is made: a dashboard key that is lost would lock the demo out of its own sandbox.
  await writeDemoMemory(config.dataDir, { ...memory, sandboxPort: company.port });
  const { token } = await ensureDemoTenant(services, company, memory);
  await writeDemoMemory(config.dataDir, { ...memory, sandboxPort: company.port, scimToken: token });
  return { token, company };
}
