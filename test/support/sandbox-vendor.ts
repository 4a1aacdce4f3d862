import { makeHttpClient } from '../../src/lib/http-client.js';
import { aircall } from '../../src/providers/aircall/definition.js';
import { makeHttpTransport } from '../../src/providers/http-transport.js';
import type { ActualAgent, ActualState } from '../../src/domain/state.js';
import type { Pacer, Provider, ProviderDefinition } from '../../src/providers/port.js';
import { smartflo } from '../../src/providers/smartflo/definition.js';
import type { VendorOpener } from '../../src/reconcile/ports.js';

export interface SandboxAccount {
  readonly url: string;
  readonly apiId: string;
  readonly apiToken: string;
}

export interface SandboxVendors {
  readonly vendors: VendorOpener;
  close(): void;
}

const UNPACED: Pacer = { take: () => Promise.resolve(), observe: () => undefined };

/** The Aircall adapter over real HTTP against a sandbox, without a limit on requests. */
export function sandboxVendors({ url, apiId, apiToken }: SandboxAccount): SandboxVendors {
  const config = aircall.configSchema.parse({ baseUrl: url, requestsPerMinute: 6_000 });
  return openVendors(aircall, config, aircall.secretSchema.parse({ apiId, apiToken }));
}

/** The same for Smartflo. */
export function smartfloVendors({
  url,
  token,
}: {
  readonly url: string;
  readonly token: string;
}): SandboxVendors {
  const config = smartflo.configSchema.parse({ baseUrl: url, fallbackNumber: '9000000000' });
  return openVendors(smartflo, config, smartflo.secretSchema.parse({ token }));
}

function openVendors<Config, Secrets>(
  definition: ProviderDefinition<Config, Secrets>,
  config: Config,
  secrets: Secrets,
): SandboxVendors {
  const client = makeHttpClient({
    allowLoopback: true,
    maxConnections: 4,
    timeoutMs: 300_000,
    maxResponseBytes: 10_000_000,
  });
  return {
    vendors: {
      open: ({ accountId }) =>
        Promise.resolve({
          displayName: definition.displayName,
          provider: definition.open(config, secrets, {
            accountId,
            send: makeHttpTransport(client),
            pacer: UNPACED,
            now: () => Date.now(),
          }),
          capabilities: definition.capabilitiesFor(config),
          limits: definition.limits,
          protections: [],
          dashboard: definition.dashboard,
          dashboardLink: (place) => definition.dashboardLink(config, place),
        }),
    },
    close: () => client.close(),
  };
}

/** The same vendor as if it told who its owners are, which no supported one does. */
export function showingOwners(vendors: VendorOpener, isOwner: (agentId: string) => boolean): VendorOpener {
  const shown = (agent: ActualAgent): ActualAgent => ({ ...agent, owner: isOwner(agent.providerUserId) });
  const told = (state: ActualState): ActualState => ({ ...state, agents: state.agents.map(shown) });
  const withOwners = (provider: Provider): Provider =>
    Object.assign(Object.create(provider) as Provider, {
      readAll: async (...args: Parameters<Provider['readAll']>) => told(await provider.readAll(...args)),
      readSubjects: async (...args: Parameters<Provider['readSubjects']>) =>
        told(await provider.readSubjects(...args)),
      async findAgent(...args: Parameters<Provider['findAgent']>) {
        const found = await provider.findAgent(...args);
        return found === null ? null : shown(found);
      },
    });
  return {
    async open(...args) {
      const opened = await vendors.open(...args);
      return { ...opened, provider: withOwners(opened.provider) };
    },
  };
}
