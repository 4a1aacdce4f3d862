import { describe, expect, it } from 'vitest';
import { base32, makeTotpSecret, matchTotp, totpAddress, totpCode, totpStep } from '../../../src/sso/totp.js';
import { makeRecoveryCodes, readRecoveryCode } from '../../../src/sso/recovery-codes.js';

const RFC_SECRET = base32(Buffer.from('12345678901234567890'));

describe('time-based codes', () => {
  it.each([
    [59, '94287082'],
    [1111111109, '07081804'],
    [1111111111, '14050471'],
    [1234567890, '89005924'],
    [2000000000, '69279037'],
    [20000000000, '65353130'],
  ])('are those of RFC 6238 appendix B at %i seconds', (seconds, expected) => {
    expect(totpCode(RFC_SECRET, totpStep(new Date(seconds * 1000)), 8)).toBe(expected);
  });

  it('are accepted one step early and one step late, not two', () => {
    const at = new Date('2026-03-02T09:00:00Z');
    const step = totpStep(at);
    const accepted = [-2, -1, 0, 1, 2].map((offset) =>
      matchTotp(RFC_SECRET, totpCode(RFC_SECRET, step + offset), at),
    );

    expect(accepted).toEqual([null, step - 1, step, step + 1, null]);
  });

  it.each(['', '12345', '1234567', 'abcdef', '-12345', '１２３４５６'])('%j is no code', (code) => {
    expect(matchTotp(RFC_SECRET, code, new Date())).toBeNull();
  });

  it('have secrets as authenticator apps take them', () => {
    const secret = makeTotpSecret();
    const address = new URL(totpAddress(secret, 'root@acme', 'Patchbay Acme & Co'));

    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(address.protocol).toBe('otpauth:');
    expect(address.searchParams.get('secret')).toBe(secret);
    expect(address.searchParams.get('issuer')).toBe('Patchbay Acme & Co');
    expect(base32(Buffer.from('foobar'))).toBe('MZXW6YTBOI');
  });
});

describe('recovery codes', () => {
  it('are ten different ones that can be typed in any case, with spaces or hyphens', () => {
    const codes = makeRecoveryCodes();
    const [one = ''] = codes;

    expect(new Set(codes).size).toBe(10);
    expect(one).toMatch(/^(?:[A-Z2-7]{4}-){3}[A-Z2-7]{4}$/);
    expect(readRecoveryCode(one.toLowerCase().replaceAll('-', ' '))).toEqual(readRecoveryCode(one));
    expect(readRecoveryCode('123456')).toBeNull();
  });
});
