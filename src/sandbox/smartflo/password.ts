import { scryptSync } from 'node:crypto';

/** What the vendor demands (vendors.md 2.2): eight characters, upper, lower, special. Null when it fits. */
export function passwordProblem(password: string): string | null {
  if (password.length < 8) return 'The password must be at least 8 characters.';
  if (!/[A-Z]/u.test(password)) return 'The password must contain an upper-case letter.';
  if (!/[a-z]/u.test(password)) return 'The password must contain a lower-case letter.';
  if (!/[^A-Za-z0-9]/u.test(password)) return 'The password must contain a special character.';
  return null;
}

/** Cheap on purpose: a simulated account with thousands of people is made in a second. */
export function hashPassword(loginId: string, password: string): string {
  return scryptSync(password, loginId.toLowerCase(), 16, { N: 16 }).toString('hex');
}
