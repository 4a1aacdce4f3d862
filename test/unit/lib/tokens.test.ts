import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hashToken, looksLikeToken, mintToken, readTokenKind } from '../../../src/lib/tokens.js';

describe('bearer tokens', () => {
  it('carry their kind, at least 160 random bits and a checksum', () => {
    const { token } = mintToken('scim');
    expect(token).toMatch(/^pbk_scim_[0-9A-Za-z]{36}$/);
    expect(30 * Math.log2(62)).toBeGreaterThan(160);
    expect(readTokenKind(token)).toBe('scim');
    expect(readTokenKind(mintToken('admin').token)).toBe('admin');
  });

  it('are all different', () => {
    const tokens = Array.from({ length: 1_000 }, () => mintToken('scim').token);
    expect(new Set(tokens).size).toBe(1_000);
  });

  it('are recognised as mistyped after any change of one character', () => {
    const { token } = mintToken('scim');
    for (let at = 'pbk_scim_'.length; at < token.length; at += 1) {
      const other = token[at] === 'a' ? 'b' : 'a';
      expect(looksLikeToken(token.slice(0, at) + other + token.slice(at + 1))).toBe(false);
    }
  });

  it('are refused when cut off, extended, padded or of another kind', () => {
    const { token } = mintToken('scim');
    const wrong = [
      token.slice(0, -1),
      `${token}a`,
      ` ${token}`,
      `${token}\n`,
      token.replace('scim', 'admin'),
      '',
    ];
    expect(wrong.filter(looksLikeToken)).toEqual([]);
  });

  it('are stored as a SHA-256 hash', () => {
    const { token, hash } = mintToken('scim');
    expect(hash.equals(createHash('sha256').update(token).digest())).toBe(true);
    expect(hashToken(token).equals(hash)).toBe(true);
  });

  it('leave more than 120 bits unknown to a person who sees the hint', () => {
    const { token, hint } = mintToken('scim');
    const [start = '', end = ''] = hint.split('…');
    expect(token.startsWith(start) && token.endsWith(end)).toBe(true);
    const shown = start.length - 'pbk_scim_'.length + end.length;
    expect((30 - shown) * Math.log2(62)).toBeGreaterThan(120);
  });
});
