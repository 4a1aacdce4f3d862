import { z } from 'zod';
import { AppError } from '../domain/errors.js';
import type { AccountPolicy } from '../domain/plan.js';
import { canonicalJson } from '../lib/canonical-json.js';
import type { AccountFacts, ProviderDefinition } from '../providers/port.js';
import {
  accountSettingsSchema,
  archiveSecretContext,
  archiveSecretSchema,
  secretContext,
  type Account,
  type AccountSettings,
} from './account.js';
import type { AccountChange, AccountStore, AuditEntry } from './ports.js';

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

export interface AccountsDeps {
  readonly accounts: AccountStore;
  /** Throws AppError `invalid` that names the known providers. */
  readonly definition: (providerId: string) => ProviderDefinition;
  /** Calls the vendor with a credential that is not stored yet. */
  readonly validate: (
    definition: ProviderDefinition,
    config: unknown,
    secrets: unknown,
  ) => Promise<AccountFacts>;
  readonly encrypt: (plain: string, context: readonly string[]) => string;
  readonly newId: () => string;
  readonly now: () => Date;
}

export interface NewAccount {
  readonly tenantId: string;
  readonly name: string;
  readonly provider: string;
  readonly config: unknown;
  readonly secrets: unknown;
  readonly settings?: unknown;
  /** Report-only unless somebody chose otherwise. */
  readonly policy?: AccountPolicy;
  /** False skips the credential check; for accounts whose vendor cannot be reached yet. */
  readonly validate: boolean;
  readonly actor: string;
}

export interface Accounts {
  /** Throws AppError `invalid`, `conflict`, or what the vendor's credential check threw. Stores nothing then. */
  create(input: NewAccount): Promise<{ readonly account: Account; readonly facts: AccountFacts | null }>;
  list(tenantId: string): Promise<readonly Account[]>;
  /** Throws AppError `notFound` that names the accounts there are. */
  byName(tenantId: string, name: string): Promise<Account>;
  setPolicy(account: Account, policy: AccountPolicy, actor: string): Promise<void>;
  /** The vendor's own settings, such as its address. Throws AppError `invalid` when the vendor's schema refuses them. */
  setConfig(account: Account, config: unknown, actor: string): Promise<void>;
  setSettings(account: Account, settings: unknown, actor: string): Promise<AccountSettings>;
  /** Checks the new credential at the vendor first, then replaces the old one and resumes a paused account. */
  setSecrets(account: Account, secrets: unknown, actor: string): Promise<AccountFacts>;
  /** Stores the credential of the archive's bucket. */
  setArchiveSecrets(account: Account, secrets: unknown, actor: string): Promise<void>;
  /** A reason pauses: no call is made to the vendor until somebody resumes with null. */
  setPaused(account: Account, reason: string | null, actor: string): Promise<void>;
}

/** Administration of phone-system accounts. */
export function makeAccounts(deps: AccountsDeps): Accounts {
  const update = (account: Account, action: string, actor: string, change: AccountChange, data = {}) => {
    const audit = describe(account, action, actor, deps.now(), data);
    return deps.accounts.update(account.tenantId, account.id, change, audit);
  };
  return {
    create: (input) => createAccount(deps, input),
    list: (tenantId) => deps.accounts.list(tenantId),
    byName: (tenantId, name) => findByName(deps, tenantId, name),
    setPolicy: (account, policy, actor) =>
      update(account, 'account.policy-changed', actor, { policy }, { from: account.policy, to: policy }),
    async setConfig(account, config, actor) {
      const parsed = parseConfig(deps.definition(account.provider), config);
      if (canonicalJson(parsed) === canonicalJson(account.config)) return;
      const data = { from: account.config, to: parsed };
      await update(account, 'account.config-changed', actor, { config: parsed }, data);
    },
    async setSettings(account, settings, actor) {
      const parsed = parseOrRefuse(accountSettingsSchema, settings, 'account settings');
      const data = { from: account.settings, to: parsed };
      await update(account, 'account.settings-changed', actor, { settings: parsed }, data);
      return parsed;
    },
    async setSecrets(account, secrets, actor) {
      const definition = deps.definition(account.provider);
      const parsed = parseOrRefuse(definition.secretSchema, secrets, 'credential');
      const facts = await deps.validate(definition, account.config, parsed);
      const sealed = deps.encrypt(JSON.stringify(parsed), secretContext(account.tenantId, account.id));
      await update(account, 'account.credential-replaced', actor, { secrets: sealed, pausedReason: null });
      return facts;
    },
    async setArchiveSecrets(account, secrets, actor) {
      const parsed = parseOrRefuse(archiveSecretSchema, secrets, 'credential of the archive');
      const sealed = deps.encrypt(JSON.stringify(parsed), archiveSecretContext(account.tenantId, account.id));
      await update(account, 'account.archive-credential-replaced', actor, { archiveSecrets: sealed });
    },
    setPaused: (account, reason, actor) => {
      const action = reason === null ? 'account.resumed' : 'account.paused';
      return update(account, action, actor, { pausedReason: reason }, { reason });
    },
  };
}

function describe(account: Account, action: string, actor: string, at: Date, data: object): AuditEntry {
  return { at, actor, action, targetType: 'account', targetId: account.id, data: { ...data } };
}

async function createAccount(
  deps: AccountsDeps,
  input: NewAccount,
): Promise<{ account: Account; facts: AccountFacts | null }> {
  if (!NAME.test(input.name)) {
    throw new AppError(
      'invalid',
      `"${input.name}" cannot be an account's name. Use 1 to 40 lower-case letters, digits and hyphens.`,
    );
  }
  const definition = deps.definition(input.provider);
  const config = parseConfig(definition, input.config);
  const secrets = parseOrRefuse(
    definition.secretSchema,
    input.secrets,
    `${definition.displayName} credential`,
  );
  const facts = input.validate ? await deps.validate(definition, config, secrets) : null;
  const account = assembleAccount(deps, input, config, secrets);
  const { name, provider, policy } = account;
  const data = { name, provider, policy };
  await deps.accounts.insert(
    account,
    describe(account, 'account.created', input.actor, account.createdAt, data),
  );
  return { account, facts };
}

function assembleAccount(
  deps: AccountsDeps,
  input: NewAccount,
  config: Record<string, unknown>,
  secrets: unknown,
): Account {
  const id = deps.newId();
  return {
    tenantId: input.tenantId,
    id,
    name: input.name,
    provider: input.provider,
    config,
    secrets: deps.encrypt(JSON.stringify(secrets), secretContext(input.tenantId, id)),
    archiveSecrets: null,
    policy: input.policy ?? 'report-only',
    settings: parseOrRefuse(accountSettingsSchema, input.settings ?? {}, 'account settings'),
    state: 'active',
    pausedReason: null,
    firstPlanDone: false,
    appliedRuleSetVersion: null,
    appliedActiveUsers: null,
    createdAt: deps.now(),
  };
}

async function findByName(deps: AccountsDeps, tenantId: string, name: string): Promise<Account> {
  const account = await deps.accounts.findByName(tenantId, name);
  if (account !== null) return account;
  const known = (await deps.accounts.list(tenantId)).map((other) => other.name);
  throw new AppError(
    'notFound',
    `There is no account "${name}". ${known.length === 0 ? 'Create one with: patchbay account create' : `Known accounts: ${known.join(', ')}`}.`,
  );
}

function parseConfig(definition: ProviderDefinition, config: unknown): Record<string, unknown> {
  const parsed = parseOrRefuse(definition.configSchema, config, `${definition.displayName} settings`);
  return z.record(z.string(), z.unknown()).parse(parsed);
}

function parseOrRefuse<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.') || what}: ${issue.message}`);
  throw new AppError('invalid', `The ${what} cannot be used, nothing was stored:\n${problems.join('\n')}`);
}
