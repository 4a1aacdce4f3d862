import { promisify } from 'node:util';
import { decrypt } from 'xml-encryption';
import type { XmlElement } from './xml.js';

const decryptXml = promisify(decrypt);

/**
 * Opens an EncryptedAssertion so that our checks see what the signature library will see. Encrypting needs only our
 * published certificate: what comes out is as untrusted as any message, and must be signed inside.
 * @throws Error when it was not encrypted for this key.
 */
export async function decryptAssertion(encrypted: XmlElement, privateKey: string): Promise<string> {
  const xml: unknown = await decryptXml(encrypted.toString(), { key: privateKey });
  if (typeof xml !== 'string') throw new Error('Nothing was decrypted.');
  return xml;
}
