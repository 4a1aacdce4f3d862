import type { Logger } from 'pino';
import type { ArchiveDeps } from '../deprovision/archive/ports.js';
import { derivePublicUrl, type Config } from '../config/config.js';
import { loadKeyring } from '../config/keyring.js';
import { systemClock, type Clock } from '../lib/clock.js';
import { encryptSecret, type Keyring } from '../lib/crypto.js';
import { makeIdSource } from '../lib/ids.js';
import { mintToken } from '../lib/tokens.js';
import { makeAccountStore } from '../store/accounts.js';
import { openDatabase, type TenantDatabase } from '../store/database.js';
import { makeEngineAccountStore } from '../store/engine-accounts.js';
import { startEmbeddedPostgres } from '../store/embedded/embedded-postgres.js';
import { migrateToLatest, type MigrationReport } from '../store/migrate.js';
import { readRecord } from '../store/manual/record.js';
import { makeOAuthStore } from '../store/oauth/store.js';
import { makeRuleSetStore } from '../store/rule-set-versions.js';
import { makeSigningKeys, type SigningKeys } from '../store/retention/signing-keys.js';
import { makeTenantStore } from '../store/tenants.js';
import { makeTokenStore } from '../store/tokens.js';
import type { Account } from '../tenancy/account.js';
import { makeAccounts, type Accounts } from '../tenancy/accounts.js';
import type { AccountStore } from '../tenancy/ports.js';
import { makeOAuthClients, type OAuthClients } from '../tenancy/oauth/clients.js';
import { makeTenants, type Tenants } from '../tenancy/tenants.js';
import { makeRules, type Rules } from '../rules/rules.js';
import { makeTokens, type Tokens } from '../tenancy/tokens.js';
import { buildArchive } from './archive.js';
import { checkRules, parseRules } from './rules.js';
import { readDemoMemory } from './demo/memory.js';
import { makeProviderAccess, type ProviderAccess } from './provider-access.js';

export interface ServicesOptions {
  readonly config: Config;
  readonly log: Logger;
}

/** What every role of the process stands on: the migrated database, the keys, and the administration. */
export interface Services {
  readonly config: Config;
  readonly log: Logger;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly keyring: Keyring;
  readonly databaseUrl: string;
  readonly database: TenantDatabase;
  readonly migrations: MigrationReport;
  readonly providers: ProviderAccess;
  readonly tenants: Tenants;
  readonly tokens: Tokens;
  readonly oauthClients: OAuthClients;
  readonly accounts: Accounts;
  readonly accountStore: AccountStore;
  readonly rules: Rules;
  readonly archive: ArchiveDeps;
  readonly signingKeys: SigningKeys;
  readonly scimBaseUrl: string;
  /** Where OAuth clients get their access tokens. */
  readonly tokenEndpoint: string;
  /** Whether connections may go to this machine: for the sandbox and for tests. */
  readonly allowLoopback: boolean;
  /** Asks whoever runs the account's applier to read and plan the whole account soon. */
  lookAgain(account: Account): Promise<void>;
  close(): Promise<void>;
}

/** Opens the database (starting the built-in one where none is named), migrates it, and builds what stands on it. */
export async function openServices(options: ServicesOptions): Promise<Services> {
  const { config, log } = options;
  // A data folder with a demo in it has accounts that point at the sandbox on this machine.
  const hasDemo = config.demo || (await readDemoMemory(config.dataDir)) !== null;
  const keyring = await loadKeyring(config);
  const postgres = await openPostgres(config, log);
  try {
    const migrations = await migrateToLatest(postgres.url);
    const database = await openDatabase({ url: postgres.url, poolMax: config.databasePoolMax, log });
    const allowLoopback = config.allowLoopbackProviders || hasDemo;
    return buildServices({ ...options, keyring, postgres, migrations, database, allowLoopback });
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

interface Parts extends ServicesOptions {
  readonly keyring: Keyring;
  readonly postgres: { readonly url: string; stop(): Promise<void> };
  readonly migrations: MigrationReport;
  readonly database: TenantDatabase;
  readonly allowLoopback: boolean;
}

function buildServices({
  config,
  log,
  keyring,
  postgres,
  migrations,
  database,
  allowLoopback,
}: Parts): Services {
  const clock = systemClock;
  const newId = makeIdSource(clock);
  const now = () => clock.now();
  const accountStore = makeAccountStore(database);
  const engineAccounts = makeEngineAccountStore(database);
  const providers = makeProviderAccess({
    allowLoopback,
    keyring,
    now,
    record: (account) => readRecord(database.forTenant(account.tenantId), account),
  });
  return {
    config,
    log,
    clock,
    newId,
    keyring,
    databaseUrl: postgres.url,
    database,
    migrations,
    providers,
    accountStore,
    archive: buildArchive({ config, database, accounts: accountStore, keyring, allowLoopback }),
    signingKeys: makeSigningKeys({ database, keyring, now }),
    rules: makeRules({
      store: makeRuleSetStore(database),
      parse: parseRules,
      check: (tenantId, ruleSet) => checkRules({ accounts: accountStore, providers }, tenantId, ruleSet),
      now,
    }),
    tenants: makeTenants({ tenants: makeTenantStore(database), newId, now }),
    tokens: makeTokens({ tokens: makeTokenStore(database), mint: mintToken, newId, now }),
    oauthClients: makeOAuthClients({
      store: makeOAuthStore(database),
      mintSecret: () => mintToken('secret'),
      newId,
      now,
    }),
    accounts: makeAccounts({
      accounts: accountStore,
      definition: providers.definition,
      validate: providers.validate,
      encrypt: (plain, context) => encryptSecret(plain, keyring, context),
      newId,
      now,
    }),
    scimBaseUrl: `${derivePublicUrl(config, config.port)}/scim/v2`,
    tokenEndpoint: `${derivePublicUrl(config, config.port)}/oauth/token`,
    allowLoopback,
    lookAgain: (account) =>
      engineAccounts.requestReconcile({ tenantId: account.tenantId, accountId: account.id }, 'manual', now()),
    async close() {
      providers.close();
      await database.close();
      await postgres.stop();
    },
  };
}

async function openPostgres(config: Config, log: Logger): Promise<Parts['postgres']> {
  if (config.databaseUrl === undefined) return startEmbeddedPostgres({ dataDir: config.dataDir, log });
  return { url: config.databaseUrl, stop: () => Promise.resolve() };
}
