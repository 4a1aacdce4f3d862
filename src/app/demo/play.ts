import type { Config } from '../../config/config.js';
import { AppError } from '../../domain/errors.js';
import { makeIdp } from '../../demo/idps.js';
import { playMorning, type MorningResult } from '../../demo/morning.js';
import { makeScimClient, type ScimClient } from '../../demo/scim-client.js';
import type { Holding, SystemView } from '../../demo/expectation.js';
import { readAircallHoldings } from './dashboard.js';
import { readDemoMemory, type DemoMemory } from './memory.js';
import type { Services } from '../services.js';
import { workThroughChecklists } from './office.js';
import { readSmartfloHoldings } from './smartflo.js';
import { MAIN_SYSTEM } from './systems.js';
import { readVxtHoldings } from './vxt.js';

export interface PlayOptions {
  readonly config: Config;
  /** Where Patchbay answers. */
  readonly url: string;
  readonly progress: (step: string, done: number, total: number) => void;
  /** Gives up when nothing moved for this long. */
  readonly stallMs: number;
  /** For what people do by hand where a phone system has no API. */
  readonly withServices: <T>(work: (services: Services) => Promise<T>) => Promise<T>;
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
  if (!memory.running.includes(BY_HAND)) return play(options, memory, () => Promise.resolve());
  const office = { url: urlOf(memory, BY_HAND), dashboardKey: memory.dashboardKey };
  return options.withServices((services) =>
    play(options, memory, () => workThroughChecklists(services, office)),
  );
}

/** The phone system that is worked by people. */
const BY_HAND = 'vxt';

function play(
  { url, progress, stallMs }: PlayOptions,
  memory: DemoMemory,
  workByHand: () => Promise<void>,
): Promise<MorningResult> {
  return playMorning({
    idps: connectIdps(`${url}/scim/v2`, memory.scimToken ?? ''),
    async observe() {
      await workByHand();
      return observePatiently(memory);
    },
    progress,
    stallMs,
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

const RESTART_PATIENCE_MS = 180_000;

type ReadHoldings = (url: string, dashboardKey: string) => Promise<readonly Holding[]>;

/** How the dashboards of the simulated phone systems are read; one without a line here is not checked. */
const READERS: Readonly<Record<string, ReadHoldings>> = {
  [MAIN_SYSTEM]: readAircallHoldings,
  smartflo: readSmartfloHoldings,
  [BY_HAND]: readVxtHoldings,
};

function urlOf({ systemPorts, sandboxPort }: DemoMemory, system: string): string {
  const port = system === MAIN_SYSTEM ? sandboxPort : (systemPorts[system] ?? 0);
  return `http://127.0.0.1:${port}`;
}

async function observe(memory: DemoMemory): Promise<readonly SystemView[]> {
  const views: SystemView[] = [];
  for (const system of [MAIN_SYSTEM, ...memory.running]) {
    const read = READERS[system];
    if (read === undefined) continue;
    views.push({ system, holdings: await read(urlOf(memory, system), memory.dashboardKey) });
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
