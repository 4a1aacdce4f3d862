import { AppError } from '../domain/errors.js';
import type { ManualRecord } from '../domain/manual-record.js';
import { decryptSecret, SecretUnreadableError, type Keyring } from '../lib/crypto.js';
import { makeHttpClient } from '../lib/http-client.js';
import { makeHttpTransport } from '../providers/http-transport.js';
import type { AccountFacts, Pacer, Provider, ProviderDefinition } from '../providers/port.js';
import { providerDefinition } from '../providers/registry.js';
import type { AccountKey } from '../reconcile/account.js';
import { secretContext, type Account } from '../tenancy/account.js';

export interface ProviderAccessDeps {
  /** Whether accounts may point at this machine: for the sandbox. */
  readonly allowLoopback: boolean;
  readonly keyring: Keyring;
  readonly now: () => Date;
  /** What is known of a phone system without an API. */
  readonly record: (account: AccountKey) => Promise<ManualRecord>;
}

/** The way to vendors: one guarded HTTP client for all accounts, credentials decrypted for the moment of use. */
export interface ProviderAccess {
  readonly definition: (providerId: string) => ProviderDefinition;
  /** Tries a credential that is not stored yet. */
  readonly validate: (
    definition: ProviderDefinition,
    config: unknown,
    secrets: unknown,
  ) => Promise<AccountFacts>;
  /** Throws AppError `credential` when the stored secret cannot be decrypted. */
  open(account: Account, pacer: Pacer): Provider;
  close(): void;
}

/** Vendors answer lists of 50; a page beyond this is not theirs. */
const RESPONSE_MAX_BYTES = 20_000_000;
const TIMEOUT_MS = 30_000;

export function makeProviderAccess({
  allowLoopback,
  keyring,
  now,
  record,
}: ProviderAccessDeps): ProviderAccess {
  const client = makeHttpClient({
    allowLoopback,
    maxConnections: 8,
    timeoutMs: TIMEOUT_MS,
    maxResponseBytes: RESPONSE_MAX_BYTES,
  });
  const send = makeHttpTransport(client);
  const nowMs = () => now().getTime();
  return {
    definition: providerDefinition,
    validate(definition, accountConfig, secrets) {
      const deps = { accountId: 'not stored yet', send, pacer: UNPACED, now: nowMs };
      return definition.open(accountConfig, secrets, deps).validate();
    },
    open(account, pacer) {
      const definition = providerDefinition(account.provider);
      const secrets: unknown = JSON.parse(decryptAccountSecrets(account, keyring));
      const key = { tenantId: account.tenantId, accountId: account.id };
      const deps = { accountId: account.id, send, pacer, now: nowMs, record: () => record(key) };
      return definition.open(
        definition.configSchema.parse(account.config),
        definition.secretSchema.parse(secrets),
        deps,
      );
    },
    close: () => client.close(),
  };
}

/** For the one or two requests of a credential check, before there is an account to pace. */
const UNPACED: Pacer = { take: () => Promise.resolve(), observe: () => undefined };

function decryptAccountSecrets(account: Account, keyring: Keyring): string {
  try {
    return decryptSecret(account.secrets, keyring, secretContext(account.tenantId, account.id));
  } catch (error) {
    if (!(error instanceof SecretUnreadableError)) throw error;
    throw new AppError(
      'credential',
      `The stored credential of account "${account.name}" cannot be decrypted with the present keys. ` +
        `Put the key "${error.keyId ?? 'unknown'}" back into PATCHBAY_ENCRYPTION_KEYS, or enter the credential again: patchbay account credential`,
      { cause: error },
    );
  }
}
