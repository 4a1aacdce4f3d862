import { AppError } from '../../domain/errors.js';
import type { AuditEntry } from '../ports.js';
import type { MintedToken } from '../tokens.js';
import type { ClientWithSecrets, Federation, OAuthClient, OAuthClientSecret, OAuthStore } from './ports.js';

/** Enough to overlap while the IdP's administrators change over. */
const SECRETS_AT_ONCE = 5;
const DAY_MS = 86_400_000;
/** Entra's gallery asks for secrets that live one to three years. */
const SECRET_DAYS = { default: 365, max: 1_096 } as const;
/** Entra's gallery asks for access tokens that live 60 minutes to 6 hours. */
export const ACCESS_TOKEN_SECONDS = { default: 3_600, min: 3_600, max: 21_600 } as const;

export interface OAuthClientsDeps {
  readonly store: OAuthStore;
  readonly mintSecret: () => MintedToken;
  readonly newId: () => string;
  readonly now: () => Date;
}

interface ClientRef {
  readonly tenantId: string;
  readonly id: string;
  readonly actor: string;
}

export interface NewOAuthClient {
  readonly tenantId: string;
  readonly name: string;
  readonly accessTokenSeconds?: number;
  readonly federation?: Federation;
  readonly actor: string;
}

/** Administration of a tenant's OAuth clients. Secrets are shown once and stored as hashes. */
export interface OAuthClients {
  /** Throws AppError `invalid` for a token life out of range or a federation that cannot work. */
  create(input: NewOAuthClient): Promise<OAuthClient>;
  list(tenantId: string): Promise<readonly ClientWithSecrets[]>;
  /** Throws AppError `conflict` with too many valid secrets, `invalid` for a life out of range, `notFound`. */
  addSecret(
    ref: ClientRef & { readonly validDays?: number },
  ): Promise<{ readonly secret: string; readonly record: OAuthClientSecret }>;
  /** Throws AppError `notFound`. */
  revokeSecret(input: { tenantId: string; secretId: string; actor: string }): Promise<void>;
  /** Throws AppError `invalid` or `notFound`. */
  setFederation(ref: ClientRef & { readonly federation: Federation | null }): Promise<void>;
  /** Ends the client, its secrets and its access tokens. Throws AppError `notFound`. */
  revoke(ref: ClientRef): Promise<void>;
}

export function makeOAuthClients(deps: OAuthClientsDeps): OAuthClients {
  const { store, now } = deps;
  return {
    create: (input) => createClient(deps, input),
    list: (tenantId) => store.listClients(tenantId),
    addSecret: (ref) => addSecret(deps, ref),
    async revokeSecret({ tenantId, secretId, actor }) {
      const audit = auditOf('oauth_secret.revoked', secretId, actor, now());
      found(await store.revokeSecret(tenantId, secretId, audit), 'valid secret');
    },
    async setFederation({ tenantId, id, actor, federation }) {
      assertFederation(federation);
      const audit = auditOf('oauth_client.federation_changed', id, actor, now());
      found(await store.setFederation(tenantId, id, federation, audit), 'client');
    },
    async revoke({ tenantId, id, actor }) {
      const audit = auditOf('oauth_client.revoked', id, actor, now());
      found(await store.revokeClient(tenantId, id, audit), 'client');
    },
  };
}

async function createClient(deps: OAuthClientsDeps, input: NewOAuthClient): Promise<OAuthClient> {
  const accessTokenSeconds = input.accessTokenSeconds ?? ACCESS_TOKEN_SECONDS.default;
  const { min, max } = ACCESS_TOKEN_SECONDS;
  assertRange('The life of access tokens', accessTokenSeconds, min, max, 'seconds');
  assertFederation(input.federation ?? null);
  const id = deps.newId();
  const client: OAuthClient = {
    tenantId: input.tenantId,
    id,
    clientId: `patchbay-${id}`,
    name: input.name,
    accessTokenSeconds,
    federation: input.federation ?? null,
    createdAt: deps.now(),
    revokedAt: null,
  };
  await deps.store.insertClient(client, auditOf('oauth_client.created', id, input.actor, client.createdAt));
  return client;
}

async function addSecret(
  deps: OAuthClientsDeps,
  ref: ClientRef & { readonly validDays?: number },
): Promise<{ secret: string; record: OAuthClientSecret }> {
  const validDays = ref.validDays ?? SECRET_DAYS.default;
  assertRange('The life of a secret', validDays, 1, SECRET_DAYS.max, 'days');
  const minted = deps.mintSecret();
  const createdAt = deps.now();
  const expiresAt = new Date(createdAt.getTime() + validDays * DAY_MS);
  const record = { id: deps.newId(), hint: minted.hint, createdAt, expiresAt, revokedAt: null };
  const audit = auditOf('oauth_secret.created', record.id, ref.actor, createdAt);
  const secret = { ...record, hash: minted.hash };
  const outcome = await deps.store.insertSecretWithin(ref.tenantId, ref.id, secret, SECRETS_AT_ONCE, audit);
  if (outcome === 'tooMany') {
    throw new AppError(
      'conflict',
      `This client has ${String(SECRETS_AT_ONCE)} valid secrets already. Revoke one that is no longer used, then try again.`,
    );
  }
  found(outcome === 'inserted', 'client');
  return { secret: minted.token, record };
}

function found(isThere: boolean, what: string): void {
  if (!isThere) throw new AppError('notFound', `There is no ${what} with this id in this tenant.`);
}

function assertRange(what: string, value: number, min: number, max: number, unit: string): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new AppError('invalid', `${what} must be between ${String(min)} and ${String(max)} ${unit}.`);
}

/** http is left to the HTTP client's address check, which allows it for this machine at most. */
function assertFederation(federation: Federation | null): void {
  if (federation === null) return;
  const { jwksUrl, ...texts } = federation;
  const missing = Object.entries(texts).find(([, text]) => text.trim() === '');
  if (missing !== undefined) {
    throw new AppError(
      'invalid',
      `The federation's ${missing[0]} is empty. Copy it from the identity provider.`,
    );
  }
  if (URL.canParse(jwksUrl)) return;
  throw new AppError('invalid', 'The address of the issuer’s keys (JWKS) is not a URL. Copy it whole.');
}

function auditOf(action: string, targetId: string, actor: string, at: Date): AuditEntry {
  return { at, actor, action, targetType: 'oauth_client', targetId };
}
