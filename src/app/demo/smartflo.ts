import { join } from 'node:path';
import { z } from 'zod';
import type { Holding } from '../../demo/expectation.js';
import { makeSmartfloSandbox } from '../../sandbox/smartflo/sandbox.js';
import type { Services } from '../services.js';
import { askDashboard } from './dashboard.js';
import { startOnKnownPort, type DemoSystem, type DemoSystemOptions } from './system.js';
import { DEMO_SETTINGS } from './tenant.js';

const ACCOUNT = 'smartflo';
const ACTOR = 'demo';
/** Patchbay stays a little below what the sandbox allows: its limit is one a second. */
const SHARE_USED = 0.9;

const SEED = {
  name: 'Demo Telephony India',
  owner: { email: 'owner@demo.example', name: 'Olivia Owner' },
  departments: ['Sales EMEA', 'Sales US'],
  numbers: [{ name: 'Mumbai line', did: '+912261500000', ringsDepartment: 'Sales EMEA' }],
};

/** A simulated Smartflo account beside the demo's Aircall. Finds everything of an earlier start again. */
export async function startSmartfloSystem(options: DemoSystemOptions): Promise<DemoSystem> {
  const folder = join(options.dataDir, 'sandbox');
  const requestsPerSecond = Math.max(1, Math.floor(options.requestsPerMinute / 60));
  const sandbox = makeSmartfloSandbox({
    stateFile: join(folder, 'smartflo.json'),
    requestLogFile: join(folder, 'smartflo-requests.jsonl'),
    settings: { requestsPerSecond, dashboardKey: options.memory.dashboardKey },
  });
  const { url, port } = await startOnKnownPort(sandbox, options.port);
  const { token } = await sandbox.dashboard.seedAccount(SEED);
  return {
    url,
    port,
    description: `simulated Smartflo, ${requestsPerSecond} requests a second; the real one allows about 3`,
    ensureAccount: (services, tenantId) =>
      ensureAccount(services, { tenantId, url, token, requestsPerSecond }),
    stop: () => sandbox.stop(),
  };
}

/** The sandbox may have had to move to another port since the last start. */
async function ensureAccount(
  services: Services,
  at: {
    readonly tenantId: string;
    readonly url: string;
    readonly token: string;
    readonly requestsPerSecond: number;
  },
): Promise<void> {
  const { tenantId, url } = at;
  const config = {
    baseUrl: url,
    portalUrl: url,
    requestsPerMinute: Math.min(6_000, Math.max(1, Math.floor(at.requestsPerSecond * 60 * SHARE_USED))),
    fallbackNumber: '9000000000',
  };
  const account = await services.accountStore.findByName(tenantId, ACCOUNT);
  if (account !== null) return services.accounts.setConfig(account, config, ACTOR);
  await services.accounts.create({
    tenantId,
    name: ACCOUNT,
    provider: 'smartflo',
    config,
    secrets: { token: at.token },
    settings: DEMO_SETTINGS,
    policy: 'sync',
    validate: true,
    actor: ACTOR,
  });
}

const viewSchema = z.object({
  users: z.array(
    z.object({
      email: z.string(),
      isOwner: z.boolean(),
      roleName: z.string(),
      departments: z.array(z.string()),
      isWebLoginBlocked: z.boolean(),
      agent: z.object({ isBlocked: z.boolean() }).nullable(),
    }),
  ),
});

/** What each user really holds at the simulated Smartflo, the owner left out. */
export async function readSmartfloHoldings(url: string, dashboardKey: string): Promise<readonly Holding[]> {
  const view = viewSchema.parse(await askDashboard(url, dashboardKey));
  return view.users
    .filter((user) => !user.isOwner)
    .map((user) => ({
      email: user.email,
      role: user.roleName.toLowerCase(),
      teams: user.departments,
      isSuspended: user.isWebLoginBlocked && user.agent?.isBlocked !== false,
    }));
}
