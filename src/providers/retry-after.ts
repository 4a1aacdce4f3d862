/** `Retry-After` in seconds or as an HTTP date (RFC 9110 section 10.2.3), as milliseconds since the epoch. */
export function readRetryAfter(text: string | undefined, now: number): number | null {
  const seconds = wholeNumber(text);
  if (seconds !== null) return now + seconds * 1000;
  const date = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(date) || date < now ? null : date;
}

/** A header of digits only. */
export function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text.trim()) ? Number(text) : null;
}
