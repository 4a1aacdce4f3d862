import { X509Certificate } from 'node:crypto';
import { AppError } from '../../domain/errors.js';

export interface CertificateInfo {
  /** SHA-256 over the certificate, hex pairs with colons. */
  readonly fingerprint: string;
  readonly subject: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

const RSA_BITS_MIN = 2048;

/**
 * Reads a certificate as admins paste it (PEM, or the bare base64 of a metadata file) and returns it as PEM.
 * Throws AppError `invalid` for anything that could not verify a signature safely.
 */
export function normaliseCertificate(pasted: string): string {
  const base64 = pasted.replace(/-----(?:BEGIN|END) CERTIFICATE-----/g, '').replace(/\s/g, '');
  if (/PRIVATE KEY/.test(pasted)) {
    throw new AppError(
      'invalid',
      'This is a private key, which must never leave the IdP; nothing was stored. Treat it as exposed: replace the ' +
        'key at the IdP, then paste the certificate (BEGIN CERTIFICATE).',
    );
  }
  const certificate = parseOrRefuse(base64);
  const key = certificate.publicKey;
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== 'rsa' && key.asymmetricKeyType !== 'rsa-pss') {
    throw new AppError(
      'invalid',
      `The certificate holds a key of type ${key.asymmetricKeyType ?? 'unknown'}; only RSA keys can be used. Choose RSA at the IdP.`,
    );
  }
  if (bits < RSA_BITS_MIN) {
    throw new AppError(
      'invalid',
      `The certificate's key has ${bits} bits; at least ${RSA_BITS_MIN} are needed.`,
    );
  }
  return toPem(base64);
}

function parseOrRefuse(base64: string): X509Certificate {
  try {
    return new X509Certificate(Buffer.from(base64, 'base64'));
  } catch (error) {
    throw new AppError(
      'invalid',
      'This is not a certificate. Copy everything from BEGIN CERTIFICATE to END CERTIFICATE.',
      { cause: error },
    );
  }
}

export function toPem(base64: string): string {
  const lines = base64.match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

export function certificateInfo(pem: string): CertificateInfo {
  const certificate = new X509Certificate(pem);
  return {
    fingerprint: certificate.fingerprint256,
    subject: certificate.subject.replaceAll('\n', ', '),
    notBefore: certificate.validFromDate,
    notAfter: certificate.validToDate,
  };
}

/** The certificates that may vouch for a signature at `now`. Entra requires that an expired one does not. */
export function usableCertificates(pems: readonly string[], now: Date): readonly string[] {
  return pems.filter((pem) => {
    const { notBefore, notAfter } = certificateInfo(pem);
    return notBefore <= now && now <= notAfter;
  });
}

/** Days ahead of expiry at which an admin is told. */
export const WARNING_DAYS = [60, 30, 7] as const;

export interface CertificateWarning {
  readonly fingerprint: string;
  readonly subject: string;
  readonly notAfter: Date;
  /** Whole days left; 0 and below: expired. */
  readonly daysLeft: number;
  /** The tightest threshold reached. */
  readonly threshold: 60 | 30 | 7 | 'expired';
  /** Whether another certificate of the connection is valid for longer than this warning looks ahead. */
  readonly hasSuccessor: boolean;
}

/** Certificates of one connection that run out, most urgent first. */
export function warningsFor(pems: readonly string[], now: Date): readonly CertificateWarning[] {
  const infos = pems.map((pem) => certificateInfo(pem));
  const warnings = infos.flatMap((info) => {
    const daysLeft = Math.floor((info.notAfter.getTime() - now.getTime()) / 86_400_000);
    const threshold = daysLeft < 0 ? 'expired' : [7, 30, 60].find((days) => daysLeft <= days);
    if (threshold === undefined) return [];
    const lookahead = now.getTime() + WARNING_DAYS[0] * 86_400_000;
    const hasSuccessor = infos.some(
      (other) => other.notBefore <= now && other.notAfter.getTime() > lookahead,
    );
    const { fingerprint, subject, notAfter } = info;
    return [{ fingerprint, subject, notAfter, daysLeft, threshold, hasSuccessor } as CertificateWarning];
  });
  return warnings.sort((one, other) => one.daysLeft - other.daysLeft);
}
