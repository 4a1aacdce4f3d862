import { startService } from '../../src/app/serve.js';
import { loadConfig } from '../../src/config/config.js';
import { generateKeyringEntry } from '../../src/lib/crypto.js';
import { makeAircallSandbox } from '../../src/sandbox/aircall/sandbox.js';
import type { TestDatabase } from './database.js';
import { freePort } from './free-port.js';

/** The whole service in this process, with a tenant, an empty phone system and no identity provider yet. */
export type SetupWorld = Awaited<ReturnType<typeof openSetupWorld>>;

export async function openSetupWorld(database: TestDatabase) {
  const service = await startService(config(database.url, await freePort()));
  const { services } = service;
  const tenant = await services.tenants.create({ slug: 'acme', name: 'Acme Ltd', actor: 'test' });
  const sandbox = makeAircallSandbox({ settings: { requestsPerMinute: 1_000_000 } });
  const { url } = await sandbox.start();
  const { apiId, apiToken } = await sandbox.dashboard.seedCompany({
    name: 'Acme Telephony',
    owner: { email: 'olivia@acme.example', firstName: 'Olivia', lastName: 'Owner' },
    teams: ['Sales'],
    numbers: [],
  });
  await services.accounts.create({
    tenantId: tenant.id,
    name: 'aircall',
    provider: 'aircall',
    config: { baseUrl: url, dashboardUrl: url, requestsPerMinute: 6_000 },
    secrets: { apiId, apiToken },
    policy: 'report-only',
    validate: true,
    actor: 'test',
  });
  return {
    service,
    services,
    tenant,
    sandbox,
    origin: service.url,
    /** A token of the admin API that may do everything. */
    async apiToken(): Promise<string> {
      const { token } = await services.tokens.create({
        tenantId: tenant.id,
        kind: 'admin',
        name: 'test',
        scopes: ['read', 'sso:write', 'access:read'],
        expiresAt: null,
        actor: 'test',
      });
      return token;
    },
    async stop() {
      await service.stop();
      await sandbox.stop();
      await database.drop();
    },
  };
}

function config(url: string, port: number) {
  const loaded = loadConfig({
    argv: [
      '--database-url',
      url,
      '--allow-loopback-providers',
      '--port',
      String(port),
      '--log-level',
      'silent',
    ],
    env: { PATCHBAY_ENCRYPTION_KEYS: generateKeyringEntry('test') },
    readFile: () => '',
  });
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'));
  return loaded.config;
}
