import type {
  ConnectionSettings,
  ConnectionState,
  IdpKind,
  ServiceProvider,
  SsoConnection,
} from './connection.js';
import {
  certificateInfo,
  warningsFor,
  type CertificateInfo,
  type CertificateWarning,
} from './saml/certificates.js';

/** A connection as admins see it: everything but private keys. */
export interface ConnectionView {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly idpKind: IdpKind;
  readonly state: ConnectionState;
  /** What to copy into the IdP. */
  readonly serviceProvider: ServiceProvider & {
    readonly signingCertificate: string;
    readonly encryptionCertificate: string;
  };
  readonly idp: {
    readonly entityId: string;
    readonly ssoUrl: string;
    readonly sloUrl: string | null;
    readonly certificates: readonly CertificateInfo[];
  } | null;
  readonly metadata: SsoConnection['metadata'];
  readonly settings: ConnectionSettings;
  readonly warnings: readonly CertificateWarning[];
  readonly createdAt: Date;
}

export function viewConnection(
  connection: SsoConnection,
  addresses: ServiceProvider,
  now: Date,
): ConnectionView {
  const { id, name, label, idpKind, state, idp, metadata, settings, keys, createdAt } = connection;
  return {
    id,
    name,
    label,
    idpKind,
    state,
    serviceProvider: {
      ...addresses,
      signingCertificate: keys.signingCertificate,
      encryptionCertificate: keys.encryptionCertificate,
    },
    idp: idp === null ? null : { ...idp, certificates: idp.certificates.map((pem) => certificateInfo(pem)) },
    metadata,
    settings,
    warnings: warningsFor(idp?.certificates ?? [], now),
    createdAt,
  };
}

/** What runs out of the certificates of these connections. */
export function warningsOf(
  connections: readonly Pick<SsoConnection, 'name' | 'idp'>[],
  now: Date,
): readonly (CertificateWarning & { readonly connection: string })[] {
  return connections.flatMap(({ name, idp }) =>
    warningsFor(idp?.certificates ?? [], now).map((warning) => ({ ...warning, connection: name })),
  );
}
