import { join } from 'node:path';
import { makeAircallSandbox, type AircallSandbox } from '../../sandbox/aircall/sandbox.js';
import type { DemoMemory } from './memory.js';

/** The demo's phone system: a simulated Aircall company on a port of its own. */
export interface DemoCompany {
  readonly url: string;
  readonly port: number;
  readonly apiId: string;
  readonly apiToken: string;
  /** What the company's API allows. */
  readonly requestsPerMinute: number;
  stop(): Promise<void>;
}

export interface DemoCompanyOptions {
  readonly dataDir: string;
  readonly memory: DemoMemory;
  /** 0: the port of the last start, or any free one. */
  readonly port: number;
  readonly requestsPerMinute: number;
}

const COMPANY = {
  name: 'Demo Telephony Ltd',
  owner: { email: 'owner@demo.example', firstName: 'Olivia', lastName: 'Owner' },
  teams: ['Sales EMEA', 'Sales US'],
  numbers: [
    { name: 'Paris main line', digits: '+33 1 76 11 11 11', country: 'FR', ringsTeams: ['Sales EMEA'] },
    { name: 'Washington line', digits: '+1 202-555-0143', country: 'US', ringsTeams: ['Sales US'] },
  ],
};

/** Starts the company, creating it on first start and finding it again on later ones. */
export async function startDemoCompany(options: DemoCompanyOptions): Promise<DemoCompany> {
  const folder = join(options.dataDir, 'sandbox');
  const sandbox = makeAircallSandbox({
    stateFile: join(folder, 'aircall.json'),
    requestLogFile: join(folder, 'aircall-requests.jsonl'),
    settings: { requestsPerMinute: options.requestsPerMinute, dashboardKey: options.memory.dashboardKey },
  });
  const { url, port } = await startOnKnownPort(sandbox, options.port, options.memory.sandboxPort);
  const { apiId, apiToken } = await sandbox.dashboard.seedCompany(COMPANY);
  const { requestsPerMinute } = options;
  return { url, port, apiId, apiToken, requestsPerMinute, stop: () => sandbox.stop() };
}

async function startOnKnownPort(sandbox: AircallSandbox, wanted: number, remembered: number) {
  if (wanted !== 0) return sandbox.start({ port: wanted });
  try {
    return await sandbox.start({ port: remembered });
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    if (!taken) throw error;
    return sandbox.start({ port: 0 });
  }
}
