import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  decryptSecret,
  encryptSecret,
  generateKeyringEntry,
  isSecretOutdated,
  KeyringError,
  parseKeyring,
  SecretUnreadableError,
} from '../../../src/lib/crypto.js';

const context = ['tenant-1', 'account-1', 'apiToken'];
const oldEntry = generateKeyringEntry('2025');
const newEntry = generateKeyringEntry('2026');

function failureOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof SecretUnreadableError) return error.reason;
    throw error;
  }
  return 'none';
}

describe('secrets at rest', () => {
  const keyring = parseKeyring(newEntry);

  it('open again in the same context', () => {
    for (const plain of ['', 'token', 'pässwörd 🔑', 'x'.repeat(100_000)]) {
      expect(decryptSecret(encryptSecret(plain, keyring, context), keyring, context)).toBe(plain);
    }
  });

  it('never look the same twice, and never contain the secret', () => {
    const [one, two] = [encryptSecret('token', keyring, context), encryptSecret('token', keyring, context)];
    expect(one).not.toBe(two);
    expect(Buffer.from(one.split('.')[2] ?? '', 'base64url').includes('token')).toBe(false);
  });

  it('are refused in another tenant, account or field', () => {
    const envelope = encryptSecret('token', keyring, context);
    for (const other of [
      ['tenant-2', 'account-1', 'apiToken'],
      ['tenant-1', 'account-2', 'apiToken'],
      ['tenant-1', 'account-1', 'apiId'],
      ['tenant-1', 'account-1'],
      ['tenant-1,account-1', 'apiToken'],
      ['tenant-1account-1', 'apiToken'],
      ['tenant-', '1account-1', 'apiToken'],
    ]) {
      expect(failureOf(() => decryptSecret(envelope, keyring, other))).toBe('refused');
    }
  });

  it('are refused after a change of any single bit', () => {
    const [version, keyId, sealed = ''] = encryptSecret('token', keyring, context).split('.');
    const bytes = Buffer.from(sealed, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      const envelope = [version, keyId, changed.toString('base64url')].join('.');
      expect(failureOf(() => decryptSecret(envelope, keyring, context))).toBe('refused');
    }
  });

  it('are refused when a key was replaced under the same id', () => {
    const envelope = encryptSecret('token', keyring, context);
    const impostor = parseKeyring(generateKeyringEntry('2026'));
    expect(failureOf(() => decryptSecret(envelope, impostor, context))).toBe('refused');
  });

  it.each(['', 'token', 'v1.2026', 'v1.2026.', 'v1.2026.AAAA', 'v2.2026.AAAA', 'v1.2026.AA==.x'])(
    'report %j as no envelope',
    (envelope) => {
      expect(failureOf(() => decryptSecret(envelope, keyring, context))).toBe('malformed');
    },
  );
});

describe('key rotation', () => {
  const before = parseKeyring(oldEntry);
  const during = parseKeyring(`${newEntry},${oldEntry}`);
  const after = parseKeyring(newEntry);
  const written = encryptSecret('token', before, context);

  it('reads what the old key wrote, and writes with the new one', () => {
    expect(decryptSecret(written, during, context)).toBe('token');
    expect(isSecretOutdated(written, during)).toBe(true);
    const rewritten = encryptSecret('token', during, context);
    expect(isSecretOutdated(rewritten, during)).toBe(false);
    expect(decryptSecret(rewritten, after, context)).toBe('token');
  });

  it('says which key is missing when the old one was taken away too early', () => {
    expect(() => decryptSecret(written, after, context)).toThrow('(unknownKey, key 2025)');
  });
});

describe('keyring', () => {
  it.each([
    ['', 'Key 1 is not written as id:base64key'],
    ['nokey', 'Key 1 is not written as id:base64key'],
    [`${oldEntry},`, 'Key 2 is not written as id:base64key'],
    [`${oldEntry},${oldEntry}`, 'Key "2025" is there twice'],
    ['a:c2hvcnQ=', 'Key "a" has 5 bytes; it must have 32'],
    [`a b:${'A'.repeat(43)}=`, 'Key 1 is not written as id:base64key'],
  ])('refuses %j', (text, message) => {
    expect(() => parseKeyring(text)).toThrow(KeyringError);
    expect(() => parseKeyring(text)).toThrow(message);
  });

  it('never shows a key: not in errors, not when printed, not as JSON', () => {
    const secret = oldEntry.slice('2025:'.length);
    const keyring = parseKeyring(oldEntry);
    const shown = inspect(keyring, { depth: 10, showHidden: true }) + JSON.stringify([...keyring.keys]);
    expect(shown).not.toContain(secret);
    expect(shown).not.toContain(Buffer.from(secret, 'base64').toString('hex'));
    expect(() => parseKeyring(`${oldEntry}AAAA`)).not.toThrow(secret);
  });
});
