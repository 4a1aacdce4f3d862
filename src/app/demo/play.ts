import type { Config } from '../../config/config.js';
import { AppError } from '../../domain/errors.js';
import { makeIdp } from '../../demo/idps.js';
import { playMorning, type MorningResult } from '../../demo/morning.js';
import { makeScimClient, type ScimClient } from '../../demo/scim-client.js';
import { readDashboard } from './dashboard.js';
import { readDemoMemory } from './memory.js';

export interface PlayOptions {
  readonly config: Config;
  /** Where Patchbay answers. */
  readonly url: string;
  readonly progress: (step: string, done: number, total: number) => void;
  /** Gives up when nothing moved for this long. */
  readonly stallMs: number;
}

const POLL_MS = 500;

/** Plays the morning against a running demo and returns what the vendor shows at its end. */
export async function playDemo(options: PlayOptions): Promise<MorningResult> {
  const memory = await readDemoMemory(options.config.dataDir);
  if (memory === null || memory.scimToken === null) {
    throw new AppError(
      'notFound',
      `There is no demo in ${options.config.dataDir}. Start it with "npm start" and try again, with the same DATA_DIR.`,
    );
  }
  const sandboxUrl = `http://127.0.0.1:${memory.sandboxPort}`;
  return playMorning({
    idps: connectIdps(`${options.url}/scim/v2`, memory.scimToken),
    observe: () => observePatiently(sandboxUrl, memory.dashboardKey),
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

/** The sandbox lives in the service's process; while that is started again, the demo waits. */
async function observePatiently(url: string, key: string): ReturnType<typeof readDashboard> {
  const giveUpAt = performance.now() + RESTART_PATIENCE_MS;
  for (;;) {
    try {
      return await readDashboard(url, key);
    } catch (error) {
      if (performance.now() > giveUpAt) throw error;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}
