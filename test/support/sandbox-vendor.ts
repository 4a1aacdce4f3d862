import { makeHttpClient } from '../../src/lib/http-client.js';
import { aircall } from '../../src/providers/aircall/definition.js';
import { makeHttpTransport } from '../../src/providers/http-transport.js';
import type { Pacer } from '../../src/providers/port.js';
import type { VendorOpener } from '../../src/reconcile/ports.js';

export interface SandboxAccount {
  readonly url: string;
  readonly apiId: string;
  readonly apiToken: string;
}

const UNPACED: Pacer = { take: () => Promise.resolve(), observe: () => undefined };

/** The Aircall adapter over real HTTP against a sandbox, without a limit on requests. */
export function sandboxVendors(sandbox: SandboxAccount): { readonly vendors: VendorOpener; close(): void } {
  const client = makeHttpClient({
    allowLoopback: true,
    maxConnections: 4,
    timeoutMs: 10_000,
    maxResponseBytes: 10_000_000,
  });
  const config = aircall.configSchema.parse({ baseUrl: sandbox.url, requestsPerMinute: 6_000 });
  const secrets = aircall.secretSchema.parse({ apiId: sandbox.apiId, apiToken: sandbox.apiToken });
  return {
    vendors: {
      open: ({ accountId }) =>
        Promise.resolve({
          displayName: aircall.displayName,
          provider: aircall.open(config, secrets, {
            accountId,
            send: makeHttpTransport(client),
            pacer: UNPACED,
            now: () => Date.now(),
          }),
          capabilities: aircall.capabilitiesFor(config),
          limits: aircall.limits,
          protections: [],
          dashboard: aircall.dashboard,
          dashboardLink: (place) => aircall.dashboardLink(config, place),
        }),
    },
    close: () => client.close(),
  };
}
