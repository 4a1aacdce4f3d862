import type { Config } from '../../config/config.js';
import { AppError } from '../../domain/errors.js';
import { makeIdp } from '../../demo/idps.js';
import { playMorning, type MorningResult } from '../../demo/morning.js';
import { makeScimClient, type ScimClient } from '../../demo/scim-client.js';
import type { Holding, SystemView } from '../../demo/expectation.js';
import { readAircallHoldings } from './dashboard.js';
import { readDemoMemory, type DemoMemory } from './memory.js';
import { readSmartfloHoldings } from './smartflo.js';
import { MAIN_SYSTEM } from './systems.js';

export interface PlayOptions {
  readonly config: Config;
  /** Where Patchbay answers. */
  readonly url: string;
  readonly progress: (step: string, done: number, total: number) => void;
  /** Gives up when nothing moved for this long. */
  readonly stallMs: number;
}

const POLL_MS = 500;

/** Plays the morning against a running demo and returns what the vendors show at its end. */
export async function playDemo(options: PlayOptions): Promise<MorningResult> {
  const memory = await readDemoMemory(options.config.dataDir);
  if (memory === null || memory.scimToken === null) {
    throw new AppError(
      'notFound',
      `There is no demo in ${options.config.dataDir}. Start it with "npm start" and try again, with the same DATA_DIR.`,
    );
  }
  return playMorning({
    idps: connectIdps(`${options.url}/scim/v2`, memory.scimToken),
    observe: () => observePatiently(memory),
    progress: options.progress,
    stallMs: options.stallMs,
    pollMs: POLL_MS,
    now: () => performance.now(),
  });
}

/** Okta's header mode sends the bare token, the others a bearer. */
function connectIdps(baseUrl: string, token: string) {
  const connect = (authorization: string, userAgent: string): ScimClient =>
    makeScimClient({ baseUrl, authorization, userAgent });
  const okta = 'Okta SCIM Client 1.0.0';
  return {
    'okta-aiw': makeIdp('okta-aiw', connect(token, okta)),
    'okta-oin': makeIdp('okta-oin', connect(`Bearer ${token}`, okta)),
    entra: makeIdp('entra', connect(`Bearer ${token}`, 'Microsoft Azure AD SCIM provisioning')),
  };
}

const RESTART_PATIENCE_MS = 30_000;

type ReadHoldings = (url: string, dashboardKey: string) => Promise<readonly Holding[]>;

/** How the dashboards of the simulated phone systems are read; one without a line here is not checked. */
const READERS: Readonly<Record<string, ReadHoldings>> = {
  [MAIN_SYSTEM]: readAircallHoldings,
  smartflo: readSmartfloHoldings,
};

async function observe(memory: DemoMemory): Promise<readonly SystemView[]> {
  const ports: Readonly<Record<string, number>> = {
    ...memory.systemPorts,
    [MAIN_SYSTEM]: memory.sandboxPort,
  };
  const views: SystemView[] = [];
  for (const system of [MAIN_SYSTEM, ...memory.running]) {
    const read = READERS[system];
    if (read === undefined) continue;
    const url = `http://127.0.0.1:${ports[system] ?? 0}`;
    views.push({ system, holdings: await read(url, memory.dashboardKey) });
  }
  return views;
}

/** The sandboxes live in the service's process; while that is started again, the demo waits. */
async function observePatiently(memory: DemoMemory): Promise<readonly SystemView[]> {
  const giveUpAt = performance.now() + RESTART_PATIENCE_MS;
  for (;;) {
    try {
      return await observe(memory);
    } catch (error) {
      if (performance.now() > giveUpAt) throw error;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}
