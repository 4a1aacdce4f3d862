/**
 * An xs:dateTime as SAML writes it (core 1.3.3: UTC). A time without a zone is refused: JavaScript would read it in
 * the server's own zone. Returns null for anything else.
 */
export function readInstant(text: string | null): Date | null {
  if (text === null || !INSTANT.test(text)) return null;
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? null : at;
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** Whether `at` is after `now` by more than the clocks may differ. */
export function isAhead(at: Date, now: Date, skewSeconds: number): boolean {
  return at.getTime() > now.getTime() + skewSeconds * 1000;
}

/** Whether a NotOnOrAfter of `at` is over, even for a clock that runs behind by the allowed difference. */
export function isOver(at: Date, now: Date, skewSeconds: number): boolean {
  return at.getTime() <= now.getTime() - skewSeconds * 1000;
}
