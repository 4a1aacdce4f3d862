import { createPrivateKey, createPublicKey, generateKeyPair, randomBytes, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { toPem } from './certificates.js';

export interface KeyPair {
  /** PKCS#8 PEM. */
  readonly privateKey: string;
  /** Self-signed, PEM. */
  readonly certificate: string;
}

export interface CertificateRequest {
  readonly commonName: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

const generate = promisify(generateKeyPair);

/** A fresh RSA key pair with a certificate around the public half. IdPs want keys wrapped so; nobody verifies a chain. */
export async function generateKeyPairWithCertificate(request: CertificateRequest): Promise<KeyPair> {
  const { privateKey } = await generate('rsa', { modulusLength: 3072 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { privateKey: pem, certificate: selfSignedCertificate(pem, request) };
}

/** An X.509 certificate (RFC 5280 section 4.1) over an RSA key, signed by itself with SHA-256. */
export function selfSignedCertificate(privateKeyPem: string, request: CertificateRequest): string {
  const key = createPrivateKey(privateKeyPem);
  const name = distinguishedName(request.commonName);
  const body = sequence(
    VERSION_3,
    serialNumber(),
    SHA256_WITH_RSA,
    name,
    sequence(time(request.notBefore), time(request.notAfter)),
    name,
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
  );
  const signature = sign('RSA-SHA256', body, key);
  const certificate = sequence(
    body,
    SHA256_WITH_RSA,
    tagged(0x03, Buffer.concat([Buffer.from([0]), signature])),
  );
  return toPem(certificate.toString('base64'));
}

function tagged(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag]), derLength(content.length), content]);
}

function derLength(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes = Buffer.from(length.toString(16).padStart(length > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

const VERSION_3 = tagged(0xa0, tagged(0x02, Buffer.from([2])));

/** 16 random bytes, made positive and free of a needless leading zero. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x3f) | 0x40, 0);
  return tagged(0x02, bytes);
}

function objectId(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, 'hex'));
}

/** 1.2.840.113549.1.1.11 */
const SHA256_WITH_RSA = sequence(objectId('2a864886f70d01010b'), tagged(0x05, Buffer.alloc(0)));

/** 2.5.4.3 */
function distinguishedName(commonName: string): Buffer {
  return sequence(tagged(0x31, sequence(objectId('550403'), tagged(0x0c, Buffer.from(commonName, 'utf8')))));
}

/** UTCTime until 2049, GeneralizedTime from 2050 (RFC 5280 section 4.1.2.5). */
function time(at: Date): Buffer {
  const digits = at.toISOString().replace(/[-:T]|\.\d+/g, '');
  return at.getUTCFullYear() < 2050
    ? tagged(0x17, Buffer.from(digits.slice(2)))
    : tagged(0x18, Buffer.from(digits));
}
