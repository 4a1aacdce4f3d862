import {
  connectionSettingsSchema,
  serviceProvider,
  type ConnectionSettings,
} from '../../src/sso/connection.js';
import type { OpenKeys, SamlParty } from '../../src/sso/saml/check.js';
import { makeSigningKey, type TestIdp } from './idp.js';

export const PUBLIC_URL = 'https://patchbay.example.test';

/** One set of keys of ours for a whole test file: generating RSA keys is slow. */
export function makeOpenKeys(): OpenKeys {
  const signing = makeSigningKey({ commonName: 'Patchbay signing' });
  const encryption = makeSigningKey({ commonName: 'Patchbay encryption' });
  return {
    signingKey: signing.privateKey,
    signingCertificate: signing.certificate,
    encryptionKey: encryption.privateKey,
    encryptionCertificate: encryption.certificate,
  };
}

export function makeParty(
  idp: TestIdp,
  keys: OpenKeys,
  options: {
    readonly settings?: Partial<ConnectionSettings>;
    readonly certificates?: readonly string[];
    readonly tenant?: string;
    readonly connection?: string;
  } = {},
): SamlParty {
  return {
    sp: serviceProvider(PUBLIC_URL, options.tenant ?? 'acme', options.connection ?? 'okta'),
    idp: {
      entityId: idp.entityId,
      ssoUrl: idp.ssoUrl,
      sloUrl: idp.sloUrl,
      certificates: options.certificates ?? [idp.key.certificate],
    },
    settings: connectionSettingsSchema.parse(options.settings ?? {}),
    keys,
  };
}
