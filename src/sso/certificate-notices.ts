import type { Mail } from '../mail/ports.js';
import type { SsoConnection } from './connection.js';
import { IDP_WORDS } from './idp-words.js';
import type { ConnectionStore } from './ports.js';
import { warningsFor, type CertificateWarning } from './saml/certificates.js';

export interface CertificateNoticesDeps {
  readonly connections: Pick<ConnectionStore, 'listActive'>;
  /** Writes into the outbox; one that was written before is not written again. Returns whether it was. */
  readonly writeMail: (tenantId: string, mail: Mail) => Promise<boolean>;
  /** Origin of the service, without a trailing slash. */
  readonly publicUrl: string;
  readonly now: () => Date;
}

/**
 * Tells a tenant 60, 30 and 7 days before a certificate of its identity provider runs out, and when it has: once each,
 * however often and by however many processes this is run. Returns how many e-mails were written.
 */
export type CertificateNotices = () => Promise<number>;

export function makeCertificateNotices(deps: CertificateNoticesDeps): CertificateNotices {
  return async () => {
    let written = 0;
    for (const connection of await deps.connections.listActive()) {
      for (const warning of warningsFor(connection.idp?.certificates ?? [], deps.now())) {
        // Where another certificate takes over, nobody has to do anything; the console shows it all the same.
        if (warning.hasSuccessor) continue;
        const isNew = await deps.writeMail(connection.tenantId, writeMail(deps, connection, warning));
        written += isNew ? 1 : 0;
      }
    }
    return written;
  };
}

function writeMail(
  { publicUrl }: CertificateNoticesDeps,
  connection: SsoConnection,
  warning: CertificateWarning,
): Mail {
  const { name: idp, certificate, place } = IDP_WORDS[connection.idpKind];
  const day = warning.notAfter.toISOString().slice(0, 10);
  const page = `${publicUrl}/console/sso/connections/${encodeURIComponent(connection.name)}`;
  const paragraphs = [
    warning.threshold === 'expired'
      ? `The certificate with which ${idp} signs the sign-ins of "${connection.label}" ran out on ${day}. Nobody can sign in with it any more.`
      : `The certificate with which ${idp} signs the sign-ins of "${connection.label}" runs out on ${day}. From then on nobody can sign in with it.`,
    `What to do: at ${idp}, open ${place}, go to ${certificate}, and add a new certificate before you make it the active one.`,
    connection.metadata.url === null
      ? `Then give the new metadata to Patchbay: ${page}`
      : `Patchbay reads the metadata there every day and knows the new one by itself. You can see that it does: ${page}`,
    `SHA-256 of the certificate: ${warning.fingerprint}`,
  ];
  return {
    kind: 'certificate',
    recipients: null,
    subject: subjectOf(connection.label, warning),
    text: `${paragraphs.join('\n\n')}\n`,
    dedupeKey: `sso-certificate:${connection.id}:${warning.fingerprint}:${String(warning.threshold)}`,
  };
}

function subjectOf(label: string, { threshold, daysLeft }: CertificateWarning): string {
  if (threshold === 'expired') return `Single sign-on "${label}": the certificate has run out`;
  const left = daysLeft === 1 ? '1 day' : `${String(daysLeft)} days`;
  return `Single sign-on "${label}": the certificate runs out in ${left}`;
}
