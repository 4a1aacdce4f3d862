import type { ClientWithSecrets, Federation, OAuthClientSecret } from '../../tenancy/oauth/ports.js';
import type { Services } from '../services.js';

export interface NewClientOptions {
  /** Life of its access tokens. */
  readonly tokenMinutes?: number;
  /** Life of its secret. */
  readonly validDays?: number;
}

/** What an identity provider is to be given. The secret is null where it proves itself by tokens of its own. */
export interface MadeClient {
  readonly id: string;
  readonly clientId: string;
  readonly secret: string | null;
  readonly secretExpiresAt: Date | null;
  readonly tokenEndpoint: string;
  readonly scimBaseUrl: string;
}

export const COPY_NOW = 'Copy it now: it is stored as a hash and cannot be shown again.';

/** Makes a client with a secret, or without one where its federation proves who it is. */
export async function createClient(
  { oauthClients, tokenEndpoint, scimBaseUrl }: Services,
  owner: { readonly tenantId: string; readonly actor: string; readonly name: string },
  { tokenMinutes, validDays }: NewClientOptions,
  federation: Federation | null,
): Promise<MadeClient> {
  const client = await oauthClients.create({
    ...owner,
    ...(tokenMinutes === undefined ? {} : { accessTokenSeconds: tokenMinutes * 60 }),
    ...(federation === null ? {} : { federation }),
  });
  const { tenantId, actor } = owner;
  const life = validDays === undefined ? {} : { validDays };
  const made =
    federation === null ? await oauthClients.addSecret({ tenantId, actor, id: client.id, ...life }) : null;
  return {
    id: client.id,
    clientId: client.clientId,
    secret: made?.secret ?? null,
    secretExpiresAt: made?.record.expiresAt ?? null,
    tokenEndpoint,
    scimBaseUrl,
  };
}

export function describeMade(made: MadeClient): string {
  const lines = [
    `SCIM base URL   ${made.scimBaseUrl}`,
    `Token endpoint  ${made.tokenEndpoint}`,
    `Client id       ${made.clientId}`,
  ];
  if (made.secret === null) return lines.join('\n');
  return [...lines, `Client secret   ${made.secret}`, '', COPY_NOW].join('\n');
}

/** Cells of a table: id, name, client id, state, how it proves itself. */
export function describeClient({ client, secrets }: ClientWithSecrets): readonly string[] {
  const state = client.revokedAt === null ? 'valid' : `revoked ${day(client.revokedAt)}`;
  const proofs = [
    ...(client.federation === null ? [] : [`tokens of ${client.federation.issuer}`]),
    ...secrets.filter(({ revokedAt }) => revokedAt === null).map(describeSecret),
  ];
  return [client.id, client.name, client.clientId, state, proofs.join(', ') || 'nothing: add a secret'];
}

function describeSecret({ id, hint, expiresAt }: OAuthClientSecret): string {
  return `${hint} until ${day(expiresAt)} (${id})`;
}

function day(at: Date): string {
  return at.toISOString().slice(0, 10);
}
