import { join } from 'node:path';
import { AppError } from '../../domain/errors.js';
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
  const { url, port } = await startOnKnownPort(sandbox, options);
  const { apiId, apiToken } = await sandbox.dashboard.seedCompany(COMPANY);
  const { requestsPerMinute } = options;
  return { url, port, apiId, apiToken, requestsPerMinute, stop: () => sandbox.stop() };
}

async function startOnKnownPort(
  sandbox: AircallSandbox,
  { port, memory, dataDir }: DemoCompanyOptions,
): Promise<{ readonly url: string; readonly port: number }> {
  if (memory.sandboxPort !== 0 && (await isRunning(memory))) throw runsAlready(dataDir);
  const wanted = port === 0 ? memory.sandboxPort : port;
  try {
    return await sandbox.start({ port: wanted });
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    if (!taken) throw error;
    if (port === 0) return sandbox.start({ port: 0 });
    throw new AppError(
      'unavailable',
      `Port ${port} for the simulated phone system is in use by another program. Stop that program, or choose another PATCHBAY_SANDBOX_PORT.`,
      { cause: error },
    );
  }
}

const PROBE_TIMEOUT_MS = 10_000;

/** Whether the sandbox of this folder answers: nobody else knows the key. */
async function isRunning({ sandboxPort, dashboardKey }: DemoMemory): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${sandboxPort}/_dashboard/faults`, {
      headers: { 'x-dashboard-key': dashboardKey },
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    });
    return response.ok;
  } catch {
    return false;
  }
}

/** Two simulated companies on one state file would undo each other's changes. */
function runsAlready(dataDir: string): AppError {
  return new AppError(
    'conflict',
    `The demo in ${dataDir} runs already, in another process. Use that one, or stop it first. ` +
      'For a second demo beside it choose another folder and port: DATA_DIR=.second PORT=8081 npm start',
  );
}
