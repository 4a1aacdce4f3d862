import { AppError } from '../domain/errors.js';
import { z } from 'zod';
import { keyContext, serviceProvider, type ServiceProvider, type SsoConnection } from './connection.js';
import type { OpenKeys, SamlParty } from './saml/check.js';

export interface PartyDeps {
  /** Origin of the service, without a trailing slash. */
  readonly publicUrl: string;
  /** Opens an encrypted envelope for its context. */
  readonly open: (sealed: string, context: readonly string[]) => string;
}

const privateKeysSchema = z.strictObject({ signing: z.string(), encryption: z.string() });

/** Both private keys as the text that is encrypted. */
export function packKeys(keys: z.infer<typeof privateKeysSchema>): string {
  return JSON.stringify(keys);
}

export function openKeys(deps: PartyDeps, connection: SsoConnection): OpenKeys {
  const { signingCertificate, encryptionCertificate, sealed } = connection.keys;
  const opened = deps.open(sealed, keyContext(connection.tenantId, connection.id));
  const { signing, encryption } = privateKeysSchema.parse(JSON.parse(opened));
  return { signingKey: signing, signingCertificate, encryptionKey: encryption, encryptionCertificate };
}

export function addressesOf(deps: PartyDeps, tenantSlug: string, connection: SsoConnection): ServiceProvider {
  return serviceProvider(deps.publicUrl, tenantSlug, connection.name);
}

/** Both sides of a connection, ready to exchange messages. Throws AppError `conflict` while the IdP's is unknown. */
export function openParty(deps: PartyDeps, tenantSlug: string, connection: SsoConnection): SamlParty {
  if (connection.idp === null) {
    throw new AppError(
      'conflict',
      `The connection "${connection.name}" does not know its identity provider yet. Add the IdP's metadata first.`,
    );
  }
  return {
    sp: addressesOf(deps, tenantSlug, connection),
    idp: connection.idp,
    settings: connection.settings,
    keys: openKeys(deps, connection),
  };
}
