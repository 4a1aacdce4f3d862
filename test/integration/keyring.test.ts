import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadKeyring } from '../../src/config/keyring.js';
import { decryptSecret, encryptSecret, generateKeyringEntry, parseKeyring } from '../../src/lib/crypto.js';

let dataDir = '';

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'patchbay-keys-'));
});

afterEach(async () => {
  await rm(dataDir, { recursive: true, force: true });
});

const load = () => loadKeyring({ dataDir, encryptionKeys: undefined });

describe('the keyring', () => {
  it('is generated once, only readable for us, and read again at the next start', async () => {
    const envelope = encryptSecret('token', await load(), ['context']);
    expect(decryptSecret(envelope, await load(), ['context'])).toBe('token');
    expect((await stat(join(dataDir, 'keys'))).mode & 0o777).toBe(0o600);
    expect(await readdir(dataDir)).toEqual(['keys']);
  });

  it('is one and the same for processes that start together', async () => {
    const rings = await Promise.all([load(), load(), load()]);
    expect(new Set(rings.map((ring) => ring.currentKeyId)).size).toBe(1);
  });

  it('given by the configuration leaves the data folder alone', async () => {
    const encryptionKeys = parseKeyring(generateKeyringEntry('mine'));
    expect(await loadKeyring({ dataDir, encryptionKeys })).toBe(encryptionKeys);
    expect(await readdir(dataDir)).toEqual([]);
  });

  it('that is damaged is refused and left as it is, never replaced by a new one', async () => {
    const path = join(dataDir, 'keys');
    await writeFile(path, 'k1:AAAA');
    await chmod(path, 0o600);
    await expect(load()).rejects.toThrow(
      'Key "k1" has 3 bytes; it must have 32. Restore the file from a backup',
    );
    expect(await readFile(path, 'utf8')).toBe('k1:AAAA');
  });
});
