/** The E.164 form of a phone number as people write it, or null when it is none. */
export function e164(typed: string): string | null {
  const digits = typed.replace(/[\s().-]/gu, '');
  return /^\+[1-9]\d{6,14}$/u.test(digits) ? digits : null;
}
