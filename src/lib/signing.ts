import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { canonicalJson } from './canonical-json.js';

/** An Ed25519 signature over the canonical JSON of a document (RFC 8032, RFC 8785). */
export interface Signature {
  readonly algorithm: 'Ed25519';
  /** First 16 hex digits of the SHA-256 of the public key. */
  readonly keyId: string;
  /** SubjectPublicKeyInfo, DER, base64. */
  readonly publicKey: string;
  /** base64. */
  readonly value: string;
}

export interface SigningKey {
  readonly keyId: string;
  readonly publicKey: string;
  /** PKCS #8, DER, base64: to be stored encrypted. */
  readonly privateKey: string;
}

export function generateSigningKey(): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64');
  return { keyId: keyIdOf(spki), publicKey: spki, privateKey: pkcs8 };
}

export function signDocument(document: unknown, key: SigningKey): Signature {
  const privateKey = createPrivateKey({
    key: Buffer.from(key.privateKey, 'base64'),
    type: 'pkcs8',
    format: 'der',
  });
  const value = sign(null, Buffer.from(canonicalJson(document)), privateKey).toString('base64');
  return { algorithm: 'Ed25519', keyId: key.keyId, publicKey: key.publicKey, value };
}

/** Whether the signature is this key's over exactly this document. Whose key it is, only its id tells. */
export function verifyDocument(document: unknown, signature: Signature): boolean {
  const key = readPublicKey(signature.publicKey);
  if (key === null || keyIdOf(signature.publicKey) !== signature.keyId) return false;
  return verify(null, Buffer.from(canonicalJson(document)), key, Buffer.from(signature.value, 'base64'));
}

function readPublicKey(spki: string): KeyObject | null {
  try {
    const key = createPublicKey({ key: Buffer.from(spki, 'base64'), type: 'spki', format: 'der' });
    return key.asymmetricKeyType === 'ed25519' ? key : null;
  } catch {
    return null;
  }
}

function keyIdOf(spki: string): string {
  return createHash('sha256').update(Buffer.from(spki, 'base64')).digest('hex').slice(0, 16);
}
