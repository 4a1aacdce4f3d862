/** Key under which e-mail addresses compare: without case and outer blanks. */
export function emailKey(email: string): string {
  return email.trim().toLowerCase();
}
