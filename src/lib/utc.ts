/** Day and minute for texts without a reader's time zone, such as e-mails and terminals: `2026-11-28 20:15 UTC`. */
export function utcMinute(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
