import { randomBytes } from 'node:crypto';
import { hashSecret } from './secrets.js';
import { base32 } from './totp.js';

const COUNT = 10;
const CODE_BYTES = 10;

/** Ten codes such as `K7QX-2B4M-PZ3A-9WLE`, 80 random bits each: too many to guess even without any limit. */
export function makeRecoveryCodes(): readonly string[] {
  return Array.from({ length: COUNT }, () =>
    (base32(randomBytes(CODE_BYTES)).match(/.{4}/g) ?? []).join('-'),
  );
}

/** The code as typed, without regard to case, spaces and hyphens; null when it cannot be one. */
export function readRecoveryCode(typed: string): Buffer | null {
  const plain = typed.toUpperCase().replace(/[\s-]/g, '');
  return /^[A-Z2-7]{16}$/.test(plain) ? hashSecret(plain) : null;
}
