import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';

/** Keys by id. New secrets are written with the current key; the others can still read what they wrote. */
export interface Keyring {
  readonly currentKeyId: string;
  /** As key objects: they print and serialise without their contents. */
  readonly keys: ReadonlyMap<string, KeyObject>;
}

/** The keyring's text cannot be used. Names the entry, never its contents. */
export class KeyringError extends Error {
  override readonly name = 'KeyringError';
}

/**
 * A stored secret cannot be read: `malformed` is not an envelope, `unknownKey` was written with a key that the
 * keyring lacks, `refused` was changed, moved from another context, or written with another key of the same id.
 */
export class SecretUnreadableError extends Error {
  override readonly name = 'SecretUnreadableError';
  readonly reason: 'malformed' | 'unknownKey' | 'refused';
  readonly keyId: string | undefined;

  constructor(reason: 'malformed' | 'unknownKey' | 'refused', keyId: string | undefined) {
    super(`A stored secret cannot be decrypted (${reason}${keyId === undefined ? '' : `, key ${keyId}`}).`);
    this.reason = reason;
    this.keyId = keyId;
  }
}

const version = 'v1';
const ivBytes = 12;
const tagBytes = 16;
const keyBytes = 32;
const envelopePattern = /^v1\.([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9_-]+)$/;

/**
 * Reads `id:base64key,id:base64key`: keys of 32 bytes, the first one current. To rotate, put a new key in front and
 * keep the old ones until nothing is encrypted with them any more.
 * @throws KeyringError
 */
export function parseKeyring(text: string): Keyring {
  const keys = new Map<string, KeyObject>();
  for (const [index, entry] of text.split(',').entries()) {
    const [, id, encoded] = /^\s*([A-Za-z0-9_-]{1,64}):([A-Za-z0-9+/_-]+={0,2})\s*$/.exec(entry) ?? [];
    if (id === undefined || encoded === undefined) {
      throw new KeyringError(`Key ${index + 1} is not written as id:base64key.`);
    }
    const bytes = Buffer.from(encoded, 'base64');
    if (bytes.length !== keyBytes) {
      throw new KeyringError(`Key "${id}" has ${bytes.length} bytes; it must have ${keyBytes}.`);
    }
    if (keys.has(id)) throw new KeyringError(`Key "${id}" is there twice.`);
    keys.set(id, createSecretKey(bytes));
  }
  const [currentKeyId = ''] = keys.keys();
  return { currentKeyId, keys };
}

/** A fresh key, written as `parseKeyring` reads it. */
export function generateKeyringEntry(id: string): string {
  return `${id}:${randomBytes(keyBytes).toString('base64')}`;
}

/**
 * Encrypts with AES-256-GCM under the current key. `context` says what the secret is (tenant, account, field): the
 * envelope opens only there, so one copied into another row is refused.
 */
export function encryptSecret(plain: string, keyring: Keyring, context: readonly string[]): string {
  const keyId = keyring.currentKeyId;
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', findKey(keyring, keyId), iv, { authTagLength: tagBytes });
  cipher.setAAD(additionalData(keyId, context));
  const encrypted = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  const sealed = Buffer.concat([iv, cipher.getAuthTag(), encrypted]);
  return `${version}.${keyId}.${sealed.toString('base64url')}`;
}

/** @throws SecretUnreadableError */
export function decryptSecret(envelope: string, keyring: Keyring, context: readonly string[]): string {
  const { keyId, sealed } = openEnvelope(envelope);
  const key = findKey(keyring, keyId);
  const iv = sealed.subarray(0, ivBytes);
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes });
  decipher.setAAD(additionalData(keyId, context));
  decipher.setAuthTag(sealed.subarray(ivBytes, ivBytes + tagBytes));
  try {
    const plain = [decipher.update(sealed.subarray(ivBytes + tagBytes)), decipher.final()];
    return Buffer.concat(plain).toString('utf8');
  } catch {
    throw new SecretUnreadableError('refused', keyId);
  }
}

/** Whether the envelope was written with an older key than the current one. @throws SecretUnreadableError */
export function isSecretOutdated(envelope: string, keyring: Keyring): boolean {
  return openEnvelope(envelope).keyId !== keyring.currentKeyId;
}

function openEnvelope(envelope: string): { readonly keyId: string; readonly sealed: Buffer } {
  const [, keyId, encoded] = envelopePattern.exec(envelope) ?? [];
  if (keyId === undefined || encoded === undefined) throw new SecretUnreadableError('malformed', undefined);
  const sealed = Buffer.from(encoded, 'base64url');
  if (sealed.length < ivBytes + tagBytes) throw new SecretUnreadableError('malformed', keyId);
  return { keyId, sealed };
}

function findKey(keyring: Keyring, keyId: string): KeyObject {
  const key = keyring.keys.get(keyId);
  if (key === undefined) throw new SecretUnreadableError('unknownKey', keyId);
  return key;
}

/** As JSON, so that ["a", "bc"] and ["ab", "c"] differ. */
function additionalData(keyId: string, context: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify([version, keyId, ...context]));
}
